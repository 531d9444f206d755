// Since when sources and destinations are paused.
import type { Queryable } from "../connection/database.ts";

export interface PausedSince {
  /** By name; absent: it is not paused, or was before this was noted. */
  readonly sources: ReadonlyMap<string, Date>;
  readonly destinations: ReadonlyMap<string, Date>;
}

export async function readPausedSince(database: Queryable): Promise<PausedSince> {
  const { rows } = await database.query<{ part: string; name: string; paused_at: Date }>(
    `SELECT 'source' AS part, name, paused_at FROM internal.sources WHERE paused_at IS NOT NULL
     UNION ALL SELECT 'destination', name, paused_at FROM internal.destinations WHERE paused_at IS NOT NULL`,
  );
  const of = (wanted: string): Map<string, Date> =>
    new Map(rows.flatMap(({ part, name, paused_at: at }) => (part === wanted ? [[name, at] as const] : [])));
  return { sources: of("source"), destinations: of("destination") };
}
