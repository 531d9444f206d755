// Whether a name can be the reporting time zone: lists and exports take its days from this process, the figures take them
// from PostgreSQL, and both must mean the same.
import { zoneMeant } from "../domain/figures/zone-names.ts";
import { isTimeZone, tellingOffsets } from "../domain/figures/zone-offsets.ts";
import type { Queryable } from "../ledger/connection/database.ts";
import { listedZone, zoneOffsetsInDatabase } from "../ledger/settings/zone-reading.ts";

export type TimezoneMisfit =
  | {
      readonly code: "timezone_unknown";
      readonly params: { readonly found: string; readonly suggestion: string | null };
    }
  | {
      readonly code: "timezone_read_differently";
      readonly params: {
        readonly found: string;
        readonly suggestion: string | null;
        /** ISO date of an instant that both read differently. */
        readonly on: string;
      };
    };

const comparedFromMs = Date.UTC(2000, 0, 1);
/** Laws that are further away are in nobody's data, or change again. */
const comparedAheadMs = 5 * 365 * 86_400_000;

/** null: both read it alike, at all changes of clocks from 2000 to some years from now. Throws what the database threw. */
export async function judgeTimezone(
  database: Queryable,
  name: string,
  nowMs = Date.now(),
): Promise<TimezoneMisfit | null> {
  const listed = isTimeZone(name) ? await listedZone(database, name) : null;
  if (listed !== name) {
    const suggestion = listed ?? (await readableZone(database, zoneMeant(name), nowMs));
    return { code: "timezone_unknown", params: { found: name, suggestion } };
  }
  const differs = await firstDifference(database, name, nowMs);
  if (differs === null) return null;
  const meant = zoneMeant(name);
  const suggestion = meant === name ? null : await readableZone(database, meant, nowMs);
  const on = new Date(differs).toISOString().slice(0, 10);
  return { code: "timezone_read_differently", params: { found: name, suggestion, on } };
}

/** Of two that differ, a suggestion must not be the next to be refused. */
async function readableZone(database: Queryable, name: string | null, nowMs: number): Promise<string | null> {
  if (name === null || (await listedZone(database, name)) !== name) return null;
  return (await firstDifference(database, name, nowMs)) === null ? name : null;
}

async function firstDifference(database: Queryable, name: string, nowMs: number): Promise<number | null> {
  const untilMs = Math.floor((nowMs + comparedAheadMs) / 1_000) * 1_000;
  const here = tellingOffsets(name, comparedFromMs, untilMs);
  const there = await zoneOffsetsInDatabase(
    database,
    name,
    here.map(({ atMs }) => atMs),
  );
  return here.find(({ offsetMs }, index) => offsetMs !== there[index])?.atMs ?? null;
}
