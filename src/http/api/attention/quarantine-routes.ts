// /quarantine: what was turned away and is kept aside. Looked at, taken in after all, or discarded.
import { isUtf8 } from "node:buffer";
import { Type } from "typebox";
import type { Static } from "typebox";
import { parseExactly } from "../../../domain/values/exact-json.ts";
import { maskBody, maskedText } from "../../../domain/persons/masking.ts";
import type { MaskedPointers } from "../../../domain/persons/masking.ts";
import { readFormBody } from "../../../bodies/form-body.ts";
import { readJsonBody } from "../../../bodies/json-body.ts";
import type { PersonIndex } from "../../../intake/person-index.ts";
import type { KnownSource } from "../../../intake/source-directory.ts";
import { openContent } from "../../../intake/quarantine-content.ts";
import type { ContentBox } from "../../../intake/quarantine-content.ts";
import { readBody } from "../../../bodies/read-body.ts";
import type { Release, ReleaseQuarantined } from "../../../intake/release-quarantined.ts";
import type { IntakeResult } from "../../../domain/leads/lead.ts";
import { headerValue, singleHeader } from "../../../domain/sources/request-headers.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { readAndRecordShown } from "../../../ledger/leads/person-data-shown.ts";
import { readPersonPointers } from "../../../ledger/leads/person-pointers.ts";
import { discardQuarantined } from "../../../ledger/attention/quarantine.ts";
import { pageOfQuarantine, readQuarantined } from "../../../ledger/attention/quarantine-list.ts";
import type { StoredQuarantined } from "../../../ledger/attention/quarantine-list.ts";
import { nextCursor, readTextCursor } from "../frame/cursor.ts";
import { hashPerson } from "../frame/person-filter.ts";
import { quarantineFilterMembers } from "./quarantine-filter.ts";
import { noContent, ok, refuse, route } from "../frame/route.ts";
import { refusalOfReveal } from "../leads/run-routes.ts";
import { reveal } from "../leads/run-schemas.ts";
import {
  closed,
  nullable,
  oneOf,
  page,
  pageLimitDefault,
  pageQuery,
  reason,
  timestamp,
} from "../frame/schemas.ts";

export interface QuarantineRouteDeps {
  readonly database: Database;
  readonly persons: PersonIndex;
  readonly box: ContentBox;
  readonly release: ReleaseQuarantined;
  readonly findSource: (name: string) => Promise<KnownSource | null>;
}

const quarantineId = Type.String({ format: "uuid", description: "An answer of 401 names it, too." });
const params = Type.Object({ quarantine_id: quarantineId });
/** In one call. */
const idsMax = 100;

const listedMembers = {
  quarantine_id: quarantineId,
  source: Type.String({ description: "The source that it named." }),
  received_at: timestamp("When it came."),
  error_code: Type.String({ description: "Why it was turned away, as a stable code." }),
  authenticated: Type.Boolean({ description: "Whether its credentials were valid." }),
  is_whole: Type.Boolean({ description: "false: only the beginning was kept; it cannot be released." }),
  size_bytes: nullable(Type.Integer({ description: "As it was sent; null: not known." })),
};
const listed = Type.Object(listedMembers);
export type QuarantinedItem = Static<typeof listed>;

const shown = Type.Object({
  ...listedMembers,
  content_type: nullable(Type.String({ description: "As the sender named it." })),
  idempotency_key: nullable(Type.String({ description: "As it was sent; null: none was." })),
  body: Type.Unknown({
    description: "What can be read of it: the fields of JSON or of a form, else the text; null: neither.",
  }),
  body_base64: nullable(
    Type.String({ description: "Where it is no text. Shown to whoever may see persons." }),
  ),
  body_withheld: Type.Boolean({
    description:
      "It came packed and cannot be unpacked here, so nobody can take the sender's key out of it: it is kept and not shown.",
  }),
});
export type ShownQuarantined = Static<typeof shown>;

const results = ["accepted", "duplicate", "revised", "refused", "key_reused"] as const;
const becameOfLead = {
  result: oneOf(
    results,
    "accepted: it is a lead now; duplicate: it was one already; revised: it is a change of one; refused, key_reused: it is an entry that needs attention.",
  ),
  run_id: Type.String({ format: "uuid" }),
  dlq_id: nullable(Type.Integer()),
};
const leads = Type.Optional(
  Type.Array(Type.Object(becameOfLead), {
    description: "Where it held several leads: what became of each. The other members speak of the first.",
  }),
);
const released = Type.Object({ quarantine_id: quarantineId, ...becameOfLead, leads });
export type ReleasedItem = Static<typeof released>;

