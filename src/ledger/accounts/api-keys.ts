// The table api_keys: what programs call the API with.
import type { Role } from "../../domain/accounts/roles.ts";
import { appendAuditEvents } from "../log/audit-events.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";

export interface ApiKey {
  readonly key_id: number;
  readonly name: string;
  readonly role: Role;
  /** null: all. */
  readonly clients: readonly string[] | null;
  readonly prefix: string;
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

export interface NewApiKey {
  readonly name: string;
  readonly role: Role;
  /** null: all. */
  readonly clients: readonly string[] | null;
  readonly keyHash: Buffer;
  readonly prefix: string;
  /** ISO 8601; null: until it is revoked. */
  readonly expiresAt: string | null;
}

/** A key that is in use is noted as such this often. */
const noteUseEveryMs = 60_000;

const columns =
  "key_id, name, role, clients, prefix, created_at, created_by, expires_at, last_used_at, revoked_at";

export async function listApiKeys(
  database: Queryable,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<ApiKey[]> {
  const { rows } = await database.query<ApiKey>(
    `SELECT ${columns} FROM internal.api_keys WHERE $1::bigint IS NULL OR key_id < $1 ORDER BY key_id DESC LIMIT $2`,
    [before, limit],
  );
  return rows;
}

/** null: it would have expired already. */
export function createApiKey(
  database: Database,
  actor: Actor,
  { name, role, clients, keyHash, prefix, expiresAt }: NewApiKey,
): Promise<ApiKey | null> {
  return transaction(database, actor, async (client) => {
    const { rows } = await client.query<ApiKey>(
      `INSERT INTO internal.api_keys (name, role, key_hash, prefix, expires_at, created_by, clients)
       SELECT $1, $2, $3, $4, $5, $6, $7 WHERE $5::timestamptz IS NULL OR $5::timestamptz > clock_timestamp()
       RETURNING ${columns}`,
      [name, role, keyHash, prefix, expiresAt, actor, clients],
    );
    const [key] = rows;
    if (key === undefined) return null;
    const payload = { key_id: key.key_id, name, role, clients, prefix, expires_at: key.expires_at };
    await appendAuditEvents(client, actor, [{ type: "api_key_created", payload }]);
    return key;
  });
}

/** Also of one that is revoked already; null: there is none. */
export function revokeApiKey(database: Database, actor: Actor, keyId: number): Promise<ApiKey | null> {
  return transaction(database, actor, async (client) => {
    const { rows } = await client.query<ApiKey & { was_valid: boolean }>(
      `WITH before AS (SELECT key_id AS id, revoked_at IS NULL AS was_valid FROM internal.api_keys WHERE key_id = $1 FOR UPDATE)
       UPDATE internal.api_keys SET revoked_at = coalesce(revoked_at, clock_timestamp()) FROM before WHERE key_id = id
       RETURNING ${columns}, was_valid`,
      [keyId],
    );
    const [revoked] = rows;
    if (revoked === undefined) return null;
    const { was_valid: wasValid, ...key } = revoked;
    if (wasValid) {
      await appendAuditEvents(client, actor, [
        { type: "api_key_revoked", payload: { key_id: keyId, name: key.name } },
      ]);
    }
    return key;
  });
}

export interface ApiKeyOwner {
  readonly keyId: number;
  readonly role: Role;
  /** null: all. */
  readonly clients: readonly string[] | null;
}

/** What the key is good for, and notes that it is in use; null: there is none, or none any more. */
export async function useApiKey(database: Queryable, keyHash: Buffer): Promise<ApiKeyOwner | null> {
  const { rows } = await database.query<ApiKeyOwner & { noted: boolean | null }>({
    name: "use-api-key",
    text: `SELECT key_id AS "keyId", role, clients, last_used_at > clock_timestamp() - $2 * interval '1 millisecond' AS noted
      FROM internal.api_keys
      WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
    values: [keyHash, noteUseEveryMs],
  });
  const [found] = rows;
  if (found === undefined) return null;
  if (found.noted !== true) {
    await database.query("UPDATE internal.api_keys SET last_used_at = clock_timestamp() WHERE key_id = $1", [
      found.keyId,
    ]);
  }
  return { keyId: found.keyId, role: found.role, clients: found.clients };
}
