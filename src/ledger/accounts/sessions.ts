// The table sessions: who is signed in, and what an attempt to sign in leaves behind.
import type { Role } from "../../domain/accounts/roles.ts";
import { appendAuditEvents } from "../log/audit-events.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";

export interface SignInAccount {
  readonly userId: number;
  readonly login: string;
  readonly passwordHash: string | null;
}

/** As it stands, locked until the end of the transaction; `nowMs` is the database's time. */
export interface LockedAccount extends SignInAccount {
  readonly disabledAt: Date | null;
  readonly failedSignIns: number;
  readonly lockedUntil: Date | null;
  readonly nowMs: number;
}

export interface SessionOwner {
  readonly userId: number;
  readonly role: Role;
  /** null: all. */
  readonly clients: readonly string[] | null;
}

/** A session that is in use is noted as such this often. */
const noteUseEveryMs = 60_000;

export async function findAccount(
  database: Queryable,
  by: { readonly login: string } | { readonly userId: number },
): Promise<SignInAccount | null> {
  const [condition, value] = "login" in by ? ["login = $1", by.login] : ["user_id = $1", by.userId];
  const { rows } = await database.query<SignInAccount>(
    `SELECT user_id AS "userId", login, password_hash AS "passwordHash" FROM internal.users WHERE ${condition}`,
    [value],
  );
  return rows[0] ?? null;
}

export async function lockAccount(client: Queryable, userId: number): Promise<LockedAccount | null> {
  const { rows } = await client.query<Omit<LockedAccount, "nowMs"> & { now: Date }>(
    `SELECT user_id AS "userId", login, password_hash AS "passwordHash", disabled_at AS "disabledAt",
       failed_sign_ins AS "failedSignIns", locked_until AS "lockedUntil", clock_timestamp() AS now
     FROM internal.users WHERE user_id = $1 FOR UPDATE`,
    [userId],
  );
  const [account] = rows;
  return account === undefined ? null : { ...account, nowMs: account.now.getTime() };
}

/** `lockedUntil` not null: says so in the audit log. */
export async function noteFailure(
  client: Queryable,
  userId: number,
  { failedSignIns, lockedUntil }: Pick<LockedAccount, "failedSignIns" | "lockedUntil">,
): Promise<void> {
  await client.query("UPDATE internal.users SET failed_sign_ins = $2, locked_until = $3 WHERE user_id = $1", [
    userId,
    failedSignIns,
    lockedUntil,
  ]);
  if (lockedUntil === null) return;
  const payload = { user_id: userId, failed_sign_ins: failedSignIns, locked_until: lockedUntil };
  await appendAuditEvents(client, "system", [{ type: "user_locked", payload }]);
}

export async function forgetFailures(client: Queryable, userId: number): Promise<void> {
  await client.query(
    "UPDATE internal.users SET failed_sign_ins = 0, locked_until = NULL WHERE user_id = $1 AND failed_sign_ins > 0",
    [userId],
  );
}

/** Also clears away what has expired. */
export async function beginSession(
  client: Queryable,
  { userId, tokenHash, lifetimeMs, address }: NewSession,
): Promise<Date> {
  await client.query(
    `UPDATE internal.users SET failed_sign_ins = 0, locked_until = NULL, signed_in_at = clock_timestamp() WHERE user_id = $1`,
    [userId],
  );
  await client.query("DELETE FROM internal.sessions WHERE user_id = $1 AND expires_at < clock_timestamp()", [
    userId,
  ]);
  const { rows } = await client.query<{ expires_at: Date }>(
    `INSERT INTO internal.sessions (token_hash, user_id, expires_at)
     VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond') RETURNING expires_at`,
    [tokenHash, userId, lifetimeMs],
  );
  await appendAuditEvents(client, `user:${userId}`, [
    { type: "signed_in", payload: { user_id: userId, address } },
  ]);
  return rows[0]?.expires_at ?? new Date();
}

export interface NewSession {
  readonly userId: number;
  readonly tokenHash: Buffer;
  readonly lifetimeMs: number;
  /** Where from. */
  readonly address: string;
}

/** Whose session it is, and notes that it is in use; null: there is none, or none any more. */
export async function useSession(
  database: Queryable,
  tokenHash: Buffer,
  idleLimitMs: number,
): Promise<SessionOwner | null> {
  const { rows } = await database.query<SessionOwner & { noted: boolean }>({
    name: "use-session",
    text: `SELECT u.user_id AS "userId", u.role, u.clients,
        s.last_used_at > clock_timestamp() - $3 * interval '1 millisecond' AS noted
      FROM internal.sessions s JOIN internal.users u USING (user_id)
      WHERE s.token_hash = $1 AND s.expires_at > clock_timestamp() AND u.disabled_at IS NULL
        AND s.last_used_at > clock_timestamp() - $2 * interval '1 millisecond'`,
    values: [tokenHash, idleLimitMs, noteUseEveryMs],
  });
  const [found] = rows;
  if (found === undefined) return null;
  const { noted, ...owner } = found;
  if (!noted) {
    await database.query(
      "UPDATE internal.sessions SET last_used_at = clock_timestamp() WHERE token_hash = $1",
      [tokenHash],
    );
  }
  return owner;
}

/** Signing out. */
export async function endSession(database: Database, userId: number, tokenHash: Buffer): Promise<void> {
  const actor = `user:${userId}` as const;
  await transaction(database, actor, async (client) => {
    const { rowCount } = await client.query(
      "DELETE FROM internal.sessions WHERE token_hash = $1 AND user_id = $2",
      [tokenHash, userId],
    );
    if (rowCount === 0) return;
    await appendAuditEvents(client, actor, [{ type: "signed_out", payload: { user_id: userId } }]);
  });
}
