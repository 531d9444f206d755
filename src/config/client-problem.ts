// The database's word that leads of one client would go to another, as a problem of a configuration.
import type { ClientFault } from "../ledger/configuration/client-fault.ts";
import type { Said } from "./problem.ts";

export function saidOfClients(fault: ClientFault): Said {
  switch (fault.code) {
    case "client_has_leads":
      return { code: fault.code, params: { source: fault.source, client: fault.client } };
    case "client_has_open_deliveries":
      return { code: fault.code, params: { name: fault.name, leads: fault.leads } };
    case "destination_of_other_client":
      return { code: fault.code, params: { source: fault.source, name: fault.name, client: fault.client } };
  }
}
