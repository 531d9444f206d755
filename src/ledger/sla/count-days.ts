// What runs, dlq, audit_events and contacts say about a target, on a day or within windows of time.
import { judgeShare } from "../../domain/sla/judge-share.ts";
import type { SlaState } from "../../domain/sla/judge-share.ts";
import { wholeShareMillionths } from "../../domain/sla/sla-target.ts";
import type { SlaDefinition } from "../../domain/sla/sla-target.ts";
import type { OpenTime, TargetTimes } from "../../domain/sla/target-time.ts";
import type { WindowCount } from "../../domain/sla/burn-rate.ts";
import type { Queryable } from "../connection/database.ts";
import { longAnswerTimeoutMs } from "../connection/database.ts";

export interface DayCount {
  readonly state: SlaState;
  readonly met: number;
  readonly missed: number;
  readonly pending: number;
  readonly byHand: number;
  readonly valueMs: number | null;
  readonly medianMs: number | null;
}

/** Milliseconds since 1970: of the day's begin, of its end, and now. */
export interface DayBounds {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
}

/** Entries that were open before a day began are known to be as old as this at least. */
const entryAgeMaxMs = 400 * 86_400_000;

export function countDay(
  client: Queryable,
  target: SlaDefinition,
  times: TargetTimes,
  bounds: DayBounds,
): Promise<DayCount> {
  return target.measure === "oldest_entry"
    ? countEntries(client, target, times, bounds)
    : countLeads(client, target, times, bounds);
}

async function countLeads(
  client: Queryable,
  target: SlaDefinition,
  times: TargetTimes,
  { fromMs, toMs, nowMs }: DayBounds,
): Promise<DayCount> {
  const { rows } = await client.query<Record<"met" | "missed" | "pending" | "by_hand", number> & Timings>({
    text: `SELECT met, missed, pending, by_hand, value_us / 1000 AS value_ms, median_us / 1000 AS median_ms
     FROM internal.sla_count_leads($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      target.measure,
      ...placeValues(target),
      ...timeValues(target, times.open(target, fromMs, nowMs)),
      ...[fromMs, toMs, nowMs].map(instant),
      target.shareMillionths / wholeShareMillionths,
    ],
    query_timeout: longAnswerTimeoutMs,
  });
  const { met, missed, pending, by_hand: byHand, ...timings } = one(rows);
  const isTimed = target.measure !== "success";
  return {
    state: judgeShare(met + missed, missed, target.shareMillionths),
    met,
    missed,
    pending,
    byHand,
    valueMs: isTimed ? timings.value_ms : null,
    medianMs: isTimed ? timings.median_ms : null,
  };
}

interface Timings {
  readonly value_ms: number | null;
  readonly median_ms: number | null;
}

async function countEntries(
  client: Queryable,
  target: SlaDefinition,
  times: TargetTimes,
  { fromMs, toMs, nowMs }: DayBounds,
): Promise<DayCount> {
  const endMs = Math.min(toMs, nowMs);
  const { rows } = await client.query<{ met: number; missed: number; oldest_ms: number | null }>({
    text: `SELECT met, missed, oldest_us / 1000 AS oldest_ms
     FROM internal.sla_count_entries($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      ...placeValues(target),
      ...timeValues(target, times.open(target, fromMs - entryAgeMaxMs, nowMs)),
      instant(fromMs),
      instant(endMs),
    ],
    query_timeout: longAnswerTimeoutMs,
  });
  const { met, missed, oldest_ms: valueMs } = one(rows);
  // Nothing that waited is as good as nothing that waited too long.
  const state = missed > 0 ? "missed" : "met";
  return { state, met, missed, pending: 0, byHand: 0, valueMs, medianMs: null };
}

/** How old the oldest open entry is now; null: none is open. */
export async function oldestOpenMs(
  client: Queryable,
  target: SlaDefinition,
  times: TargetTimes,
  nowMs: number,
): Promise<number | null> {
  const { valueMs } = await countEntries(client, target, times, { fromMs: nowMs, toMs: nowMs, nowMs });
  return valueMs;
}

/** Leads whose time was over within each of these windows; of those received since `sinceMs`. */
export async function countWindows(
  client: Queryable,
  target: SlaDefinition,
  times: TargetTimes,
  nowMs: number,
  windowsMs: readonly number[],
  sinceMs: number,
): Promise<WindowCount[]> {
  const earliestMs = times.earlier(target, nowMs, Math.max(...windowsMs) + (target.withinMs ?? 0));
  const fromMs = Math.max(earliestMs, Math.min(sinceMs, nowMs));
  const { rows } = await client.query<{ window_ms: number; decided: number; missed: number }>({
    text: `SELECT window_us / 1000 AS window_ms, decided, missed
     FROM internal.sla_count_windows($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      target.measure,
      ...placeValues(target),
      ...timeValues(target, times.open(target, fromMs, nowMs)),
      instant(fromMs),
      instant(nowMs),
      windowsMs.map((windowMs) => windowMs * 1_000),
    ],
    query_timeout: longAnswerTimeoutMs,
  });
  return rows.map(({ window_ms: windowMs, decided, missed }) => ({ windowMs, decided, missed }));
}

function one<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error("the database counted without a row");
  return row;
}

function placeValues({ source, destination, client }: SlaDefinition): unknown[] {
  return [source, destination, client];
}

function timeValues({ withinMs }: SlaDefinition, time: OpenTime | null): unknown[] {
  const withinUs = withinMs === null ? null : withinMs * 1_000;
  if (time === null) return [withinUs, null, null, null];
  return [
    withinUs,
    time.spans.map(({ fromMs }) => instant(fromMs)),
    time.spans.map(({ toMs }) => instant(toMs)),
    time.beforeMs.map((beforeMs) => beforeMs * 1_000),
  ];
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
