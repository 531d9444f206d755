// What the account calls of one process share: the queue for hashing passwords, the memory of who tried how often.
import { createRateLimiter } from "../domain/sources/rate-limiter.ts";
import type { Log } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import { createPasswords } from "./password.ts";
import { createRefusedSignIns } from "./refused-sign-ins.ts";
import type { SignInDeps } from "./sign-in.ts";

export type Accounts = SignInDeps;

export function createAccounts(database: Database, monotonicMs: () => number, log: Log): Accounts {
  return {
    database,
    monotonicMs,
    passwords: createPasswords(),
    limiter: createRateLimiter(monotonicMs),
    refusals: createRefusedSignIns(database, log),
  };
}
