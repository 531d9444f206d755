// A mark of what an entry is at this moment: whoever changes it can say which one they have seen.
import type { Queryable } from "../connection/database.ts";

/** Text; changes with whatever a person sees of the entry, not with a lease. `entry`: the alias of the table dlq. */
export function entryVersionSql(entry: string): string {
  const of = (column: string): string => `${entry}.${column}`;
  const columns = ["status", "retry_count", "reason", "error_code", "resolution", "note", "payload"].map(of);
  return `left(md5(ROW(${columns.join(", ")}, extract(epoch FROM ${of("next_retry_at")}))::text), 24)`;
}

/** The same for one entry. */
const versionOfEntrySql = `SELECT ${entryVersionSql("q")} AS version FROM public.dlq q WHERE q.dlq_id = $1`;

/** Empty: there is no such entry. */
export async function readVersionOfEntry(database: Queryable, dlqId: number): Promise<string> {
  const { rows } = await database.query<{ version: string }>(versionOfEntrySql, [dlqId]);
  return rows[0]?.version ?? "";
}
