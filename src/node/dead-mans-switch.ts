// The dead man's switch: while all works, the leader calls an address again and again. When it does not call, it says
// here why, as far as it can.
import { deadMansSwitchFields, deadMansSwitchSection } from "../config/sections/dead-mans-switch.ts";
import type { DeadMansSwitch } from "../config/sections/dead-mans-switch.ts";
import { readSection } from "../config/sections/managed-section.ts";
import { readSettings } from "../config/fields/settings.ts";
import { judge } from "../domain/figures/dead-mans-switch.ts";
import type { SilenceReason } from "../domain/figures/dead-mans-switch.ts";
import type { LeaderGuard } from "../ledger/connection/leader.ts";
import {
  forgetDeadMansSwitch,
  noteDeadMansSwitch,
  readDeadMansSwitch,
  readDeliveryFindings,
} from "../ledger/figures/dead-mans-switch.ts";
import { openHttpClient } from "../outgoing/http-client.ts";
import { proxyRulesOf } from "../outgoing/proxy.ts";
import type { LeaderTask } from "../runtime/leadership.ts";
import type { NodeBase } from "./node-base.ts";
import { askOwnHealth } from "./own-health.ts";
import type { OwnAddress } from "./own-health.ts";

const callTimeoutMs = 10_000;
const silentPauseMs = 15_000;

export interface DeadMansSwitchDeps {
  /** Whether this node has said what it does: before that, nobody knows that there is a node that takes leads. */
  readonly hasReported: () => boolean;
  readonly ownAddress: OwnAddress;
  /** Names the proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A task of the leader that looks whether it is time to call. */
export function createDeadMansSwitch(base: NodeBase, deps: DeadMansSwitchDeps): LeaderTask {
  const { database, installation, metrics, monotonicMs, log, intervals } = base;
  const proxy = proxyRulesOf(deps.env);
  let nextAtMs = -Infinity;
  let versionCalled = 0;
  let said = "";
  let calledAtSeconds = 0;
  metrics.gauge(
    "leadledger_dead_mans_switch_called_timestamp_seconds",
    "When this node last called the dead man's switch, in seconds since 1970; 0: not yet, or another node does",
    () => calledAtSeconds,
  );

  return async (guard) => {
    if (!deps.hasReported()) return;
    const section = await readSection(database, installation.secretBox, deadMansSwitchSection);
    if (section === null) {
      await forget(guard);
      return;
    }
    // Whoever has changed it sees at once whether it works.
    const version = section.updatedAt.getTime();
    if (version === versionCalled && monotonicMs() < nextAtMs) return;
    versionCalled = version;
    const settings = readSettings(deadMansSwitchFields, section.entry);
    const reasons = await tryToCall(settings);
    // What keeps it silent is looked at again soon: a call that comes late is a false alarm.
    const pauseMs = reasons.length === 0 ? settings.everyMs : Math.min(settings.everyMs, silentPauseMs);
    nextAtMs = monotonicMs() + pauseMs - intervals.deadMansSwitchMs / 2;
    await tell(guard, reasons);
  };

  async function tryToCall(settings: DeadMansSwitch): Promise<readonly SilenceReason[]> {
    const health = await askOwnHealth(deps.ownAddress);
    const reasons = judge({ health, ...(await readDeliveryFindings(database)) });
    if (reasons.length > 0) return reasons;
    return (await call(settings)) ? [] : ["address"];
  }

  async function call({ url, allowPrivate }: DeadMansSwitch): Promise<boolean> {
    const address = new URL(url);
    const client = openHttpClient(
      address,
      { allowPrivate, timeoutMs: callTimeoutMs, concurrency: 1 },
      { proxy },
    );
    try {
      const path = address.pathname + address.search;
      const headers = { "user-agent": "LeadLedger" };
      const end = await client.request(
        { method: "GET", path, headers, body: "" },
        AbortSignal.timeout(callTimeoutMs),
      );
      return end.kind === "answered" && end.status >= 200 && end.status < 300;
    } finally {
      await client.close();
    }
  }

  async function tell(guard: LeaderGuard, reasons: readonly SilenceReason[]): Promise<void> {
    const now = reasons.join(",");
    if (now !== said && now !== "") log("error", "dead_mans_switch_silent", { reasons: now });
    if (now !== said && now === "") log("info", "dead_mans_switch_calls_again");
    if (now === "") calledAtSeconds = Date.now() / 1_000;
    await noteDeadMansSwitch(database, guard, reasons);
    said = now;
  }

  async function forget(guard: LeaderGuard): Promise<void> {
    said = "";
    const { called_at: calledAt, silent_since: silentSince } = await readDeadMansSwitch(database);
    if (calledAt !== null || silentSince !== null) await forgetDeadMansSwitch(database, guard);
  }
}
