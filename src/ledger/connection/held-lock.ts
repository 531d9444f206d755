// Locks that one transaction at a time holds (pg_advisory_xact_lock): waited for a limited time, and whoever has one
// that others want is named. They end with the transaction, so a transaction pooler leaks none.
import { setTimeout as delay } from "node:timers/promises";
import type { Queryable } from "./database.ts";

/** What each of them is for. The numbers are the same in every version, so that different ones meet. */
export const heldLocks = { migrations: 5_323_237_011, roles: 5_323_237_012, admins: 5_323_237_013 } as const;

export type HeldLock = keyof typeof heldLocks;

const tryAgainMs = 100;

/** Somebody keeps what was needed; nothing was changed. */
export class LockHeldError extends Error {
  readonly code = "database_locked";

  constructor(what: string, waitedMs: number, holders: readonly string[]) {
    const who = holders.length === 0 ? "somebody who is gone by now" : holders.join("; ");
    super(
      `${what} was held for more than ${Math.round(waitedMs / 1_000)} s by ${who}. Nothing was changed. ` +
        "`SELECT pg_terminate_backend(<process>)` ends such a session, if nobody needs it.",
    );
  }
}

/** Takes the lock until the end of the open transaction, if it is free. */
export async function tryLock(client: Queryable, lock: HeldLock): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS taken", [
    heldLocks[lock],
  ]);
  return rows[0]?.taken === true;
}

/** The same, waiting for so long. Throws LockHeldError. */
export async function takeLock(client: Queryable, lock: HeldLock, waitMs: number): Promise<void> {
  const endsAtMs = performance.now() + waitMs;
  while (!(await tryLock(client, lock))) {
    if (performance.now() >= endsAtMs)
      throw new LockHeldError(`The lock "${lock}"`, waitMs, await findHolders(client, lock));
    await delay(tryAgainMs);
  }
}

/** Since when is hidden of other users' sessions. */
const sessionSql = `format('process %s (%s, user %s%s%s)', a.pid, coalesce(nullif(a.application_name, ''), 'unnamed'),
  a.usename, coalesce(' from ' || host(a.client_addr), ''),
  coalesce(', since ' || to_char(coalesce(a.xact_start, a.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''))`;

/** Whoever has it, as a person finds them in pg_stat_activity. Of other users' sessions some of that is hidden. */
export async function findHolders(client: Queryable, lock: HeldLock): Promise<string[]> {
  // An advisory lock of one bigint: the high half is the class, the low half the object (pg_locks in the manual).
  const { rows } = await client.query<{ session: string }>(
    `SELECT ${sessionSql} AS session FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid() AND l.objsubid = 1
       AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
       AND (l.classid::bigint << 32) + l.objid::bigint = $1 ORDER BY a.pid`,
    [heldLocks[lock]],
  );
  return rows.map(({ session }) => session);
}

const namedMax = 5;

/** Sessions whose open transactions hold tables of this database: those that a change of the tables waits for. */
export async function findUsers(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ session: string }>(
    `SELECT ${sessionSql} AS session FROM pg_catalog.pg_stat_activity a
     WHERE a.pid <> pg_backend_pid() AND EXISTS (
       SELECT FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE l.pid = a.pid AND l.granted AND n.nspname IN ('public', 'internal')
         AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
     ORDER BY a.xact_start LIMIT ${namedMax}`,
  );
  return rows.map(({ session }) => session);
}
