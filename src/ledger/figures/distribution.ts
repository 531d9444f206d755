// How leads were spread over some days: how long they took, at which hours they came, and what was turned away.
import { summarizeDurations } from "../../domain/figures/duration-histogram.ts";
import type { DurationBucket, DurationSummary } from "../../domain/figures/duration-histogram.ts";
import type { Queryable } from "../connection/database.ts";
import { bucketUpperSql, hoursOfDaysSql, upperMsOf } from "./hours-sql.ts";

export interface LeadDurations {
  /** From the receipt of a lead until it was processed. */
  readonly processed: DurationSummary;
  /** Until it arrived at a destination for the first time. */
  readonly first_delivery: DurationSummary;
}

export interface Distribution extends LeadDurations {
  readonly days: (LeadDurations & { readonly day: string })[];
  readonly hours: (LeadDurations & {
    readonly hour_of_day: number;
    readonly received_count: number;
  })[];
  readonly sources: (LeadDurations &
    TurnedAway & { readonly source: string; readonly client: string | null })[];
  readonly destinations: DestinationDurations[];
}

interface TurnedAway {
  readonly received_count: number;
  readonly duplicate_count: number;
  readonly conflict_count: number;
  readonly refused_count: number;
  readonly quarantined_count: number;
  readonly denied_count: number;
}

interface DestinationDurations {
  readonly destination: string;
  readonly client: string | null;
  readonly delivered_count: number;
  readonly failed_attempt_count: number;
  readonly entry_count: number;
  readonly delivery: DurationSummary;
}

/** From `from` to `to`: ISO days of the reporting time zone, both included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

/** Of one of the groups: all columns but one are null, or all of them. */
interface BucketRow {
  readonly measure: string;
  readonly day: string | null;
  readonly hour_of_day: number | null;
  readonly source: string | null;
  readonly destination: string | null;
  readonly upper_ms: number | null;
  readonly count: number;
}

export async function readDistribution(database: Queryable, { from, to }: DayRange): Promise<Distribution> {
  const range = [from, to];
  const { rows: buckets } = await database.query<BucketRow>(bucketsSql, range);
  const { rows: hours } = await database.query<{ hour_of_day: number; received_count: number }>(
    hoursSql,
    range,
  );
  const { rows: sources } = await database.query<TurnedAway & { source: string; client: string | null }>(
    sourcesSql,
    range,
  );
  const { rows: destinations } = await database.query<Omit<DestinationDurations, "delivery">>(
    destinationsSql,
    range,
  );
  const { summaryOf, leadsOf } = grouped(buckets);
  const days = new Set(buckets.flatMap(({ day }) => day ?? []));
  return {
    ...leadsOf("all"),
    days: [...days].toSorted().map((day) => ({ day, ...leadsOf(`day ${day}`) })),
    hours: hours.map((each) => ({ ...each, ...leadsOf(`hour ${each.hour_of_day}`) })),
    sources: sources.map((each) => ({ ...each, ...leadsOf(`source ${each.source}`) })),
    destinations: destinations.map((each) => ({
      ...each,
      delivery: summaryOf(`destination ${each.destination}`, "delivery"),
    })),
  };
}

function grouped(rows: readonly BucketRow[]) {
  const groups = new Map<string, DurationBucket[]>();
  const nameOf = ({ day, hour_of_day: hour, source, destination }: BucketRow): string => {
    if (day !== null) return `day ${day}`;
    if (hour !== null) return `hour ${hour}`;
    if (source !== null) return `source ${source}`;
    return destination === null ? "all" : `destination ${destination}`;
  };
  for (const row of rows) {
    const key = `${row.measure} ${nameOf(row)}`;
    const buckets = groups.get(key) ?? [];
    buckets.push({ upperMs: upperMsOf(row.upper_ms), count: row.count });
    groups.set(key, buckets);
  }
  const summaryOf = (group: string, measure: string): DurationSummary =>
    summarizeDurations(groups.get(`${measure} ${group}`) ?? []);
  const leadsOf = (group: string): LeadDurations => ({
    processed: summaryOf(group, "processed"),
    first_delivery: summaryOf(group, "first_delivery"),
  });
  return { summaryOf, leadsOf };
}

const localHour = "(k.hour AT TIME ZONE (SELECT internal.reporting_timezone()))";

const bucketsSql = `
  SELECT measure, day, hour_of_day, source, destination, ${bucketUpperSql} AS upper_ms, sum(count)::bigint AS count
  FROM (
    SELECT measure, ${localHour}::date::text AS day, extract(hour FROM ${localHour})::integer AS hour_of_day, source, destination,
      bucket_upper_ms, count
    FROM internal.durations_hourly k WHERE ${hoursOfDaysSql("k.hour", "$1", "$2")}) AS d
  GROUP BY measure, bucket_upper_ms, GROUPING SETS ((), (day), (hour_of_day), (source), (destination))`;

const hoursSql = `
  SELECT h AS hour_of_day, coalesce(sum(k.received_count), 0)::bigint AS received_count
  FROM generate_series(0, 23) AS h LEFT JOIN internal.figures_hourly k
    ON extract(hour FROM ${localHour}) = h AND ${hoursOfDaysSql("k.hour", "$1", "$2")}
  GROUP BY h ORDER BY h`;

const sourcesSql = `
  SELECT k.source, nullif(s.client, '') AS client, sum(k.received_count)::bigint AS received_count,
    sum(k.duplicate_count)::bigint AS duplicate_count, sum(k.conflict_count)::bigint AS conflict_count,
    sum(k.refused_count)::bigint AS refused_count, sum(k.quarantined_count)::bigint AS quarantined_count,
    sum(k.denied_count)::bigint AS denied_count
  FROM internal.figures_hourly k LEFT JOIN internal.sources s ON s.name = k.source
  WHERE ${hoursOfDaysSql("k.hour", "$1", "$2")}
  GROUP BY k.source, s.client ORDER BY k.source`;

const destinationsSql = `
  SELECT k.destination, nullif(d.client, '') AS client, sum(k.delivered)::bigint AS delivered_count,
    sum(k.failed_attempts)::bigint AS failed_attempt_count, sum(k.entries)::bigint AS entry_count
  FROM (
    SELECT hour, destination, delivered_count AS delivered, failed_attempt_count AS failed_attempts, entry_count AS entries
    FROM internal.destination_figures_hourly
    UNION ALL SELECT DISTINCT hour, destination, 0, 0, 0 FROM internal.durations_hourly WHERE measure = 'delivery') AS k
    LEFT JOIN internal.destinations d ON d.name = k.destination
  WHERE ${hoursOfDaysSql("k.hour", "$1", "$2")}
  GROUP BY k.destination, d.client ORDER BY k.destination`;
