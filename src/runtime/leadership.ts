// Leader tasks: done by the one node that holds the leader row, taken over when it dies or freezes. What this process
// believes only spares it attempts; whether it may write is decided by the guard, in the transaction that writes.
import type { TaskName } from "../domain/figures/health-trouble.ts";
import type { Log } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import {
  guardedBy,
  LeadershipLostError,
  resignLeadership,
  takeLeadership,
} from "../ledger/connection/leader.ts";
import type { LeaderGuard, Leadership } from "../ledger/connection/leader.ts";
import type { Background } from "./background.ts";

export interface LeadershipDeps {
  readonly database: Database;
  readonly node: string;
  readonly leaseMs: number;
  /** As `performance.now`. */
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** Every transaction in which it writes begins with the guard; resolves as a `Task` does. */
export type LeaderTask = (guard: LeaderGuard) => Promise<void> | Promise<number | null>;

export interface LeaderTasks {
  /** Runs `task` every `everyMs`, but only while this node leads. */
  every(name: TaskName, everyMs: number, task: LeaderTask): void;
  /** Runs `task` now, if this node leads. */
  ifLeading(task: LeaderTask): Promise<void>;
  /** Lets another node lead at once. */
  resign(): Promise<void>;
}

/** How often per lease the leadership is sought: a dead leader's tasks stand still for one lease and a bit. */
const campaignsPerLease = 12;
/** How often per lease the leader says that it still is: each time is a row written. */
const renewalsPerLease = 4;

export function startLeadership(
  background: Pick<Background<TaskName>, "every">,
  deps: LeadershipDeps,
): LeaderTasks {
  const { database, node, leaseMs, monotonicMs, log } = deps;
  let current: Leadership | null = null;
  let leadsUntilMs = 0;
  let renewAtMs = 0;

  async function campaign(): Promise<void> {
    // Before the database is asked: our belief ends no later than the lease.
    const nowMs = monotonicMs();
    if (nowMs < renewAtMs) return;
    const campaigned = await takeLeadership(database, node, leaseMs);
    switch (campaigned.kind) {
      case "leads":
        lead(campaigned.leadership, nowMs);
        return;
      case "another_leads":
        stepDown("another_leads");
        return;
      case "busy":
        return;
    }
  }

  function lead(leadership: Leadership, sinceMs: number): void {
    if (leadership.epoch !== current?.epoch) log("info", "leadership_taken", { epoch: leadership.epoch });
    current = leadership;
    leadsUntilMs = sinceMs + leaseMs;
    renewAtMs = sinceMs + leaseMs / renewalsPerLease;
  }

  function stepDown(reason: string): void {
    renewAtMs = 0;
    if (current === null) return;
    log("warn", "leadership_lost", { epoch: current.epoch, reason });
    current = null;
  }

  async function ifLeading(task: LeaderTask): Promise<number | null> {
    const leadership = current;
    if (leadership === null || monotonicMs() >= leadsUntilMs) return null;
    try {
      return (await task(guardedBy(leadership))) ?? null;
    } catch (error) {
      if (!(error instanceof LeadershipLostError)) throw error;
      log("warn", "leader_write_refused", { epoch: leadership.epoch });
      // The leadership may have been taken anew while the task ran into the end of the old one.
      if (current?.epoch === leadership.epoch) stepDown("write_refused");
      return null;
    }
  }

  background.every("leadership", leaseMs / campaignsPerLease, campaign);
  return {
    every: (name, everyMs, task) => background.every(name, everyMs, () => ifLeading(task)),
    async ifLeading(task) {
      await ifLeading(task);
    },
    async resign() {
      if (current !== null) await resignLeadership(database, current);
      current = null;
    },
  };
}
