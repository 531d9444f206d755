// By which names a stored lead is found, as its source is read at this moment.
import { readLead } from "../domain/leads/read-lead.ts";
import { createPersonIndex } from "../intake/person-index.ts";
import { createLeadReadings } from "../kinds/sources/lead-readings.ts";
import type { NameHashesOf } from "../ledger/leads/name-hashes.ts";
import { readSourceReadings } from "../ledger/leads/source-readings.ts";
import type { NodeBase } from "./node-base.ts";

export function createNameHashes({
  installation,
  kinds,
  database,
}: Pick<NodeBase, "installation" | "kinds" | "database">): () => Promise<NameHashesOf> {
  const persons = createPersonIndex(installation.keys.subkey("person-index"));
  return async () => {
    const readings = createLeadReadings(kinds.sources, await readSourceReadings(database));
    // No name is a number whose last digits would count.
    return ({ source, bodyJson }) =>
      persons.nameHashesOf(readLead(JSON.parse(bodyJson), readings.of(source)));
  };
}
