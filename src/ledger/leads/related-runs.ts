// Other leads of the same person to the same client: linked by what finds both, whichever came first; none is merged.
import type { Queryable } from "../connection/database.ts";

export interface RelatedRun {
  readonly run_id: string;
  readonly by: "email" | "phone";
}

const relatedWithinDays = 30;
const relatedRunsMax = 50;

/** At most so many days lie between related leads: as many as some source looks back, and 30 at least. */
export async function readRelatedWithinDays(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ days: number }>(
    `SELECT greatest(${relatedWithinDays}, ceil(max((settings -> 'samePerson' ->> 'withinMs')::bigint) / 86400000.0))::int AS days
     FROM internal.sources WHERE enabled`,
  );
  return rows[0]?.days ?? relatedWithinDays;
}

/** The nearest in time first; one that is related by both stands once, by its address. */
export async function listRelatedRuns(
  database: Queryable,
  runId: string,
  withinDays: number,
): Promise<RelatedRun[]> {
  const { rows } = await database.query<RelatedRun>(
    `WITH mine AS MATERIALIZED (
       SELECT p.kind, p.hash, r.received_at, r.source FROM internal.person_hashes p JOIN public.runs r USING (run_id)
       WHERE p.run_id = $1),
     found AS (
       SELECT o.run_id, 'email' AS by FROM mine m JOIN public.runs o ON o.email_hash = m.hash WHERE m.kind = 'email'
       UNION ALL
       SELECT o.run_id, 'phone' FROM mine m JOIN public.runs o ON o.phone_hash = m.hash WHERE m.kind = 'phone'
       UNION ALL
       SELECT f.run_id, f.kind FROM mine m JOIN internal.further_person_hashes f USING (kind, hash))
     SELECT o.run_id, min(f.by) AS by
     FROM found f JOIN public.runs o USING (run_id) CROSS JOIN (
       SELECT min(received_at) AS at, internal.client_of_source(min(source)) AS client FROM mine) AS this
     WHERE o.run_id <> $1 AND NOT o.test
       AND o.received_at BETWEEN this.at - $2 * interval '1 day' AND this.at + $2 * interval '1 day'
       AND internal.client_of_source(o.source) = this.client
     GROUP BY o.run_id, o.received_at, this.at
     ORDER BY greatest(o.received_at - this.at, this.at - o.received_at), o.run_id LIMIT ${relatedRunsMax}`,
    [runId, withinDays],
  );
  return rows;
}
