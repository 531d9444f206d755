// Where a source's leads name a person, as its configuration says; for sources that were removed, too.
import type { MaskedPointers } from "../../domain/persons/masking.ts";
import type { PersonPointers } from "../../domain/leads/lead-reading.ts";
import type { Queryable } from "../connection/database.ts";
import { readMaskedPointers } from "../settings/settings.ts";

export type PointersOf = (source: string | null) => MaskedPointers | null;

/** null for a source: fields are recognised by their names. */
export async function readPersonPointers(database: Queryable): Promise<PointersOf> {
  const { rows } = await database.query<{ name: string; person: PersonPointers }>(
    "SELECT name, settings -> 'person' AS person FROM internal.sources WHERE settings -> 'person' <> 'null'",
  );
  const bySource = new Map(rows.map(({ name, person }) => [name, person]));
  const others = await readMaskedPointers(database);
  return (source) => {
    const person = source === null ? null : (bySource.get(source) ?? null);
    if (others.length === 0) return person;
    return { email: person?.email ?? null, phone: person?.phone ?? null, others };
  };
}
