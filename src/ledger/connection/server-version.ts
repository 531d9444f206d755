// Which release of PostgreSQL answers.
import type { Queryable } from "./database.ts";

/** As `server_version_num`: 180004 is 18.4. */
export async function readServerVersion(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::integer AS version",
  );
  return rows[0]?.version ?? 0;
}
