// How the database goes about what a function of the ledger asks.
import type { Database, Queryable } from "../../src/ledger/connection/database.ts";

/** Of all statements that `read` makes, as text. */
export async function plansOf(
  database: Database,
  read: (database: Queryable) => Promise<unknown>,
): Promise<string> {
  const plans: string[] = [];
  const query = async (
    asked: string | { readonly text: string; readonly values?: unknown[] },
    list?: unknown[],
  ) => {
    const { text, values = list ?? [] } = typeof asked === "string" ? { text: asked } : asked;
    const { rows } = await database.query<Record<string, string>>(`EXPLAIN ${text}`, values);
    plans.push(...rows.map((row) => row["QUERY PLAN"] ?? ""));
    return database.query(text, values);
  };
  await read({ query } as Queryable);
  return plans.join("\n");
}
