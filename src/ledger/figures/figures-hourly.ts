// The figures of hours as they are read: by source, by destination, each with how long its leads took.
import { summarizeDurations } from "../../domain/figures/duration-histogram.ts";
import type { DurationBucket, DurationSummary } from "../../domain/figures/duration-histogram.ts";
import type { Queryable } from "../connection/database.ts";
import type { ListPage } from "../connection/list-page.ts";
import { bucketUpperSql, hoursOfDaysSql, upperMsOf } from "./hours-sql.ts";

export interface HourRange {
  /** ISO days of the reporting time zone, both included. */
  readonly from: string;
  readonly to: string;
  /** Of this source or destination alone; undefined: of all. */
  readonly name: string | undefined;
}

/** Microseconds since 1970, and a name: rows come newest hour first, and within an hour by name. */
export interface HourPosition {
  readonly hourUs: number;
  readonly name: string;
}

export interface SourceHour {
  readonly hour: Date;
  readonly source: string;
  /** Of an agency: whose source it is; null: it names no client. */
  readonly client: string | null;
  readonly received_count: number;
  readonly processed_count: number;
  readonly failed_count: number;
  readonly no_destination_count: number;
  readonly resolved_by_hand_count: number;
  readonly withdrawn_count: number;
  readonly duplicate_count: number;
  readonly conflict_count: number;
  readonly refused_count: number;
  readonly quarantined_count: number;
  readonly denied_count: number;
  readonly processed: DurationSummary;
  readonly first_delivery: DurationSummary;
}

export interface DestinationHour {
  readonly hour: Date;
  readonly destination: string;
  readonly client: string | null;
  readonly delivered_count: number;
  readonly failed_attempt_count: number;
  readonly entry_count: number;
  /** Of the leads *received* in that hour that arrived here. */
  readonly delivery: DurationSummary;
}

type Found<Row> = Row & { readonly hour_us: number };

export async function pageOfSourceHours(
  database: Queryable,
  range: HourRange & { readonly after: HourPosition | null },
  limit: number,
): Promise<ListPage<SourceHour, HourPosition>> {
  const { rows } = await database.query<Found<Omit<SourceHour, "processed" | "first_delivery">>>(
    `SELECT k.*, nullif(s.client, '') AS client, ${microsecondsSql} AS hour_us
     FROM internal.figures_hourly k LEFT JOIN internal.sources s ON s.name = k.source
     WHERE ${pageSql("k.source")} ORDER BY k.hour DESC, k.source LIMIT $6`,
    valuesOf(range, limit),
  );
  const found = rows.slice(0, limit);
  const durations = await readDurations(database, found, ["processed", "first_delivery"], "source");
  const items = found.map(({ hour_us: hourUs, ...row }) => ({
    ...row,
    processed: summarizeDurations(durations.of(hourUs, "processed", row.source)),
    first_delivery: summarizeDurations(durations.of(hourUs, "first_delivery", row.source)),
  }));
  return { rows: items, next: nextOf(rows, limit, (row) => row.source) };
}

export async function pageOfDestinationHours(
  database: Queryable,
  range: HourRange & { readonly after: HourPosition | null },
  limit: number,
): Promise<ListPage<DestinationHour, HourPosition>> {
  // An hour whose leads arrived later may have no figures of its own.
  const { rows } = await database.query<Found<Omit<DestinationHour, "delivery">>>(
    `SELECT k.*, nullif(d.client, '') AS client, ${microsecondsSql} AS hour_us
     FROM (
       SELECT hour, destination, sum(delivered_count)::integer AS delivered_count,
         sum(failed_attempt_count)::integer AS failed_attempt_count, sum(entry_count)::integer AS entry_count
       FROM (
         SELECT hour, destination, delivered_count, failed_attempt_count, entry_count FROM internal.destination_figures_hourly
         UNION ALL SELECT DISTINCT hour, destination, 0, 0, 0 FROM internal.durations_hourly
         WHERE measure = 'delivery' AND ${hoursOfDaysSql("hour", "$1", "$2")}) AS h
       GROUP BY hour, destination) AS k LEFT JOIN internal.destinations d ON d.name = k.destination
     WHERE ${pageSql("k.destination")} ORDER BY k.hour DESC, k.destination LIMIT $6`,
    valuesOf(range, limit),
  );
  const found = rows.slice(0, limit);
  const durations = await readDurations(database, found, ["delivery"], "destination");
  const items = found.map(({ hour_us: hourUs, ...row }) => ({
    ...row,
    delivery: summarizeDurations(durations.of(hourUs, "delivery", row.destination)),
  }));
  return { rows: items, next: nextOf(rows, limit, (row) => row.destination) };
}

const microsecondsSql = "(extract(epoch FROM k.hour) * 1000000)::bigint";

/** $1 and $2 days, $3 a name or NULL, $4 and $5 what it comes after, or NULL. */
function pageSql(name: string): string {
  return `${hoursOfDaysSql("k.hour", "$1", "$2")} AND ($3::text IS NULL OR ${name} = $3)
    AND ($4::bigint IS NULL OR ${microsecondsSql} < $4 OR ${microsecondsSql} = $4 AND ${name} > $5)`;
}

function valuesOf(
  { from, to, name, after }: HourRange & { readonly after: HourPosition | null },
  limit: number,
): unknown[] {
  return [from, to, name ?? null, after?.hourUs ?? null, after?.name ?? null, limit + 1];
}

function nextOf<Row extends { readonly hour_us: number }>(
  rows: readonly Row[],
  limit: number,
  nameOf: (row: Row) => string,
): HourPosition | null {
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? { hourUs: last.hour_us, name: nameOf(last) } : null;
}

interface Durations {
  of(hourUs: number, measure: string, name: string): readonly DurationBucket[];
}

async function readDurations(
  database: Queryable,
  found: readonly { readonly hour_us: number }[],
  measures: readonly string[],
  column: "source" | "destination",
): Promise<Durations> {
  const buckets = new Map<string, DurationBucket[]>();
  const key = (hourUs: number, measure: string, name: string): string => `${hourUs} ${measure} ${name}`;
  if (found.length > 0) {
    const { rows } = await database.query<{
      hour_us: number;
      measure: string;
      name: string;
      upper_ms: number | null;
      count: number;
    }>(
      `SELECT ${microsecondsSql} AS hour_us, measure, ${column} AS name, ${bucketUpperSql} AS upper_ms, sum(count)::bigint AS count
       FROM internal.durations_hourly k
       WHERE k.hour BETWEEN $1::timestamptz AND $2::timestamptz AND measure = ANY ($3)
       GROUP BY 1, 2, 3, 4`,
      [timeOf(found.at(-1)?.hour_us ?? 0), timeOf(found[0]?.hour_us ?? 0), measures],
    );
    for (const { hour_us: hourUs, measure, name, upper_ms, count } of rows) {
      const list = buckets.get(key(hourUs, measure, name)) ?? [];
      list.push({ upperMs: upperMsOf(upper_ms), count });
      buckets.set(key(hourUs, measure, name), list);
    }
  }
  return { of: (hourUs, measure, name) => buckets.get(key(hourUs, measure, name)) ?? [] };
}

function timeOf(us: number): string {
  return new Date(us / 1000).toISOString();
}
