// Whose something is, as a condition in SQL: of runs, entries and whatever else has a source or a destination.

/** `source` is a column, `client` a parameter; '': sources that name none, or are not there. */
export function ofClientSql(source: string): (client: string) => string {
  return (client) => partOfClientSql("sources", source, client);
}

/** The same of a destination. */
export function destinationOfClientSql(destination: string): (client: string) => string {
  return (client) => partOfClientSql("destinations", destination, client);
}

function partOfClientSql(table: "sources" | "destinations", name: string, client: string): string {
  return `${name} = ANY (ARRAY(SELECT s.name FROM internal.${table} s WHERE s.client = ${client}))
     OR ${client} = '' AND ${name} <> ALL (ARRAY(SELECT s.name FROM internal.${table} s))`;
}

/**
 * Of an operation: what whoever ordered it was limited to, or what its order names. `operation` is the row. '': it is about
 * what names no client, or about everybody's.
 */
export function operationOfClientSql(operation: string): (client: string) => string {
  const said = (member: string): string => `${operation}.filter ->> '${member}'`;
  return (client) => `CASE
    WHEN ${operation}.clients IS NOT NULL THEN ${client} = ANY (${operation}.clients)
    WHEN ${said("client")} IS NOT NULL THEN ${said("client")} = ${client}
    WHEN ${operation}.destination IS NOT NULL THEN ${destinationOfClientSql(`${operation}.destination`)(client)}
    WHEN ${said("source")} IS NOT NULL THEN ${ofClientSql(said("source"))(client)}
    WHEN ${said("destination")} IS NOT NULL THEN ${destinationOfClientSql(said("destination"))(client)}
    WHEN ${operation}.ids IS NOT NULL THEN EXISTS (
      SELECT FROM public.dlq q WHERE q.dlq_id = ANY (${operation}.ids::bigint[]) AND (${ofClientSql("q.source")(client)}))
    ELSE ${client} = '' END`;
}
