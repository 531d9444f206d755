// POST /runs/:run_id/repeats/:event_id/deliver: what was taken for a repeat becomes a lead of its own.
import { Type } from "typebox";
import { v7 as uuidv7 } from "uuid";
import type { LeadFields } from "../../../domain/leads/lead-body.ts";
import type { Lead } from "../../../domain/leads/lead.ts";
import type { PersonIndex } from "../../../intake/person-index.ts";
import type { KnownSource } from "../../../intake/source-directory.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { deliverRepeat, findSwallowedRepeat, keyOfRepeat } from "../../../ledger/leads/deliver-repeat.ts";
import type { SwallowedRepeat } from "../../../ledger/leads/deliver-repeat.ts";
import { accepted, refuse, route } from "../frame/route.ts";
import { closed, reason, runId } from "../frame/schemas.ts";

export interface RepeatDeps {
  readonly database: Database;
  readonly persons: PersonIndex;
  readonly findSource: (name: string) => Promise<KnownSource | null>;
  /** Something is due now. */
  readonly onDue: () => void;
}

export function repeatRoutes({ database, persons, findSource, onDue }: RepeatDeps) {
  return [
    route(
      {
        method: "POST",
        path: "/runs/:run_id/repeats/:event_id/deliver",
        summary: "Deliver a repeat anyway",
        description:
          "A request that was taken for a repeat of this lead, because its content was the same, becomes a lead of its own: with its own body and `run_id`, received when it came, to the source's destinations of now. Not a replay: that would bear the `webhook-id` by which a destination knows the first one. Doing it again changes nothing and answers the same.",
        tag: "runs",
        access: "dlq.work",
        params: Type.Object({
          run_id: runId,
          event_id: Type.Integer({ minimum: 1, description: "Of `repeats` in GET /runs/{run_id}." }),
        }),
        body: Type.Object({ reason }, closed),
        answers: {
          202: Type.Object({ run_id: Type.String({ format: "uuid", description: "The new lead's id." }) }),
        },
        problems: ["repeat_unknown", "source_not_found"],
      },
      async ({ params: { run_id: id, event_id: eventId }, body, principal }) => {
        const repeat = await findSwallowedRepeat(database, id, eventId);
        if (repeat === null) return refuse("repeat_unknown", { run_id: id });
        const known = await findSource(repeat.source);
        if (known === null) return refuse("source_not_found");
        const lead = leadOfRepeat(repeat, known, persons, { runId: id, eventId });
        const of = { runId: id, eventId, reason: body.reason };
        const made = await deliverRepeat(database, principal.actor, lead, of);
        onDue();
        return accepted({ run_id: made });
      },
    ),
  ];
}

function leadOfRepeat(
  { source, at, sha256, body, test }: SwallowedRepeat,
  known: KnownSource,
  persons: PersonIndex,
  of: { readonly runId: string; readonly eventId: number },
): Lead {
  const head = JSON.stringify({ at, source, sha256, repeat_of: { run_id: of.runId, event_id: of.eventId } });
  return {
    kind: "lead",
    runId: uuidv7(),
    source,
    recognisedBy: { kind: "key", key: keyOfRepeat(of.eventId) },
    receivedAt: at,
    ...persons.hashesOf(JSON.parse(body) as LeadFields, known.reading),
    payload: `${head.slice(0, -1)},"body":${body}}`,
    leadJson: body,
    test,
    routes: known.destinations.map((destination) => ({ destination, leased: false })),
    ...(known.groups.length === 0 ? {} : { groups: known.groups, sameAs: of.runId }),
  };
}
