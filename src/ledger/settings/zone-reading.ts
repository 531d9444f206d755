// How PostgreSQL reads the name of a time zone.
import type { Queryable } from "../connection/database.ts";

/** The name as PostgreSQL lists it, however the letters' case was given; null: it has no zone of that name. */
export async function listedZone(database: Queryable, name: string): Promise<string | null> {
  const { rows } = await database.query<{ name: string }>(
    "SELECT name FROM pg_timezone_names WHERE lower(name) = lower($1) ORDER BY name = $1 DESC LIMIT 1",
    [name],
  );
  return rows[0]?.name ?? null;
}

/**
 * Milliseconds that local time is ahead of UTC at each of the instants (milliseconds since 1970), as `AT TIME ZONE` reads
 * the name, which decides the days of kpi_daily: it takes an abbreviation for a fixed offset, even where there is a zone
 * of the same name with summer time (CET, EET, MET, WET). Throws where PostgreSQL knows no such name.
 */
export async function zoneOffsetsInDatabase(
  database: Queryable,
  name: string,
  instantsMs: readonly number[],
): Promise<number[]> {
  const { rows } = await database.query<{ offset: number }>(
    `SELECT (extract(epoch FROM (at AT TIME ZONE $1) - (at AT TIME ZONE 'UTC')) * 1000)::bigint AS offset
     FROM unnest($2::bigint[]) WITH ORDINALITY AS given (ms, place), to_timestamp(ms / 1000.0) AS at ORDER BY place`,
    [name, instantsMs],
  );
  return rows.map(({ offset }) => offset);
}
