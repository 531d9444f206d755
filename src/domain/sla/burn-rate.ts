// How fast an error budget is spent, and when somebody should know (Site Reliability Workbook, chapter 5, "Multiwindow,
// Multi-Burn-Rate Alerts"). Pure.
import { judgeShare } from "./judge-share.ts";
import { wholeShareMillionths } from "./sla-target.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

export interface BurnRule {
  /** How many times faster than the budget of 30 days lasts for. */
  readonly factor: number;
  readonly longMs: number;
  /** Still so within this: the alarm ends soon after the cause does. */
  readonly shortMs: number;
  readonly severity: "error" | "warning";
}

/** 2 % of the month's budget in an hour, 5 % in six, 10 % in three days. */
export const burnRules: readonly BurnRule[] = [
  { factor: 14.4, longMs: hourMs, shortMs: 5 * minuteMs, severity: "error" },
  { factor: 6, longMs: 6 * hourMs, shortMs: 30 * minuteMs, severity: "error" },
  { factor: 1, longMs: 3 * dayMs, shortMs: 6 * hourMs, severity: "warning" },
];

/** Each once, the shortest first. */
export const burnWindowsMs: readonly number[] = [
  ...new Set(burnRules.flatMap(({ longMs, shortMs }) => [longMs, shortMs])),
].sort((one, other) => one - other);

/** With fewer leads a day, rates say nothing: one of three is 33 %. Then misses are counted. */
export const leadsForRatesMin = 100;

export interface WindowCount {
  readonly windowMs: number;
  readonly decided: number;
  readonly missed: number;
}

export interface BurningBudget {
  readonly rule: BurnRule;
  /** How many times too fast, over the long window. */
  readonly rate: number;
}

/** Of the rule that is worst; null: none. A window in which nothing was decided burns nothing. */
export function burningBudget(counts: readonly WindowCount[], shareMillionths: number): BurningBudget | null {
  for (const rule of burnRules) {
    const rate = burnRate(counts, rule.longMs, shareMillionths);
    const isBurning = rate >= rule.factor && burnRate(counts, rule.shortMs, shareMillionths) >= rule.factor;
    if (isBurning) return { rule, rate };
  }
  return null;
}

export function burnRate(counts: readonly WindowCount[], windowMs: number, shareMillionths: number): number {
  const count = counts.find((each) => each.windowMs === windowMs);
  if (count === undefined || count.decided === 0) return 0;
  return count.missed / count.decided / (1 - shareMillionths / wholeShareMillionths);
}

/** By counts: more misses within the last day than chance explains. */
export function missesTooMany(lastDay: WindowCount, shareMillionths: number): boolean {
  return judgeShare(lastDay.decided, lastDay.missed, shareMillionths) === "missed";
}

/** An age at which somebody should look, before the time that was agreed is over. */
export const ageAtRiskShare = 0.8;
