// Who the leads of a list are about: masked, or with their names, where that is wanted of this installation and recorded.
import { gistOf } from "../../../domain/leads/lead-gist.ts";
import type { LeadGist } from "../../../domain/leads/lead-gist.ts";
import { readLead } from "../../../domain/leads/read-lead.ts";
import { maskedLead } from "../../../domain/persons/masked-lead.ts";
import { errorText } from "../../../domain/node/log.ts";
import type { Log } from "../../../domain/node/log.ts";
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

export interface Gists {
  /** By run id; absent: there is no body. */
  readonly byRun: ReadonlyMap<string, LeadGist>;
  /** Run ids of those whose names would be shown, if it could be recorded who sees them. */
  readonly withheld: ReadonlySet<string>;
}

/** `viewer`: who may see names; null: nobody. */
export async function readGists(
  { database, log }: { readonly database: Database; readonly log: Log },
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
  const fault = viewer === null ? null : await notRecorded(database, viewer, [...named.keys()]);
  if (fault === null) return { byRun: new Map([...masked, ...named]), withheld: new Set() };
  log("warn", "names_not_recorded", { leads: named.size, error: fault });
  return { byRun: masked, withheld: new Set(named.keys()) };
}

/** Why; null: it is recorded. Without its record nobody is named, and the list is shown all the same. */
async function notRecorded(
  database: Database,
  viewer: Actor,
  runIds: readonly string[],
): Promise<string | null> {
  try {
    await recordNamesShown(database, viewer, runIds);
    return null;
  } catch (error) {
    return errorText(error);
  }
}
