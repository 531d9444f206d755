// The table sla_states: how each target stands at this moment, and whether somebody should know.
import {
  ageAtRiskShare,
  burningBudget,
  burnWindowsMs,
  leadsForRatesMin,
  missesTooMany,
} from "../../domain/sla/burn-rate.ts";
import { judgeShare } from "../../domain/sla/judge-share.ts";
import type { SlaRisk } from "../../domain/figures/sla-kinds.ts";
import type { AlarmSeverity } from "../../domain/figures/alarm.ts";
import type { TargetTimes } from "../../domain/sla/target-time.ts";
import type { Queryable } from "../connection/database.ts";
import { countWindows, oldestOpenMs } from "./count-days.ts";
import { readBudgets } from "./budgets.ts";
import type { MonthOfTarget } from "./budgets.ts";
import { listTargets } from "./targets.ts";
import type { ManagedTarget } from "./targets.ts";

const dayMs = 86_400_000;
const longestDays = 3;

export interface Standing {
  readonly risk: SlaRisk | null;
  readonly severity: AlarmSeverity | null;
  readonly burnRate: number | null;
  readonly decided: number;
  readonly missed: number;
  readonly oldestMs: number | null;
}

const quiet = { risk: null, severity: null, burnRate: null, oldestMs: null } as const;

export type Standings = ReadonlyMap<string, Standing>;

/** By the names of targets. Writes nothing: it may take a while, and nobody waits for it. */
export async function readStandings(client: Queryable, times: TargetTimes): Promise<Standings> {
  const months = await readBudgets(client);
  const standings = new Map<string, Standing>();
  for (const target of await listTargets(client)) {
    const nowMs = await readNowMs(client);
    standings.set(target.name, await standingOf(client, target, times, nowMs, months.get(target.name)));
  }
  return standings;
}

export async function writeStandings(client: Queryable, standings: Standings): Promise<void> {
  for (const [name, standing] of standings) await writeState(client, name, standing);
}

async function standingOf(
  client: Queryable,
  target: ManagedTarget,
  times: TargetTimes,
  nowMs: number,
  month: MonthOfTarget | undefined,
): Promise<Standing> {
  if (target.measure === "oldest_entry") return ageStanding(client, target, times, nowMs);
  // A day of opening hours has as much of them as a day has on average.
  const usualDayMs = Math.max(times.usualDayMs(target, nowMs), 1);
  const windows = [usualDayMs, ...burnWindowsMs.map((windowMs) => ofTargetsTime(windowMs, usualDayMs))];
  const lengths = [...new Set(windows.map(Math.round))];
  const counted = await countWindows(client, target, times, nowMs, lengths, alarmedSinceMs(target));
  const within = (windowMs: number) =>
    counted.find((each) => each.windowMs === Math.round(windowMs)) ?? { windowMs, decided: 0, missed: 0 };
  const lastDay = within(usualDayMs);
  const counts = { ...quiet, decided: lastDay.decided, missed: lastDay.missed };
  const longest = within(ofTargetsTime(longestDays * dayMs, usualDayMs));
  if (longest.decided < leadsForRatesMin * longestDays) {
    if (missesTooMany(lastDay, target.shareMillionths))
      return { ...counts, risk: "misses", severity: "error" };
  } else {
    const perWindow = burnWindowsMs.map((windowMs) => ({
      ...within(ofTargetsTime(windowMs, usualDayMs)),
      windowMs,
    }));
    const burning = burningBudget(perWindow, target.shareMillionths);
    if (burning !== null)
      return { ...counts, risk: "burning", severity: burning.rule.severity, burnRate: burning.rate };
  }
  return isMonthMissed(target, month) ? { ...counts, risk: "month", severity: "warning" } : counts;
}

/** Before somebody agreed on it nobody marked who was contacted: that is no alarm. */
function alarmedSinceMs({ measure, createdAt }: ManagedTarget): number {
  return measure === "contacted" ? createdAt.getTime() : -Infinity;
}

/** Windows of days are days of the target's time; those of hours and minutes are counted by it as they are. */
function ofTargetsTime(windowMs: number, usualDayMs: number): number {
  return windowMs < dayMs ? Math.min(windowMs, usualDayMs) : (windowMs / dayMs) * usualDayMs;
}

function isMonthMissed(target: ManagedTarget, month: MonthOfTarget | undefined): boolean {
  if (month === undefined || month.budget.left === null || month.budget.left > 0) return false;
  if (month.beganAt.getTime() < alarmedSinceMs(target)) return false;
  return judgeShare(month.met + month.missed, month.missed, target.shareMillionths) === "missed";
}

async function ageStanding(
  client: Queryable,
  target: ManagedTarget,
  times: TargetTimes,
  nowMs: number,
): Promise<Standing> {
  const oldestMs = await oldestOpenMs(client, target, times, nowMs);
  const withinMs = target.withinMs ?? Infinity;
  const standing = { ...quiet, decided: 0, missed: 0, oldestMs };
  if (oldestMs === null || oldestMs < withinMs * ageAtRiskShare) return standing;
  return { ...standing, risk: "age", severity: oldestMs > withinMs ? "error" : "warning" };
}

async function readNowMs(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ now_ms: number }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms",
  );
  return rows[0]?.now_ms ?? 0;
}

async function writeState(client: Queryable, name: string, standing: Standing): Promise<void> {
  const { risk, severity, burnRate, decided, missed, oldestMs } = standing;
  await client.query(
    `INSERT INTO internal.sla_states AS k (sla, evaluated_at, risk, severity, since, burn_rate, decided, missed, oldest_ms)
     SELECT t.name, clock_timestamp(), $2, $3, CASE WHEN $2::text IS NOT NULL THEN clock_timestamp() END, $4, $5, $6, $7
     FROM internal.sla_targets t WHERE t.name = $1
     ON CONFLICT (sla) DO UPDATE SET evaluated_at = excluded.evaluated_at, risk = excluded.risk, severity = excluded.severity,
       since = CASE WHEN excluded.risk IS NOT NULL THEN coalesce(k.since, excluded.since) END,
       burn_rate = excluded.burn_rate, decided = excluded.decided, missed = excluded.missed, oldest_ms = excluded.oldest_ms`,
    [name, risk, severity, burnRate, decided, missed, oldestMs],
  );
}
