// Tells people of alarms: one node does it for all, as long as it leads.
import { createDispatch } from "../alerts/dispatch.ts";
import { createEvaluation } from "../alerts/evaluate.ts";
import { alertTimings } from "../domain/alerts/alert-rules.ts";
import type { AlertTimings } from "../domain/alerts/alert-rules.ts";
import type { LeaderTask } from "../runtime/leadership.ts";
import type { NodeBase } from "./node-base.ts";

export interface Alerting {
  readonly evaluate: LeaderTask;
  readonly dispatch: LeaderTask;
}

export interface AlertingDeps {
  readonly timings: Partial<AlertTimings> | undefined;
  /** Without a slash at its end; null: it is not set. */
  readonly publicUrl: string | null;
  /** Ends what is under way. */
  readonly stopping: AbortSignal;
}

export function openAlerting(
  { installation, kinds, database, lease, monotonicMs }: NodeBase,
  { timings, publicUrl, stopping }: AlertingDeps,
): Alerting {
  const { secretBox, keys } = installation;
  return {
    evaluate: createEvaluation({
      database,
      secretBox,
      kinds,
      monotonicMs,
      timings: { ...alertTimings, ...timings },
    }),
    dispatch: createDispatch({
      database,
      secretBox,
      kinds,
      confirmationKey: keys.subkey("alert-confirmation"),
      node: lease.node,
      publicUrl,
      stopping,
      mail: () =>
        Promise.resolve({
          kind: "failed",
          code: "mail_account_missing",
          message: "this installation has no mail account",
          retryAfterMs: null,
        }),
    }),
  };
}
