// What somebody may have done to the tables themselves, so that they no longer keep what they promise.
import type { Queryable } from "../connection/database.ts";
import { movedTables, qualifiedTable, tablesLeftBehind } from "../import-export/moved-tables.ts";

export interface TableFaults {
  /** Emptied by the server when it has crashed, and never copied to a standby. */
  readonly unlogged: readonly string[];
  /** With triggers that are switched off: what is changed there is neither checked, told nor counted. */
  readonly withoutTriggers: readonly string[];
}

export async function findTableFaults(database: Queryable): Promise<TableFaults> {
  const names = [...movedTables, ...Object.keys(tablesLeftBehind)].map(qualifiedTable);
  const { rows } = await database.query<TableFaults>(
    `SELECT coalesce(array_agg(name) FILTER (WHERE relpersistence <> 'p'), '{}') AS unlogged,
       coalesce(array_agg(name) FILTER (WHERE EXISTS (
         SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled NOT IN ('O', 'A'))), '{}') AS "withoutTriggers"
     FROM unnest($1::text[]) AS name JOIN pg_catalog.pg_class c ON c.oid = to_regclass(name)`,
    [names],
  );
  return rows[0] ?? { unlogged: [], withoutTriggers: [] };
}
