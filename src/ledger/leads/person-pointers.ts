// Where a source's leads name a person, as its configuration says; for sources that were removed, too.
import type { MaskedPointers } from "../../domain/persons/masking.ts";
import type { LeadMap } from "../../domain/leads/map-rules.ts";
import { personPlacesOf } from "../../domain/persons/mapped-places.ts";
import type { PersonPointers } from "../../domain/leads/lead-reading.ts";
import type { Queryable } from "../connection/database.ts";
import { readMaskedPointers } from "../settings/settings.ts";

export type PointersOf = (source: string | null) => MaskedPointers | null;

/** null for a source: fields are recognised by their names. */
export async function readPersonPointers(database: Queryable): Promise<PointersOf> {
  const { rows } = await database.query<{
    name: string;
    person: PersonPointers | null;
    map: LeadMap | null;
  }>(
    `SELECT name, nullif(settings -> 'person', 'null') AS person, nullif(settings -> 'map', 'null') AS map
     FROM internal.sources WHERE settings -> 'person' <> 'null' OR settings -> 'map' <> 'null'`,
  );
  const others = await readMaskedPointers(database);
  const bySource = new Map(
    rows.map(({ name, person, map }) => [
      name,
      {
        email: person?.email ?? null,
        phone: person?.phone ?? null,
        others,
        mapped: personPlacesOf(map),
      },
    ]),
  );
  const ofOthers = others.length === 0 ? null : { email: null, phone: null, others };
  return (source) => bySource.get(source ?? "") ?? ofOthers;
}
