// Runs a query as a person would type it, and returns what psql would show: every value as PostgreSQL writes it.
import type { Database } from "./database.ts";

export interface TextResult {
  readonly columns: readonly string[];
  /** null: NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Times are shown in `timezone` (IANA); the query itself is not touched. Throws what the database says. */
export async function queryAsText(database: Database, sql: string, timezone: string): Promise<TextResult> {
  const client = await database.pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
    await client.query("SELECT set_config('TimeZone', $1, true)", [timezone]);
    const { fields, rows } = await client.query<(string | null)[]>({
      text: sql,
      rowMode: "array",
      types: { getTypeParser: () => (value: string) => value },
    });
    return { columns: fields.map(({ name }) => name), rows };
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}
