// What would become of leads under their keys, without writing anything: for a dry run.
import { isBodyOfRunSql } from "./current-body-sql.ts";
import type { Queryable } from "../connection/database.ts";

export interface PreviewedLead {
  readonly key: string;
  /** JSON text. */
  readonly body: string;
}

export type Preview =
  { readonly kind: "accepted" } | { readonly kind: "duplicate" | "key_reused"; readonly runId: string };

/** By the rules of `deduplicateArrivals`, for the state at this moment; the results are in the leads' order. */
export async function previewLeads(
  database: Queryable,
  source: string,
  leads: readonly PreviewedLead[],
): Promise<Preview[]> {
  const { rows } = await database.query<{
    position: number;
    run_id: string;
    refused: boolean;
    same: boolean;
  }>(
    `SELECT input.position::int, r.run_id, r.refused, ${isBodyOfRunSql("r.run_id", "input.body::jsonb")} AS same
     FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS input (key, body, position)
     JOIN public.runs r ON r.source = $1 AND r.idempotency_key = input.key`,
    [source, leads.map(({ key }) => key), leads.map(({ body }) => body)],
  );
  const known = new Map(rows.map((row) => [row.position, row]));
  return leads.map((_lead, index) => {
    const run = known.get(index + 1);
    // A good body under the key of a refused run corrects it.
    if (run === undefined || run.refused) return { kind: "accepted" };
    return { kind: run.same ? "duplicate" : "key_reused", runId: run.run_id };
  });
}
