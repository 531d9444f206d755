// The calls that sources and destinations have in common: list, one, add, change, switch off, pause, resume, rotate-secret.
import type { TUnsafe } from "typebox";
import { createPartManager } from "../../../config/managed-part.ts";
import type { Managed, PartKind, PartManagerDeps } from "../../../config/managed-part.ts";
import type { ErrorCode, Language } from "../../../domain/errors/error-catalogue.ts";
import type { PartTable } from "../../../ledger/configuration/configuration.ts";
import { findManagedPart, listManagedParts } from "../../../ledger/configuration/managed-parts.ts";
import type { ManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import { decodeCursor, encodeCursor } from "../frame/cursor.ts";
import { authorOf, changeMembers, changeOf, changeProblems, refusalOf, rotationOf } from "./part-answers.ts";
import { entryOf, nameAndEntry } from "./part-requests.ts";
import { partParams, partQuery, rotation } from "./part-schemas.ts";
import type { ChangeMembers, PartBody } from "./part-schemas.ts";
import { created, ok, refuse, route } from "../frame/route.ts";
import { page, pageLimitDefault } from "../frame/schemas.ts";

export interface PartRoutesDeps<Table extends PartTable, Part, Item extends object> {
  readonly table: Table;
  readonly kind: PartKind<Part>;
  readonly notFound: ErrorCode;
  readonly schemas: {
    readonly item: TUnsafe<Item>;
    readonly changed: TUnsafe<Item & ChangeMembers>;
    readonly added: PartBody;
    readonly patch: PartBody;
  };
  /** In their order. */
  readonly itemsOf: (parts: readonly ManagedPart[]) => Promise<Item[]>;
  readonly words: Readonly<
    Record<"list" | "one" | "add" | "change" | "remove" | "removed" | "pause" | "resume" | "rotated", string>
  >;
  readonly managing: PartManagerDeps;
}

const read = "configuration.read";
const write = "configuration.write";

export function partRoutes<Table extends PartTable, Part, Item extends object>(
  parts: PartRoutesDeps<Table, Part, Item>,
) {
  const { table, kind, notFound, schemas, itemsOf, words } = parts;
  const { database } = parts.managing;
  const manager = createPartManager(kind, parts.managing);
  const [all, one] = [`/${table}`, `/${table}/:name`] as const;
  const description = { tag: table, params: partParams, answers: { 200: schemas.changed } };

  async function itemOf(part: ManagedPart): Promise<Item> {
    const [item] = await itemsOf([part]);
    if (item === undefined) throw new Error("a part without an item");
    return item;
  }

  async function answerOf(managed: Managed, language: Language) {
    if (managed.kind !== "done") return refusalOf(managed, notFound, language);
    const body = { ...(await itemOf(managed.part)), ...changeMembers(managed, language) };
    return ok(body, { etag: managed.part.etag });
  }

  return [
    route(
      {
        method: "GET",
        path: all,
        isByClient: true,
        tag: table,
        access: read,
        summary: words.list,
        description: "By name. Secrets are never shown.",
        query: partQuery,
        answers: { 200: page(schemas.item) },
        problems: ["cursor_invalid"],
      },
      async ({ query: { limit = pageLimitDefault, cursor, ...filter } }) => {
        const after = cursor === undefined ? null : decodeCursor(cursor, 1)?.[0];
        if (after === undefined) return refuse("cursor_invalid");
        const from = { after: after === null ? null : String(after), limit: limit + 1 };
        const found = await listManagedParts(database, table, filter, from);
        const last = found.length > limit ? found[limit - 1] : undefined;
        return ok({
          items: await itemsOf(found.slice(0, limit)),
          next_cursor: last === undefined ? null : encodeCursor([last.stored.name]),
        });
      },
    ),
    route(
      {
        method: "GET",
        path: one,
        tag: table,
        access: read,
        summary: words.one,
        params: partParams,
        answers: { 200: schemas.item },
        problems: [notFound],
      },
      async ({ params: { name } }) => {
        const part = await findManagedPart(database, table, name);
        return part === null ? refuse(notFound) : ok(await itemOf(part), { etag: part.etag });
      },
    ),
    route(
      {
        method: "POST",
        path: all,
        tag: table,
        access: write,
        summary: words.add,
        description:
          "All nodes know it within two seconds. One that was removed comes back as it is given now.",
        body: schemas.added,
        answers: { 201: schemas.changed },
        problems: [
          ...(["configuration_invalid", "managed_by_file", "name_taken"] as const),
          ...(["clients_exceed_own", "expression_needs_admin"] as const),
        ],
      },
      async ({ body, principal, language }) => {
        const { name, entry } = nameAndEntry(body);
        const answer = await answerOf(await manager.create(name, entry, authorOf(principal)), language);
        if ("problem" in answer) return answer;
        return created(answer.body, answer.etag === undefined ? {} : { etag: answer.etag });
      },
    ),
    route(
      {
        ...description,
        method: "PATCH",
        path: one,
        access: write,
        summary: words.change,
        body: schemas.patch,
        problems: [notFound, "configuration_invalid", ...changeProblems],
      },
      async ({ params: { name }, body, ...request }) =>
        answerOf(await manager.change(changeOf(name, request), entryOf(body)), request.language),
    ),
    route(
      {
        ...description,
        method: "DELETE",
        path: one,
        access: write,
        summary: words.remove,
        description: words.removed,
        problems: [notFound, "managed_by_file", "changed_meanwhile", "destination_in_use", "source_in_use"],
      },
      async ({ params: { name }, ...request }) =>
        answerOf(await manager.remove(changeOf(name, request)), request.language),
    ),
    route(
      {
        ...description,
        method: "POST",
        path: `${one}/take-over`,
        isOfWhole: true,
        access: write,
        summary: "Take over from leadledger.yaml",
        description:
          "From now on it is changed here. What the file still says about it is passed over, with a warning, until the file has been applied without it. One that is not the file's stays as it is.",
        problems: [notFound, "part_removed", "changed_meanwhile"],
      },
      async ({ params: { name }, ...request }) =>
        answerOf(await manager.takeOver(changeOf(name, request)), request.language),
    ),
    ...(["pause", "resume"] as const).map((action) =>
      route(
        {
          ...description,
          method: "POST",
          path: `${one}/${action}`,
          access: write,
          summary: words[action],
          problems: [notFound, ...changeProblems],
        },
        async ({ params: { name }, ...request }) =>
          answerOf(await manager.pause(changeOf(name, request), action === "pause"), request.language),
      ),
    ),
    route(
      {
        ...description,
        method: "POST",
        path: `${one}/rotate-secret`,
        access: write,
        summary: "Replace the secret without a gap",
        description: words.rotated,
        body: rotation,
        problems: [notFound, "configuration_invalid", "without_secret", ...changeProblems],
      },
      async ({ params: { name }, body, ...request }) => {
        const wanted = rotationOf(body, request.language);
        if ("problem" in wanted) return wanted;
        return answerOf(await manager.rotate(changeOf(name, request), wanted), request.language);
      },
    ),
  ];
}
