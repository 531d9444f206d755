// Who the leads of a list are about: masked, or with their names, where that is wanted of this installation and recorded.
import { gistOf } from "../../../domain/leads/lead-gist.ts";
import type { LeadGist } from "../../../domain/leads/lead-gist.ts";
import { readLead } from "../../../domain/leads/read-lead.ts";
import { maskedLead } from "../../../domain/persons/masked-lead.ts";
import { parseExactly } from "../../../domain/values/exact-json.ts";
import type { Kinds } from "../../../kinds/kinds.ts";
import { createLeadReadings } from "../../../kinds/sources/lead-readings.ts";
import type { Actor, Database } from "../../../ledger/connection/database.ts";
import { readCurrentBodies } from "../../../ledger/leads/current-bodies.ts";
import { recordNamesShown } from "../../../ledger/leads/names-shown.ts";
import { readPersonPointers } from "../../../ledger/leads/person-pointers.ts";
import type { Run } from "../../../ledger/leads/runs.ts";
import { readSourceReadings } from "../../../ledger/leads/source-readings.ts";
import { readNamesInLists } from "../../../ledger/settings/settings.ts";

type Gists = ReadonlyMap<string, LeadGist>;

/** By run id; absent: there is no body. `viewer`: who may see names; null: nobody. */
export async function readGists(
  database: Database,
  { sources }: Kinds,
  runs: readonly Run[],
  viewer: Actor | null,
): Promise<Gists> {
  const readings = createLeadReadings(sources, await readSourceReadings(database));
  const pointersOf = await readPersonPointers(database);
  const isNamed = viewer !== null && (await readNamesInLists(database));
  const bodies = await readCurrentBodies(
    database,
    runs.map(({ run_id }) => run_id),
  );
  const masked = new Map<string, LeadGist>();
  const named = new Map<string, LeadGist>();
  for (const { run_id: id, source } of runs) {
    const json = bodies.get(id);
    if (json === undefined) continue;
    const body = parseExactly(json);
    const reading = readings.of(source);
    const gist = gistOf(maskedLead(body, reading, pointersOf(source)));
    masked.set(id, gist);
    if (!isNamed) continue;
    const { name, postal_code, town } = readLead(body, reading);
    if (name !== null || postal_code !== null || town !== null)
      named.set(id, { ...gist, name, postal_code, town });
  }
  return viewer !== null && (await isRecorded(database, viewer, [...named.keys()]))
    ? new Map([...masked, ...named])
    : masked;
}

/** Without its record nobody is named, and the list is shown all the same. */
async function isRecorded(database: Database, viewer: Actor, runIds: readonly string[]): Promise<boolean> {
  try {
    await recordNamesShown(database, viewer, runIds);
    return true;
  } catch {
    return false;
  }
}
