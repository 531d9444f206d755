// Whose a source is, as a condition in SQL: of runs, entries and whatever else has a source.

/** `source` is a column, `client` a parameter; '': sources that name none, or are not there. */
export function ofClientSql(source: string): (client: string) => string {
  return (client) =>
    `${source} = ANY (ARRAY(SELECT s.name FROM internal.sources s WHERE s.client = ${client}))
     OR ${client} = '' AND ${source} <> ALL (ARRAY(SELECT s.name FROM internal.sources s))`;
}
