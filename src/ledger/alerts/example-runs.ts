// A few leads that an alert is about, so that whoever is told can look at them.
import type { Queryable } from "../connection/database.ts";
import { causesSql, laneOrderSql, laneSql, stagesAtWork } from "../attention/dlq-causes.ts";

export const exampleRunsMax = 5;

/** Their ids, entries that wait for a person first; of a source or a destination. */
export async function readExampleRuns(
  database: Queryable,
  place: { readonly kind: "source" | "destination"; readonly name: string },
): Promise<readonly string[]> {
  const { rows } = await database.query<{ run_id: string }>(
    `SELECT DISTINCT q.run_id, min(q.rank) OVER (PARTITION BY q.run_id) AS rank FROM (
       SELECT cause FROM (${causesSql}) AS causes WHERE at_work > 0 AND ${place.kind} = $1 LIMIT 10) AS c
     CROSS JOIN unnest($2::text[]) WITH ORDINALITY AS at (stage, rank)
     CROSS JOIN LATERAL (
       SELECT q.run_id, at.rank FROM public.dlq q
       WHERE ${laneSql("c.cause", "at.stage")} ORDER BY ${laneOrderSql("DESC")} LIMIT $3) AS q
     WHERE q.run_id IS NOT NULL ORDER BY rank, q.run_id LIMIT $3`,
    [
      place.name,
      ["needs_decision", ...stagesAtWork.filter((stage) => stage !== "needs_decision")],
      exampleRunsMax,
    ],
  );
  const found = rows.map(({ run_id: runId }) => runId);
  if (found.length >= exampleRunsMax || place.kind === "source") return found;
  const { rows: waiting } = await database.query<{ run_id: string }>(
    "SELECT run_id FROM internal.deliveries WHERE destination = $1 ORDER BY due_at LIMIT $2",
    [place.name, exampleRunsMax - found.length],
  );
  return [...new Set([...found, ...waiting.map(({ run_id: runId }) => runId)])];
}
