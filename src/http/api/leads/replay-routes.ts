// POST /runs/:run_id/replay: one lead delivered once more, to one destination.
import { Type } from "typebox";
import { obstacleOfDestination } from "../../../domain/attention/replay.ts";
import { readDestinationState } from "../../../ledger/configuration/configuration.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { transaction } from "../../../ledger/connection/database.ts";
import { replayRuns } from "../../../ledger/leads/replay-runs.ts";
import { accepted, refuse, route } from "../frame/route.ts";
import { closed, partName, reason, runId } from "../frame/schemas.ts";

export interface ReplayDeps {
  readonly database: Database;
  /** Something is due now. */
  readonly onDue: () => void;
}

export function replayRoutes({ database, onDue }: ReplayDeps) {
  return [
    route(
      {
        method: "POST",
        path: "/runs/:run_id/replay",
        summary: "Deliver a lead once more, to one destination",
        description:
          "A new delivery of the same lead, never a second lead: to a destination that was added later, or that has lost it. It bears the same `webhook-id` as ever, `{run_id}:{destination}`. A processed lead stays processed, whatever becomes of it; if it fails it becomes an entry of kind replay.",
        tag: "runs",
        access: "dlq.work",
        params: Type.Object({ run_id: runId }),
        body: Type.Object({ destination: partName, reason }, closed),
        answers: {
          202: Type.Object({ run_id: runId, destination: Type.String() }),
        },
        problems: [
          ...([
            "run_unknown",
            "run_refused",
            "entry_locked",
            "delivery_under_way",
            "another_entry_open",
          ] as const),
          ...(["entry_given_up", "destination_removed", "destination_is_external"] as const),
          "lead_of_other_client",
        ],
      },
      async ({ params: { run_id: id }, body: { destination, reason: why }, principal }) => {
        const obstacle = await transaction(database, principal.actor, async (client) => {
          const ofDestination = obstacleOfDestination(await readDestinationState(client, destination));
          if (ofDestination !== null) return ofDestination;
          const terms = { destination, reason: why, operationId: null };
          const [outcome] = await replayRuns(client, [id], terms);
          return outcome?.kind === "obstacle" ? outcome.obstacle : null;
        });
        if (obstacle !== null) return refuse(obstacle, obstacle === "run_unknown" ? {} : { run_id: id });
        onDue();
        return accepted({ run_id: id, destination });
      },
    ),
  ];
}
