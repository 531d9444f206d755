// /sources: who may post leads. Made, changed, paused, tested and removed here, unless leadledger.yaml says them.
import { Type } from "typebox";
import type { Texts } from "../../../domain/errors/explained.ts";
import type { Source } from "../../../domain/sources/source.ts";
import type { PartManagerDeps } from "../../../config/managed-part.ts";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import { shownSource, sourceParts } from "../../../config/source-part.ts";
import { secretFingerprint, sourceOf } from "../../../config/stored-configuration.ts";
import { findManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import type { ManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import { managedMembers, testAnswerOf, testProblems } from "./part-answers.ts";
import type { SendTestLead } from "../../../intake/test-lead.ts";
import { orderedBody } from "./part-requests.ts";
import { partRoutes } from "./part-routes.ts";
import { partParams, sourceSchemas, testAnswer, testOrder } from "./part-schemas.ts";
import type { SourceItem } from "./part-schemas.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { nullable, oneOf } from "../frame/schemas.ts";

export interface SourcesDeps {
  readonly kinds: DeclaredKinds;
  readonly managing: PartManagerDeps;
  readonly sendTest: SendTestLead;
  /** null: for that kind there is nobody to ask. */
  readonly check: (source: Source) => Promise<readonly CheckedItem[] | null>;
}

interface CheckedItem {
  readonly item: string;
  readonly state: CheckedState;
  readonly label: Texts;
  readonly found: Texts;
  readonly todo: Texts | null;
}

const checkedStates = ["ok", "wrong", "unknown"] as const;
type CheckedState = (typeof checkedStates)[number];

export function sourcesRoutes({ kinds, managing, sendTest, check }: SourcesDeps) {
  const { database, secretBox } = managing;
  const itemOf = (part: ManagedPart): SourceItem => {
    const source = sourceOf(part.stored, secretBox, kinds);
    const fingerprint = (secret: string): string =>
      secretFingerprint(secretBox, `source:${source.name}`, secret);
    return { ...managedMembers(part), ...shownSource(source, fingerprint, kinds) };
  };
  return [
    ...partRoutes({
      table: "sources",
      kind: sourceParts(kinds),
      notFound: "source_not_found",
      managing,
      itemsOf: (found) => Promise.resolve(found.map(itemOf)),
      schemas: sourceSchemas(kinds),
      words: {
        list: "Who may post leads",
        one: "One source",
        add: "Add a source",
        change: "Change a source",
        remove: "Switch a source off",
        removed: "Its leads and its settings stay; from now on leads of it are refused with 401.",
        pause: "Take leads and hold them until it is resumed",
        resume: "Go on, and deliver what was held",
        rotated: "Senders may use old secrets for the overlap.",
      },
    }),
    route(
      {
        method: "POST",
        path: "/sources/:name/test",
        tag: "sources",
        access: "configuration.write",
        summary: "Send a test lead",
        description:
          "As this source would take it, to where its leads go: of a group to each member, as the answer says. It bears the mark `test` and is counted nowhere. Nothing is recorded where the source would refuse it.",
        params: partParams,
        body: testOrder,
        answers: { 202: testAnswer },
        problems: ["source_not_found", ...testProblems],
      },
      async ({ params: { name }, rawBody, principal }) => {
        const part = await findManagedPart(database, "sources", name);
        if (part === null) return refuse("source_not_found");
        if (!part.enabled) return refuse("part_removed");
        const source = sourceOf(part.stored, secretBox, kinds);
        const body = orderedBody(rawBody);
        return testAnswerOf(
          await sendTest({ source, destinations: source.to, body, actor: principal.actor }),
        );
      },
    ),
    route(
      {
        method: "POST",
        path: "/sources/:name/check",
        tag: "sources",
        access: "configuration.write",
        summary: "Whether leads will come, as the vendor says",
        description:
          "Asks Meta or LinkedIn with the source's token: whether the token is good, whether the page or organisation is subscribed, and whether leads may be fetched. Nothing is changed there. Empty where there is nobody to ask.",
        params: partParams,
        answers: {
          200: Type.Object({
            items: Type.Array(
              Type.Object({
                item: Type.String({ description: "Stable: `token`, `subscription`, `leads_access`." }),
                state: oneOf(checkedStates, "unknown: nobody could say."),
                label: Type.String({ description: "What was looked at, in words." }),
                found: Type.String({ description: "What there is." }),
                todo: nullable(Type.String({ description: "null: nothing." })),
              }),
            ),
          }),
        },
        problems: ["source_not_found", "part_removed"],
      },
      async ({ params: { name }, language }) => {
        const part = await findManagedPart(database, "sources", name);
        if (part === null) return refuse("source_not_found");
        if (!part.enabled) return refuse("part_removed");
        const items = (await check(sourceOf(part.stored, secretBox, kinds))) ?? [];
        return ok({
          items: items.map(({ item, state, label, found, todo }) => ({
            item,
            state,
            label: label[language],
            found: found[language],
            todo: todo?.[language] ?? null,
          })),
        });
      },
    ),
  ];
}
