// SQL that says which earlier lead is of the same person, for those who are told.

/**
 * The earlier lead of the same person, for leads of sources that mark it. Which these are is asked once for a statement, so
 * that it costs the leads of the others nothing. `run`: an alias of the table runs.
 */
export function markedSql(run: string): string {
  return `CASE WHEN ${run}.source = ANY (ARRAY(SELECT name FROM internal.sources WHERE settings -> 'samePerson' ->> 'then' = 'mark'))
    THEN internal.earlier_lead_of_person(${run}.run_id,
      (SELECT (s.settings -> 'samePerson' ->> 'withinMs')::bigint FROM internal.sources s WHERE s.name = ${run}.source)) END`;
}
