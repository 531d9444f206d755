// The table sla_daily: which days are to be counted, and what is written of them. A day that has been judged changes only
// with what happens to its leads, and says so.
import type { TargetTimes } from "../../domain/sla/target-time.ts";
import type { Queryable } from "../connection/database.ts";
import { countDay } from "./count-days.ts";
import type { DayBounds, DayCount } from "./count-days.ts";
import { definitionColumns, definitionOf, definitionValues } from "./targets.ts";
import type { DefinitionRow } from "./targets.ts";

/** A new target is judged for so many days before it, too. */
const daysBeforeMax = 400;
/** At most so many days of targets at once; what is left comes with the next turn. */
const daysPerTurnMax = 60;
/** A day that is over, with leads that are not decided, is looked at again after this. */
const undecidedEverySeconds = 60;

/** Days (ISO) on which something happened to leads, and what: types of events. */
export type TouchedDays = ReadonlyMap<string, string>;

/** Which days of which targets are counted. */
export type DaysToCount =
  | { readonly kind: "due"; readonly touched: TouchedDays }
  | { readonly kind: "all"; readonly reason: "timezone_changed" | "rebuilt" };

interface DayRow extends DefinitionRow {
  readonly sla: string;
  readonly day: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly now_ms: number;
  readonly is_today: boolean;
}

export interface CountedDays {
  readonly days: readonly CountedDay[];
  /** Whether more wait. */
  readonly isBehind: boolean;
}

interface CountedDay {
  readonly row: DayRow;
  readonly count: DayCount;
  readonly reason: string | null;
}

/** Writes nothing: it may take a while, and nobody waits for it. */
export async function countDueDays(
  client: Queryable,
  times: TargetTimes,
  wanted: DaysToCount,
): Promise<CountedDays> {
  const due = await listDue(client, wanted);
  const days: CountedDay[] = [];
  for (const row of due) {
    const bounds: DayBounds = { fromMs: row.from_ms, toMs: row.to_ms, nowMs: row.now_ms };
    const count = await countDay(client, definitionOf(row), times, bounds);
    const reason = wanted.kind === "all" ? wanted.reason : (wanted.touched.get(row.day) ?? null);
    days.push({ row, count, reason });
  }
  return { days, isBehind: wanted.kind === "due" && due.length >= daysPerTurnMax };
}

export interface DayOfTarget {
  readonly sla: string;
  readonly day: string;
}

/** Returns those that had been judged and have changed. */
export async function writeDays(client: Queryable, days: readonly CountedDay[]): Promise<DayOfTarget[]> {
  const changed: DayOfTarget[] = [];
  for (const { row, count, reason } of days)
    if (await writeDay(client, row, count, reason)) changed.push({ sla: row.sla, day: row.day });
  return changed;
}

/**
 * Today of every target, by what is agreed now; days that are missing; days that are over and not decided; days that were
 * touched. Each by what was agreed that day, where that is known. Days whose leads retention has removed stay as they are.
 */
async function listDue(client: Queryable, wanted: DaysToCount): Promise<DayRow[]> {
  const isAll = wanted.kind === "all";
  const { rows } = await client.query<DayRow>(
    `WITH here AS MATERIALIZED (
       SELECT internal.reporting_timezone() AS zone, clock_timestamp() AS at,
         (clock_timestamp() AT TIME ZONE internal.reporting_timezone())::date AS today),
     due AS (
       SELECT t.name AS sla, here.today AS day, 0 AS urgency, ${columnsOf("t")} FROM internal.sla_targets t, here
       UNION ALL
       SELECT k.sla, k.day, 1, ${columnsOf("k")} FROM internal.sla_daily k, here
       WHERE k.day < here.today AND ($1 OR k.day = ANY ($2::date[])
         OR k.judged_at IS NULL AND k.counted_at < here.at - interval '${undecidedEverySeconds} seconds')
       UNION ALL
       SELECT t.name, d::date, 2, ${columnsOf("t")} FROM internal.sla_targets t, here,
         generate_series(greatest(internal.kpi_first_day(), here.today - ${daysBeforeMax})::timestamp,
           (here.today - 1)::timestamp, interval '1 day') AS d
       WHERE NOT EXISTS (SELECT FROM internal.sla_daily k WHERE k.sla = t.name AND k.day = d::date))
     SELECT due.sla, due.day::text, ${columnsOf("due")}, due.day = here.today AS is_today,
       (extract(epoch FROM due.day::timestamp AT TIME ZONE here.zone) * 1000)::bigint AS from_ms,
       (extract(epoch FROM (due.day + 1)::timestamp AT TIME ZONE here.zone) * 1000)::bigint AS to_ms,
       (extract(epoch FROM here.at) * 1000)::bigint AS now_ms
     FROM due, here
     WHERE NOT EXISTS (SELECT FROM public.kpi_daily c WHERE c.day = due.day AND c.closed_at IS NOT NULL)
     ORDER BY due.urgency, due.day DESC, due.sla
     LIMIT CASE WHEN NOT $1 THEN greatest(${daysPerTurnMax}, (SELECT count(*) FROM due d WHERE d.urgency < 2)) END`,
    [isAll, isAll ? [] : [...wanted.touched.keys()]],
  );
  return rows;
}

function columnsOf(table: string): string {
  return definitionColumns
    .split(", ")
    .map((column) => `${table}.${column}`)
    .join(", ");
}

const countColumns = "state, met_count, missed_count, pending_count, by_hand_count, value_ms, median_ms";

/** Returns whether a day that had been judged has changed. */
async function writeDay(
  client: Queryable,
  row: DayRow,
  count: DayCount,
  reason: string | null,
): Promise<boolean> {
  const isDecided = row.now_ms >= row.to_ms && count.pending === 0;
  const listed = definitionColumns.split(", ").map((column) => `excluded.${column}`);
  const differs = `k.judged_at IS NOT NULL AND (${columnsIn(countColumns, "k")}) IS DISTINCT FROM (${columnsIn(countColumns, "excluded")})`;
  const { rows } = await client.query<{ has_changed: boolean }>(
    `INSERT INTO internal.sla_daily AS k (day, sla, ${definitionColumns}, ${countColumns}, judged_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
       CASE WHEN $19 THEN clock_timestamp() END)
     ON CONFLICT (sla, day) DO UPDATE SET
       (${definitionColumns}) = ROW (${listed.join(", ")}),
       (${countColumns}) = ROW (${columnsIn(countColumns, "excluded")}),
       counted_at = clock_timestamp(), judged_at = coalesce(k.judged_at, excluded.judged_at),
       changed_at = CASE WHEN ${differs} THEN clock_timestamp() ELSE k.changed_at END,
       change_reason = CASE WHEN ${differs} THEN $20 ELSE k.change_reason END
     RETURNING changed_at IS NOT DISTINCT FROM counted_at AS has_changed`,
    [
      row.day,
      row.sla,
      ...definitionValues(definitionOf(row)),
      ...[count.state, count.met, count.missed, count.pending, count.byHand, count.valueMs, count.medianMs],
      isDecided,
      reason,
    ],
  );
  return rows[0]?.has_changed === true;
}

function columnsIn(columns: string, table: string): string {
  return columns
    .split(", ")
    .map((column) => `${table}.${column}`)
    .join(", ");
}