const outcome = Type.Object({
  quarantine_id: quarantineId,
  result: oneOf(
    [...results, "discarded", "release_refused", "quarantine_unknown"],
    "release_refused: it stays where it is, and `reason` says why.",
  ),
  run_id: nullable(Type.String({ format: "uuid" })),
  dlq_id: nullable(Type.Integer()),
  leads,
  reason: nullable(Type.String()),
});
const outcomes = Type.Object({ items: Type.Array(outcome, { description: "In the order of `ids`." }) });
const ids = Type.Array(quarantineId, { minItems: 1, maxItems: idsMax, uniqueItems: true });

export function quarantineRoutes(deps: QuarantineRouteDeps) {
  return [listRoute(deps), showRoute(deps), ...releaseRoutes(deps), ...discardRoutes(deps)];
}

/** `<received_at> <quarantine_id>` */
const position = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function listRoute({ database, persons }: QuarantineRouteDeps) {
  return route(
    {
      method: "GET",
      path: "/quarantine",
      isByClient: true,
      summary: "What was turned away and is kept aside, newest first",
      description:
        "Requests with valid credentials, but without a usable key, type or size; of sources with `on_bad_credentials: quarantine` also those without. Neither leads nor entries: 1,000 of each source, 64 kB each, for seven days.",
      tag: "quarantine",
      access: "leads.read",
      query: Type.Object(
        {
          ...pageQuery,
          ...quarantineFilterMembers,
        },
        closed,
      ),
      answers: { 200: page(listed) },
      problems: ["cursor_invalid"],
    },
    async ({ query: { limit = pageLimitDefault, cursor, ...asked }, principal }) => {
      const read = readTextCursor(cursor, position);
      if (!read.ok) return refuse("cursor_invalid");
      const filter = await hashPerson(asked, principal, { persons, database });
      if (!filter.ok) return filter.refused;
      const { rows, next } = await pageOfQuarantine(database, filter.filter, read.after, limit);
      const items = rows.map((row) => ({ ...row, source: maskedText(row.source) }));
      return ok({ items, next_cursor: nextCursor(next) });
    },
  );
}

function showRoute({ database, box, findSource }: QuarantineRouteDeps) {
  const shownOf = async (kept: StoredQuarantined): Promise<ShownQuarantined> => {
    const known = await findSource(kept.source);
    // Nobody knows of a source that is gone where its senders put their key.
    const mayHoldKey = known === null || known.kind?.withoutSecrets !== undefined;
    return shownContent(box, kept, mayHoldKey);
  };
  return route(
    {
      method: "GET",
      path: "/quarantine/:quarantine_id",
      summary: "One request that was turned away, with its content",
      tag: "quarantine",
      access: "leads.read",
      params,
      query: Type.Object({ reveal }, closed),
      answers: { 200: shown },
      problems: ["quarantine_unknown"],
    },
    async ({ params: { quarantine_id: id }, query, principal }) => {
      if (query.reveal !== true) {
        const kept = await readQuarantined(database, id);
        if (kept === null) return refuse("quarantine_unknown");
        const pointers = (await readPersonPointers(database))(kept.source);
        return ok(maskShown(await shownOf(kept), pointers), { exactNumbers: true });
      }
      const forbidden = refusalOfReveal(principal);
      if (forbidden !== null) return forbidden;
      const kept = await readAndRecordShown(
        database,
        principal.actor,
        (client) => readQuarantined(client, id),
        () => ({ runId: null, quarantineId: id }),
      );
      if (kept === null) return refuse("quarantine_unknown");
      return ok(await shownOf(kept), { exactNumbers: true });
    },
  );
}

async function shownContent(
  box: ContentBox,
  kept: StoredQuarantined,
  mayHoldKey: boolean,
): Promise<ShownQuarantined> {
  const { content, ...item } = kept;
  const place = {
    quarantineId: kept.quarantine_id,
    source: kept.source,
    receivedAtMs: kept.received_at.getTime(),
  };
  const { headers, body } = openContent(box, place, content);
  const contentType = singleHeader(headers["content-type"]);
  const isText = isUtf8(body) || !kept.is_whole;
  const key = headerValue(headers, "idempotency-key") ?? headerValue(headers, "x-idempotency-key");
  const fields = await fieldsOf(body, contentType);
  const isUnreadable = fields === null && !isText;
  const isWithheld = isUnreadable && mayHoldKey && headerValue(headers, "content-encoding") !== undefined;
  return {
    ...item,
    content_type: contentType ?? null,
    idempotency_key: key ?? null,
    body: fields ?? (isText ? body.toString("utf8") : null),
    body_base64: isUnreadable && !isWithheld ? body.toString("base64") : null,
    body_withheld: isWithheld,
  };
}

