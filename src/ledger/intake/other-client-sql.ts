// SQL that says whether a destination is another client's than a run: the database refuses a delivery there.

/** A condition; both are SQL for a run's id and a destination's name. */
export function isOfOtherClientSql(runId: string, destination: string): string {
  return `EXISTS (SELECT FROM internal.destinations own_or_not WHERE own_or_not.name = ${destination}
    AND own_or_not.client <> internal.client_of_source((SELECT its.source FROM public.runs its WHERE its.run_id = ${runId})))`;
}
