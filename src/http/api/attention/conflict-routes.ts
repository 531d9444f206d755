// What is done with data that came under the key of another lead: taken in as a lead of its own, or delivered as a change.
import { Type } from "typebox";
import type { ConflictAction } from "../../../domain/attention/conflict.ts";
import { settleConflicts } from "../../../ledger/attention/conflict-entries.ts";
import type { ConflictOutcome, ReadConflict } from "../../../ledger/attention/conflict-entries.ts";
import type { Actor, Database } from "../../../ledger/connection/database.ts";
import { transaction } from "../../../ledger/connection/database.ts";
import type { Refused } from "../frame/route.ts";
import { accepted, refuse, route } from "../frame/route.ts";
import { closed, dlqId, nullable, reason } from "../frame/schemas.ts";

export interface ConflictDeps {
  readonly database: Database;
  readonly readConflict: ReadConflict;
  /** Something is due now. */
  readonly onDue: () => void;
}

const params = Type.Object({ dlq_id: dlqId });
const body = Type.Object({ reason }, closed);
const runId = Type.String({ format: "uuid" });
const problems = [
  ...["dlq_entry_unknown", "entry_not_conflicting", "conflict_unreadable", "entry_closed"],
  ...["source_removed", "page_unknown"],
] as const;

export function conflictRoutes(deps: ConflictDeps) {
  return [
    route(
      {
        method: "POST",
        path: "/dlq/:dlq_id/take-in",
        summary: "Take in as a lead of its own",
        description:
          "Of an entry of kind `conflict`: the data that came under the key of another lead become a lead of their own, received when they came, to the source's destinations of now. The entry is resolved with `taken_in`. So are those of a lead refused with `page_unknown`, once a source lists its page or form: it becomes a lead of that source, under its own key. Doing it again changes nothing and answers the same.",
        tag: "dlq",
        access: "dlq.work",
        params,
        body,
        answers: { 202: Type.Object({ run_id: runId }) },
        problems,
      },
      async ({ params: { dlq_id: id }, body: { reason: why }, principal }) => {
        const outcome = await settle(deps, id, "take_in", principal.actor, why);
        return outcome.kind === "taken_in" ? accepted({ run_id: outcome.runId }) : refusal(outcome, id);
      },
    ),
    route(
      {
        method: "POST",
        path: "/dlq/:dlq_id/deliver-change",
        summary: "Deliver as a change of the lead",
        description:
          "Of an entry of kind `conflict`: the data that came under the key of a lead are its newest state from now on, and go to the source's destinations as a revision, with a `webhook-id` of its own. The state of the lead stays. The entry is resolved with `change`. Doing it again changes nothing and answers the same.",
        tag: "dlq",
        access: "dlq.work",
        params,
        body,
        answers: {
          202: Type.Object({
            run_id: runId,
            revision: nullable(Type.Integer({ description: "null: the lead had these data already." })),
          }),
        },
        problems,
      },
      async ({ params: { dlq_id: id }, body: { reason: why }, principal }) => {
        const outcome = await settle(deps, id, "deliver_change", principal.actor, why);
        return outcome.kind === "changed"
          ? accepted({ run_id: outcome.runId, revision: outcome.revision })
          : refusal(outcome, id);
      },
    ),
  ];
}

async function settle(
  { database, readConflict, onDue }: ConflictDeps,
  id: number,
  action: ConflictAction,
  actor: Actor,
  why: string,
): Promise<ConflictOutcome> {
  const terms = { action, actor, reason: why, operationId: null };
  const [outcome] = await transaction(database, actor, (client) =>
    settleConflicts(client, [id], terms, readConflict),
  );
  onDue();
  return outcome ?? { dlqId: id, kind: "obstacle", obstacle: "dlq_entry_unknown" };
}

function refusal(outcome: ConflictOutcome, id: number): Refused {
  if (outcome.kind !== "obstacle")
    throw new Error("something else was done to the entry than what was wanted");
  return refuse(outcome.obstacle, outcome.obstacle === "dlq_entry_unknown" ? {} : { dlq_id: id });
}
