// The clients of an agency: whoever a source, a destination, a user or a key names.
import type { Queryable } from "../connection/database.ts";

export interface Client {
  /** "": what names no client. */
  readonly name: string;
  /** What people call it; null: by its name. */
  readonly label: string | null;
}

/** By name; those of sources and destinations that are switched on, and of whoever is limited to one. */
export async function listClients(database: Queryable): Promise<Client[]> {
  const { rows } = await database.query<Client>(
    `SELECT named.name, c.label
     FROM (SELECT s.client AS name FROM internal.sources s WHERE s.enabled
       UNION SELECT d.client FROM internal.destinations d WHERE d.enabled
       UNION SELECT unnest(u.clients) FROM internal.users u WHERE u.disabled_at IS NULL
       UNION SELECT unnest(k.clients) FROM internal.api_keys k WHERE k.revoked_at IS NULL) AS named
     LEFT JOIN internal.clients c ON c.name = named.name
     ORDER BY named.name`,
  );
  return rows;
}

/** The name of one that is switched on; null: the client has none. */
export async function findSourceOfClient(database: Queryable, client: string): Promise<string | null> {
  const { rows } = await database.query<{ name: string }>(
    "SELECT s.name FROM internal.sources s WHERE s.enabled AND s.client = $1 ORDER BY s.name LIMIT 1",
    [client],
  );
  return rows[0]?.name ?? null;
}
