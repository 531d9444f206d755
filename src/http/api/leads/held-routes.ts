// POST /runs/:run_id/held/release and …/withdraw: what a person decides about a lead whose person had sent one before.
import { Type } from "typebox";
import type { Actor, Database } from "../../../ledger/connection/database.ts";
import { releaseHeld, withdrawHeld } from "../../../ledger/delivery/decide-held.ts";
import type { HeldDecision } from "../../../ledger/delivery/decide-held.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, reason, runId } from "../frame/schemas.ts";

export interface HeldDeps {
  readonly database: Database;
  /** Something is due now. */
  readonly onDue: () => void;
}

const destinations = Type.Object({
  destinations: Type.Array(Type.String(), { description: "Whose deliveries these were." }),
});

export function heldRoutes({ database, onDue }: HeldDeps) {
  const decided =
    (decide: (database: Database, actor: Actor, decision: HeldDecision) => Promise<string[]>) =>
    async (id: string, actor: Actor, why: string) => {
      const names = await decide(database, actor, { runId: id, reason: why });
      if (names.length === 0) return refuse("nothing_held", { run_id: id });
      onDue();
      return ok({ destinations: names });
    };
  const release = decided(releaseHeld);
  const withdraw = decided(withdrawHeld);
  const shared = {
    method: "POST",
    tag: "runs",
    access: "dlq.work",
    params: Type.Object({ run_id: runId }),
    body: Type.Object({ reason }, closed),
    answers: { 200: destinations },
    problems: ["nothing_held"],
  } as const;
  return [
    route(
      {
        ...shared,
        path: "/runs/:run_id/held/release",
        summary: "Release a lead that is held",
        description:
          "Delivers what is held with the reason `same_person`: its source holds leads of somebody who sent one before. While the source is paused, it waits for that.",
      },
      ({ params, body, principal }) => release(params.run_id, principal.actor, body.reason),
    ),
    route(
      {
        ...shared,
        path: "/runs/:run_id/held/withdraw",
        summary: "Withdraw a lead that is held",
        description:
          "What is held with the reason `same_person` is not delivered. The lead stays, and each delivery is a DLQ entry resolved with `withdrawn`; retrying that delivers it after all.",
      },
      ({ params, body, principal }) => withdraw(params.run_id, principal.actor, body.reason),
    ),
  ];
}
