// POST /runs/:run_id/completion/retry and …/deliver-anyway: what a person wants done about a lead whose data are missing.
import { Type } from "typebox";
import type { Database } from "../../../ledger/connection/database.ts";
import { transaction } from "../../../ledger/connection/database.ts";
import { orderCompletion } from "../../../ledger/leads/incomplete-leads.ts";
import type { CompletionAction } from "../../../ledger/leads/incomplete-leads.ts";
import type { Principal } from "../frame/principal.ts";
import { accepted, refuse, route } from "../frame/route.ts";
import { closed, reason, runId } from "../frame/schemas.ts";

export interface CompletionDeps {
  readonly database: Database;
  /** Something is due now. */
  readonly onDue: () => void;
}

const common = {
  method: "POST",
  tag: "runs",
  access: "dlq.work",
  params: Type.Object({ run_id: runId }),
  body: Type.Object({ reason }, closed),
  answers: { 202: Type.Object({ run_id: runId }) },
  problems: ["lead_not_incomplete"],
} as const;

export function completionRoutes({ database, onDue }: CompletionDeps) {
  const order = async (id: string, action: CompletionAction, why: string, { actor }: Principal) => {
    const isDone = await transaction(database, actor, (client) => orderCompletion(client, id, action, why));
    if (!isDone) return refuse("lead_not_incomplete", { run_id: id });
    onDue();
    return accepted({ run_id: id });
  };
  return [
    route(
      {
        ...common,
        path: "/runs/:run_id/completion/retry",
        summary: "Fetch a lead's data now",
        description:
          "Of a lead that came as an id and whose data could not be fetched (`completion` in GET /runs/{run_id}): it is tried again at once.",
      },
      ({ params, body, principal }) => order(params.run_id, "retry", body.reason, principal),
    ),
    route(
      {
        ...common,
        path: "/runs/:run_id/completion/deliver-anyway",
        summary: "Deliver a lead without its data",
        description:
          "Of a lead that came as an id and whose data could not be fetched: it is delivered as it is, with its ids only, and its data are not fetched any more.",
      },
      ({ params, body, principal }) => order(params.run_id, "deliver_anyway", body.reason, principal),
    ),
  ];
}
