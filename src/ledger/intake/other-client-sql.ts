// SQL that says whether a destination is another client's than a run: the database refuses a delivery there.
import type { Queryable } from "../connection/database.ts";

/** A condition; both are SQL for a run's id and a destination's name. */
export function isOfOtherClientSql(runId: string, destination: string): string {
  return `EXISTS (SELECT FROM internal.destinations own_or_not WHERE own_or_not.name = ${destination}
    AND own_or_not.client <> internal.client_of_source((SELECT its.source FROM public.runs its WHERE its.run_id = ${runId})))`;
}

/** Which of these are another client's than the source. */
export async function destinationsOfOthers(
  database: Queryable,
  source: string,
  destinations: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT d.name FROM internal.destinations d
     WHERE d.name = ANY ($2::text[]) AND d.client <> internal.client_of_source($1)`,
    [source, destinations],
  );
  return new Set(rows.map(({ name }) => name));
}
