// Tells people of alarms: one node does it for all, as long as it leads.
import { alertMailer } from "../alerts/alert-mail.ts";
import { createDispatch } from "../alerts/dispatch.ts";
import { createEvaluation } from "../alerts/evaluate.ts";
import { alertTimings } from "../domain/alerts/alert-rules.ts";
import type { AlertTimings } from "../domain/alerts/alert-rules.ts";
import { proxyRulesOf } from "../outgoing/proxy.ts";
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
  /** Names the proxies that the outside is reached through. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends what is under way. */
  readonly stopping: AbortSignal;
}

export function openAlerting(
  { installation, kinds, database, lease, clock, monotonicMs }: NodeBase,
  { timings, publicUrl, env, stopping }: AlertingDeps,
): Alerting {
  const { secretBox, keys } = installation;
  const proxy = proxyRulesOf(env);
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
      mail: alertMailer({ database, secretBox, publicUrl, nowMs: () => clock.nowMs(), proxy }, stopping),
    }),
  };
}
