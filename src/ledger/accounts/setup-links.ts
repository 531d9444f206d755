// The table setup_links: links that set a password once, and make the first admin.
import { appendAuditEvents } from "../log/audit-events.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { isAnyUser } from "./users.ts";

export interface SetupLink {
  /** null: makes the first admin. */
  readonly userId: number | null;
  /** Of that user. */
  readonly login: string | null;
}

/** For the first admin; null: there is a user already. Links of earlier starts go on, so that several nodes may start. */
export function createFirstSetupLink(
  database: Database,
  tokenHash: Buffer,
  lifetimeMs: number,
): Promise<Date | null> {
  return transaction(database, "system", async (client) => {
    await client.query("DELETE FROM internal.setup_links WHERE expires_at < clock_timestamp()");
    if (await isAnyUser(client)) return null;
    return insertLink(client, "system", null, tokenHash, lifetimeMs);
  });
}

/** For the password of a user; earlier links of theirs end. null: there is no such user. */
export function createSetupLink(
  database: Database,
  actor: Actor,
  userId: number,
  { tokenHash, lifetimeMs }: { readonly tokenHash: Buffer; readonly lifetimeMs: number },
): Promise<Date | null> {
  return transaction(database, actor, async (client) => {
    const { rowCount } = await client.query("SELECT FROM internal.users WHERE user_id = $1 FOR UPDATE", [
      userId,
    ]);
    if (rowCount === 0) return null;
    await client.query(
      "DELETE FROM internal.setup_links WHERE user_id = $1 OR expires_at < clock_timestamp()",
      [userId],
    );
    const expiresAt = await insertLink(client, actor, userId, tokenHash, lifetimeMs);
    await appendAuditEvents(client, actor, [{ type: "setup_link_created", payload: { user_id: userId } }]);
    return expiresAt;
  });
}

async function insertLink(
  client: Queryable,
  actor: Actor,
  userId: number | null,
  tokenHash: Buffer,
  lifetimeMs: number,
): Promise<Date> {
  const { rows } = await client.query<{ expires_at: Date }>(
    `INSERT INTO internal.setup_links (token_hash, user_id, created_by, expires_at)
     VALUES ($1, $2, $3, clock_timestamp() + $4 * interval '1 millisecond') RETURNING expires_at`,
    [tokenHash, userId, actor, lifetimeMs],
  );
  return rows[0]?.expires_at ?? new Date();
}

/** null: used, expired, of somebody disabled, or for the first admin when there is one. */
export async function findSetupLink(database: Queryable, tokenHash: Buffer): Promise<SetupLink | null> {
  const { rows } = await database.query<SetupLink>(
    `SELECT l.user_id AS "userId", u.login FROM internal.setup_links l LEFT JOIN internal.users u USING (user_id)
     WHERE l.token_hash = $1 AND l.expires_at > clock_timestamp() AND u.disabled_at IS NULL
       AND (l.user_id IS NOT NULL OR NOT EXISTS (SELECT FROM internal.users))`,
    [tokenHash],
  );
  return rows[0] ?? null;
}

/** Uses it up, within the transaction that does what it is for; false: somebody else was faster, or it has expired. */
export async function useSetupLink(client: Queryable, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await client.query(
    "DELETE FROM internal.setup_links WHERE token_hash = $1 AND expires_at > clock_timestamp()",
    [tokenHash],
  );
  return rowCount === 1;
}
