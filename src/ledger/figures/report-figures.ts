// The figures of a report: those that dashboard and API show of the same days, from the same tables.
import { percentileMs, rangesOf } from "../../domain/figures/report.ts";
import type {
  DayRange,
  DestinationReport,
  DurationBucket,
  Durations,
  LeadCounts,
  Report,
  ReportName,
  SourceReport,
} from "../../domain/figures/report.ts";
import { worstFirst } from "../../domain/figures/alarm.ts";
import type { Queryable } from "../connection/database.ts";
import { readTimezone } from "../settings/settings.ts";
import { readAlarms } from "./alarms.ts";

/** `day`: the last one that it speaks of, ISO. Of a database that is limited to clients: theirs alone. */
export async function readReport(database: Queryable, report: ReportName, day: string): Promise<Report> {
  const { range, compared, chart } = rangesOf(report, day);
  const sources = await readSources(database, range, compared);
  return {
    report,
    timezone: await readTimezone(database),
    range,
    compared_with: compared,
    total: {
      now: await readTotal(database, range),
      before: await readTotal(database, compared),
    },
    days: await readDays(database, chart),
    sources,
    destinations: await readDestinations(database, range, compared),
    durations: {
      now: await readDurations(database, range),
      before: await readDurations(database, compared),
    },
    alarms: worstFirst(await readAlarms(database)),
  };
}

interface CountsRow {
  readonly received: number;
  readonly processed: number;
  readonly failed: number;
  readonly no_destination: number;
  readonly by_hand: number;
  readonly withdrawn: number;
}

function countsOf({ received, processed, failed, ...ended }: CountsRow): LeadCounts {
  return {
    received,
    delivered: processed - ended.no_destination - ended.by_hand - ended.withdrawn,
    failed,
    under_way: received - processed - failed,
    no_destination: ended.no_destination,
    resolved_by_hand: ended.by_hand,
    withdrawn: ended.withdrawn,
  };
}

