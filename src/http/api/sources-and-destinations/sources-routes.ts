// /sources: who may post leads. Made, changed, paused, tested and removed here, unless leadledger.yaml says them.
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
import { refuse, route } from "../frame/route.ts";

export interface SourcesDeps {
  readonly kinds: DeclaredKinds;
  readonly managing: PartManagerDeps;
  readonly sendTest: SendTestLead;
}

export function sourcesRoutes({ kinds, managing, sendTest }: SourcesDeps) {
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
          "As this source would take it, to where its leads go. It bears the mark `test` and is counted nowhere. Nothing is recorded where the source would refuse it.",
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
  ];
}
