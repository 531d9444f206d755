// Sign-ins that were refused: audited in summaries, so that nobody who guesses can fill the audit log.
import type { Log } from "../domain/node/log.ts";
import { appendAuditEvents } from "../ledger/log/audit-events.ts";
import type { NewAuditEvent } from "../ledger/log/audit-events.ts";
import type { Database } from "../ledger/connection/database.ts";
import type { SignInRefusal } from "./sign-in-decision.ts";

export interface RefusedSignIns {
  /** `userId` null: there is no such account; what was typed in its place is not kept, it may be a password. */
  note(refused: RefusedSignIn): void;
  /** Writes one `sign_in_refused` event per account, reason and address since the last time. */
  flush(): Promise<void>;
  /** How many wait to be written. */
  readonly waiting: number;
}

export interface RefusedSignIn {
  readonly userId: number | null;
  readonly reason: SignInRefusal;
  readonly address: string;
}

/** Between two flushes; more are counted together, without their addresses. */
const kindsMax = 50;
const others = "(others)";

export function createRefusedSignIns(database: Database, log: Log): RefusedSignIns {
  let tallies = new Map<string, RefusedSignIn & { readonly count: number }>();

  function add(refused: RefusedSignIn, count: number): void {
    const isKnown = tallies.has(nameOf(refused));
    const noted =
      isKnown || tallies.size < kindsMax ? refused : { ...refused, userId: null, address: others };
    const name = nameOf(noted);
    tallies.set(name, { ...noted, count: (tallies.get(name)?.count ?? 0) + count });
  }

  return {
    note: (refused) => add(refused, 1),
    async flush() {
      if (tallies.size === 0) return;
      const noted = tallies;
      tallies = new Map();
      const events = [...noted.values()].map(({ userId, reason, address, count }): NewAuditEvent => ({
        type: "sign_in_refused",
        payload: { user_id: userId, reason, address, count },
      }));
      try {
        await appendAuditEvents(database, "system", events);
      } catch (error) {
        // They are told the next time.
        for (const { count, ...refused } of noted.values()) add(refused, count);
        throw error;
      }
      for (const { reason, count } of noted.values()) log("warn", "sign_ins_refused", { reason, count });
    },
    get waiting() {
      return [...tallies.values()].reduce((sum, { count }) => sum + count, 0);
    },
  };
}

function nameOf({ userId, reason, address }: RefusedSignIn): string {
  return `${userId ?? ""} ${reason} ${address}`;
}
