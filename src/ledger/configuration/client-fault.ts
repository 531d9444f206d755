// What the database says where leads of one client would go to another (sql/clients.sql), as a value.
import type { Queryable } from "../connection/database.ts";
import { isLedgerRule } from "../connection/postgres-error.ts";

export type ClientFault =
  | { readonly code: "client_has_leads"; readonly source: string; readonly client: string }
  | { readonly code: "client_has_open_deliveries"; readonly name: string; readonly leads: number }
  | {
      readonly code: "destination_of_other_client";
      readonly source: string;
      readonly name: string;
      readonly client: string | null;
    };

/** Has sources and destinations judged now and not at the commit. */
export async function judgeClients(client: Queryable): Promise<void> {
  await client.query(
    "SET CONSTRAINTS internal.sources_check_clients, internal.destinations_check_clients IMMEDIATE",
  );
}

/** Throws the error again where it is about something else. */
export function clientFaultOf(error: unknown): ClientFault {
  if (!isLedgerRule(error) || error.code !== "LL007" || error.detail === undefined) throw error;
  return JSON.parse(error.detail) as ClientFault;
}
