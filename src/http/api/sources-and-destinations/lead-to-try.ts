// A stored lead on which somebody tries a map: one that they name, or the newest that can be read.
import { parseExactly } from "../../../domain/values/exact-json.ts";
import type { Actor, Database, Queryable } from "../../../ledger/connection/database.ts";
import { readCurrentBodies } from "../../../ledger/leads/current-bodies.ts";
import { readAndRecordShown } from "../../../ledger/leads/person-data-shown.ts";
import { listRuns } from "../../../ledger/leads/run-list.ts";

export interface LeadToTry {
  readonly runId: string;
  readonly source: string;
  readonly receivedAt: Date;
  /** null: none is known, or it was erased. */
  readonly body: unknown;
  /** The same as JSON text. */
  readonly json: string | null;
}

export interface WantedLead {
  /** It came from one of these; null: whichever. */
  readonly sources: readonly string[] | null;
  /** undefined: the newest that can be read. */
  readonly runId: string | undefined;
  /** Who sees it in full, which is recorded; null: it will be masked. */
  readonly shownTo: Actor | null;
}

/** Of the newest leads, some may be unreadable. */
const lookedAtMax = 20;
const sourcesLookedAtMax = 50;

/** null: there is none, or the one that was named is none of these sources'. */
export async function leadToTry(
  database: Database,
  { sources, runId, shownTo }: WantedLead,
): Promise<LeadToTry | null> {
  const runs = await newestRuns(database, sources, runId);
  const [newest] = runs;
  if (newest === undefined) return null;
  const read = async (client: Queryable): Promise<LeadToTry> => {
    const bodies = await readCurrentBodies(
      client,
      runs.map(({ run_id: id }) => id),
    );
    const run = runs.find(({ run_id: id }) => bodies.has(id)) ?? newest;
    const json = bodies.get(run.run_id) ?? null;
    const body = json === null ? null : parseExactly(json);
    return { runId: run.run_id, source: run.source, receivedAt: run.received_at, body, json };
  };
  if (shownTo === null) return read(database);
  return readAndRecordShown(database, shownTo, read, ({ runId: id }) => ({ runId: id }));
}

async function newestRuns(database: Database, sources: readonly string[] | null, runId: string | undefined) {
  const named = runId === undefined ? {} : { run_id: [runId] };
  if (sources === null) return listRuns(database, named, lookedAtMax);
  const found = [];
  for (const source of sources.slice(0, sourcesLookedAtMax))
    found.push(...(await listRuns(database, { source, ...named }, lookedAtMax)));
  return found.toSorted((a, b) => b.received_at.getTime() - a.received_at.getTime()).slice(0, lookedAtMax);
}
