// Where a source's leads name a person, as its configuration says; for sources that were removed, too.
import type { PersonPointers } from "../domain/source.ts";
import type { Queryable } from "./database.ts";

export type PointersOf = (source: string | null) => PersonPointers | null;

/** null for a source: fields are recognised by their names. */
export async function readPersonPointers(database: Queryable): Promise<PointersOf> {
  const { rows } = await database.query<{ name: string; person: PersonPointers }>(
    "SELECT name, settings -> 'person' AS person FROM public.sources WHERE settings -> 'person' <> 'null'",
  );
  const bySource = new Map(rows.map(({ name, person }) => [name, person]));
  return (source) => (source === null ? null : (bySource.get(source) ?? null));
}
