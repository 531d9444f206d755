// The bodies of many runs as they stand now.
import type { Queryable } from "../connection/database.ts";
import { currentBodyTextSql } from "../intake/current-body-sql.ts";

/** JSON text by run id; absent: none is known. */
export async function readCurrentBodies(
  database: Queryable,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await database.query<{ run_id: string; body: string | null }>(
    `SELECT r.run_id, ${currentBodyTextSql("r.run_id")} AS body FROM unnest($1::uuid[]) AS r (run_id)`,
    [runIds],
  );
  return new Map(rows.flatMap(({ run_id, body }) => (body === null ? [] : [[run_id, body] as const])));
}