/** null: it has none that can be told apart. */
async function fieldsOf(body: Buffer, contentType: string | undefined): Promise<unknown> {
  const asNamed = await readBody(body, contentType);
  const reads = [
    asNamed,
    readJsonBody(body),
    /^[^\s<{"[]+=/.test(body.toString("latin1", 0, 256)) ? readFormBody(body) : asNamed,
  ];
  for (const read of reads) if (read.kind === "lead") return parseExactly(read.json);
  return null;
}

function maskShown(item: ShownQuarantined, pointers: MaskedPointers | null): ShownQuarantined {
  const { content_type: contentType, idempotency_key: key } = item;
  return {
    ...item,
    source: maskedText(item.source),
    content_type: contentType === null ? null : maskedText(contentType),
    idempotency_key: key === null ? null : maskedText(key),
    body: item.body === null ? null : maskBody(item.body, pointers),
    body_base64: null,
  };
}

function releaseRoutes({ release }: QuarantineRouteDeps) {
  return [
    route(
      {
        method: "POST",
        path: "/quarantine/:quarantine_id/release",
        summary: "Take in as a lead what was turned away",
        description:
          "It goes the way of every lead of its source: with the source's key, or, where it has none, one made from its id; `received_at` is when it came. Its `body_limit` is no obstacle. What cannot be read as a lead stays where it is.",
        tag: "quarantine",
        access: "dlq.work",
        params,
        body: Type.Object({ reason: Type.Optional(reason) }, closed),
        answers: { 200: released },
        problems: ["quarantine_unknown", "release_refused"],
      },
      async ({ params: { quarantine_id: id }, body, principal }) => {
        const done = await release(id, principal.actor, body.reason ?? null);
        if (done.kind === "unknown") return refuse("quarantine_unknown");
        if (done.kind === "refused") return refuse("release_refused", { reason: done.reason });
        return ok(releasedItem(id, done));
      },
    ),
    route(
      {
        method: "POST",
        path: "/quarantine/release",
        summary: "Take in several as leads",
        description: "Each by itself: one that cannot be taken in does not keep the others from it.",
        tag: "quarantine",
        access: "dlq.work",
        body: Type.Object({ ids, reason: Type.Optional(reason) }, closed),
        answers: { 200: outcomes },
      },
      async ({ body, principal, language }) => {
        const items: Static<typeof outcome>[] = [];
        for (const id of body.ids) {
          const done = await release(id, principal.actor, body.reason ?? null);
          if (done.kind === "released") items.push({ ...releasedItem(id, done), reason: null });
          else if (done.kind === "unknown") items.push(notDone(id, "quarantine_unknown", null));
          else items.push(notDone(id, "release_refused", done.reason[language]));
        }
        return ok({ items });
      },
    ),
  ];
}

function discardRoutes({ database }: QuarantineRouteDeps) {
  return [
    route(
      {
        method: "POST",
        path: "/quarantine/:quarantine_id/discard",
        summary: "Discard what was turned away",
        description: "It is gone for good; the audit log keeps that it was there, and the reason.",
        tag: "quarantine",
        access: "dlq.work",
        params,
        body: Type.Object({ reason }, closed),
        answers: { 204: null },
        problems: ["quarantine_unknown"],
      },
      async ({ params: { quarantine_id: id }, body, principal }) =>
        (await discardQuarantined(database, principal.actor, id, body.reason))
          ? noContent()
          : refuse("quarantine_unknown"),
    ),
    route(
      {
        method: "POST",
        path: "/quarantine/discard",
        summary: "Discard several",
        tag: "quarantine",
        access: "dlq.work",
        body: Type.Object({ ids, reason }, closed),
        answers: { 200: outcomes },
      },
      async ({ body, principal }) => {
        const items: Static<typeof outcome>[] = [];
        for (const id of body.ids) {
          const isDone = await discardQuarantined(database, principal.actor, id, body.reason);
          items.push(notDone(id, isDone ? "discarded" : "quarantine_unknown", null));
        }
        return ok({ items });
      },
    ),
  ];
}

function releasedItem(id: string, { result, results }: Extract<Release, { kind: "released" }>): ReleasedItem {
  const several = results.length > 1 ? { leads: results.map(becameOf) } : {};
  return { quarantine_id: id, ...becameOf(result), ...several };
}

function becameOf(result: IntakeResult): Omit<ReleasedItem, "quarantine_id" | "leads"> {
  return { result: result.kind, run_id: result.runId, dlq_id: "dlqId" in result ? result.dlqId : null };
}

function notDone(
  id: string,
  result: Static<typeof outcome>["result"],
  why: string | null,
): Static<typeof outcome> {
  return { quarantine_id: id, result, run_id: null, dlq_id: null, reason: why };
}