/** Days that somebody filled in by hand count, too, and are nobody's. */
async function readTotal(database: Queryable, { from, to }: DayRange): Promise<LeadCounts> {
  const { rows } = await database.query<CountsRow>(
    `SELECT d.*, s.* FROM
       (SELECT coalesce(sum(k.received_count), 0)::bigint AS received, coalesce(sum(k.processed_count), 0)::bigint AS processed,
          coalesce(sum(k.failed_count), 0)::bigint AS failed
        FROM public.kpi_daily k WHERE k.day BETWEEN $1::date AND $2::date) AS d,
       (SELECT coalesce(sum(k.no_destination_count), 0)::bigint AS no_destination,
          coalesce(sum(k.resolved_by_hand_count), 0)::bigint AS by_hand, coalesce(sum(k.withdrawn_count), 0)::bigint AS withdrawn
        FROM public.kpi_daily_sources k WHERE k.day BETWEEN $1::date AND $2::date) AS s`,
    [from, to],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the database answered without a row");
  return countsOf(row);
}

async function readDays(database: Queryable, { from, to }: DayRange): Promise<Report["days"]> {
  const { rows } = await database.query<{ day: string; received: number; delivered: number }>(
    `SELECT g.day::date::text AS day, coalesce(k.received_count, 0)::bigint AS received,
       (coalesce(k.processed_count, 0) - coalesce(s.otherwise, 0))::bigint AS delivered
     FROM generate_series($1::date, $2::date, '1 day') AS g (day)
     LEFT JOIN public.kpi_daily k ON k.day = g.day::date
     LEFT JOIN (
       SELECT k.day, sum(k.no_destination_count + k.resolved_by_hand_count + k.withdrawn_count) AS otherwise
       FROM public.kpi_daily_sources k WHERE k.day BETWEEN $1::date AND $2::date GROUP BY k.day) AS s ON s.day = g.day::date
     ORDER BY g.day`,
    [from, to],
  );
  return rows;
}

/** Those that leads came from, and those that are switched on and had none. */
async function readSources(database: Queryable, range: DayRange, before: DayRange): Promise<SourceReport[]> {
  const counts = (of: string): string => {
    const sum = (column: string, name: string): string =>
      `coalesce(sum(k.${column}) FILTER (WHERE ${of}), 0)::bigint AS ${name}`;
    return [
      sum("received_count", "received"),
      sum("processed_count", "processed"),
      sum("failed_count", "failed"),
      sum("no_destination_count", "no_destination"),
      sum("resolved_by_hand_count", "by_hand"),
      sum("withdrawn_count", "withdrawn"),
    ].join(", ");
  };
  const read = async ({ from, to }: DayRange): Promise<ReadonlyMap<string, LeadCounts>> => {
    const { rows } = await database.query<CountsRow & { source: string }>(
      `SELECT k.source, ${counts("true")} FROM public.kpi_daily_sources k
       WHERE k.day BETWEEN $1::date AND $2::date GROUP BY k.source`,
      [from, to],
    );
    return new Map(rows.map((row) => [row.source, countsOf(row)]));
  };
  const { rows: there } = await database.query<{ name: string; label: string | null; enabled: boolean }>(
    "SELECT s.name, s.settings ->> 'label' AS label, s.enabled FROM internal.sources s",
  );
  const [now, earlier] = [await read(range), await read(before)];
  const labels = new Map(there.map(({ name, label }) => [name, label]));
  const names = new Set([
    ...there.filter(({ enabled }) => enabled).map(({ name }) => name),
    ...now.keys(),
    ...earlier.keys(),
  ]);
  return [...names]
    .map((source) => ({
      source,
      label: labels.get(source) ?? null,
      now: now.get(source) ?? nothing,
      before: earlier.get(source) ?? nothing,
    }))
    .sort((a, b) => b.now.received - a.now.received || (a.source < b.source ? -1 : 1));
}

const nothing = countsOf({
  received: 0,
  processed: 0,
  failed: 0,
  no_destination: 0,
  by_hand: 0,
  withdrawn: 0,
});

async function readDestinations(
  database: Queryable,
  range: DayRange,
  before: DayRange,
): Promise<DestinationReport[]> {
  const { rows } = await database.query<
    Record<"delivered" | "failed_attempts" | "entries", number> & {
      destination: string;
      is_now: boolean;
    }
  >(
    `SELECT f.destination, f.hour >= b.now_begin AS is_now, sum(f.delivered_count)::bigint AS delivered,
       sum(f.failed_attempt_count)::bigint AS failed_attempts, sum(f.entry_count)::bigint AS entries
     FROM (SELECT ${beginSql("$1")} AS now_begin, ${endSql("$2")} AS now_end, ${beginSql("$3")} AS before_begin, ${endSql("$4")} AS before_end) AS b
     JOIN internal.destination_figures_hourly f
       ON f.hour >= b.now_begin AND f.hour < b.now_end OR f.hour >= b.before_begin AND f.hour < b.before_end
     GROUP BY 1, 2`,
    [range.from, range.to, before.from, before.to],
  );
  const { rows: there } = await database.query<{ name: string }>(
    "SELECT d.name FROM internal.destinations d WHERE d.enabled",
  );
  const countsAt = (destination: string, isNow: boolean) => {
    const row = rows.find((each) => each.destination === destination && each.is_now === isNow);
    return {
      delivered: row?.delivered ?? 0,
      failed_attempts: row?.failed_attempts ?? 0,
      entries: row?.entries ?? 0,
    };
  };
  return [...new Set([...there.map(({ name }) => name), ...rows.map((row) => row.destination)])]
    .map((destination) => ({
      destination,
      now: countsAt(destination, true),
      before: countsAt(destination, false),
    }))
    .sort((a, b) => b.now.delivered - a.now.delivered || (a.destination < b.destination ? -1 : 1));
}

async function readDurations(database: Queryable, { from, to }: DayRange): Promise<Durations> {
  const { rows } = await database.query<DurationBucket>(
    `SELECT d.bucket_upper_ms AS upper_ms, sum(d.count)::bigint AS count FROM internal.durations_hourly d
     WHERE d.measure = 'first_delivery' AND d.hour >= ${beginSql("$1")} AND d.hour < ${endSql("$2")}
     GROUP BY 1 ORDER BY 1`,
    [from, to],
  );
  return { p50_ms: percentileMs(rows, 0.5), p95_ms: percentileMs(rows, 0.95) };
}

function beginSql(day: string): string {
  return `${day}::date::timestamp AT TIME ZONE (SELECT internal.reporting_timezone())`;
}

function endSql(day: string): string {
  return `(${day}::date + 1)::timestamp AT TIME ZONE (SELECT internal.reporting_timezone())`;
}
