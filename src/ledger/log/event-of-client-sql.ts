// Whose an event is, as a condition in SQL: its lead's, else that of what it names.
import { destinationOfClientSql, ofClientSql, operationOfClientSql } from "../connection/client-sql.ts";

/** Of `public.audit_events e`; '': what concerns no client, the installation as a whole too. */
export function eventOfClientSql(client: string): string {
  const said = (member: string): string => `(e.payload ->> '${member}')`;
  const ofAccount = (table: "users" | "api_keys", id: "user_id" | "key_id"): string => `EXISTS (
      SELECT FROM internal.${table} a WHERE a.${id}::text = ${said(id)}
        AND (${client} = ANY (a.clients) OR ${client} = '' AND a.clients IS NULL))`;
  return `CASE
    WHEN e.run_id IS NOT NULL
      THEN EXISTS (SELECT FROM public.runs r WHERE r.run_id = e.run_id AND (${ofClientSql("r.source")(client)}))
    WHEN ${said("operation_id")} IS NOT NULL THEN EXISTS (
      SELECT FROM internal.operations o WHERE o.operation_id::text = ${said("operation_id")} AND (${operationOfClientSql("o")(client)}))
    WHEN ${said("part")} = 'source' THEN ${ofClientSql(said("name"))(client)}
    WHEN ${said("part")} = 'destination' THEN ${destinationOfClientSql(said("name"))(client)}
    WHEN ${said("user_id")} IS NOT NULL THEN ${ofAccount("users", "user_id")}
    WHEN ${said("key_id")} IS NOT NULL THEN ${ofAccount("api_keys", "key_id")}
    WHEN ${said("source")} IS NOT NULL THEN ${ofClientSql(said("source"))(client)}
    WHEN ${said("destination")} IS NOT NULL THEN ${destinationOfClientSql(said("destination"))(client)}
    ELSE ${client} = '' END`;
}
