// By which names a stored lead is found, as its source is read at this moment; made as fast as the node is free.
import { performance } from "node:perf_hooks";
import { readLead } from "../domain/leads/read-lead.ts";
import { createPersonIndex } from "../intake/person-index.ts";
import { createLeadReadings } from "../kinds/sources/lead-readings.ts";
import { indexNames } from "../ledger/leads/name-hashes.ts";
import type { NameHashesOf } from "../ledger/leads/name-hashes.ts";
import { readSourceReadings } from "../ledger/leads/source-readings.ts";
import type { LeaderTask } from "../runtime/leadership.ts";
import type { NodeBase } from "./node-base.ts";

type IndexingDeps = Pick<NodeBase, "installation" | "kinds" | "database">;

const leadsPerTurn = 1_000;
/** While the node is busy: leads are taken in and sent first, and found by name later. */
const leadsPerBusyTurn = 100;
/** Share of the event loop's time since the last turn, 0 to 1. */
const busyShare = 0.6;
/** Between turns of what is behind; each takes about half of that, and the database needs it, too. */
const catchUpPauseMs = 250;

/** Catches up by itself when the node is free again. */
export function createNameIndexing(deps: IndexingDeps): LeaderTask {
  const readHashing = createNameHashes(deps);
  let last = performance.eventLoopUtilization();
  return async (guard) => {
    const now = performance.eventLoopUtilization();
    const isBusy = performance.eventLoopUtilization(now, last).utilization > busyShare;
    last = now;
    const leadsMax = isBusy ? leadsPerBusyTurn : leadsPerTurn;
    const indexed = await indexNames(deps.database, guard, readHashing, leadsMax);
    return indexed === "behind" && !isBusy ? catchUpPauseMs : null;
  };
}

function createNameHashes({ installation, kinds, database }: IndexingDeps): () => Promise<NameHashesOf> {
  const persons = createPersonIndex(installation.keys.subkey("person-index"));
  return async () => {
    const readings = createLeadReadings(kinds.sources, await readSourceReadings(database));
    // No name is a number whose last digits would count.
    return ({ source, bodyJson }) =>
      persons.nameHashesOf(readLead(JSON.parse(bodyJson), readings.of(source)));
  };
}
