// Leader tasks: done by the one node that holds the leader row, taken over when it dies or freezes.
import type { Database } from "../ledger/database.ts";
import { resignLeadership, takeLeadership } from "../ledger/leader.ts";
import type { Leadership } from "../ledger/leader.ts";
import type { Background } from "./background.ts";

export interface LeadershipParts {
  readonly database: Database;
  readonly node: string;
  readonly leaseMs: number;
  /** As `performance.now`. */
  readonly monotonicMs: () => number;
}

export interface LeaderTasks {
  /** Runs `task` every `everyMs`, but only while this node leads. */
  every(name: string, everyMs: number, task: () => Promise<void>): void;
  /** Lets another node lead at once. */
  resign(): Promise<void>;
}

/** How often per lease the leadership is sought: a dead leader's tasks stand still for one lease and a bit. */
const campaignsPerLease = 12;
/** How often per lease the leader says that it still is: each time is a row written. */
const renewalsPerLease = 4;

export function startLeadership(background: Background, parts: LeadershipParts): LeaderTasks {
  const { database, node, leaseMs, monotonicMs } = parts;
  let leadership: Leadership | null = null;
  let leadsUntilMs = 0;
  let renewAtMs = 0;

  async function campaign(): Promise<void> {
    // Before the database is asked: our belief ends no later than the lease.
    const nowMs = monotonicMs();
    if (nowMs < renewAtMs) return;
    leadership = await takeLeadership(database, node, leaseMs);
    leadsUntilMs = leadership === null ? 0 : nowMs + leaseMs;
    renewAtMs = leadership === null ? 0 : nowMs + leaseMs / renewalsPerLease;
  }

  background.every("leadership", leaseMs / campaignsPerLease, campaign);
  return {
    every(name, everyMs, task) {
      background.every(name, everyMs, async () => {
        if (leadership !== null && monotonicMs() < leadsUntilMs) await task();
      });
    },
    async resign() {
      if (leadership !== null) await resignLeadership(database, node);
      leadership = null;
    },
  };
}
