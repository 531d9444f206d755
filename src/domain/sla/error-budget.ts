// The error budget of a month: how many leads may miss a target, and what is left of it. Pure.
import { wholeShareMillionths } from "./sla-target.ts";

export interface ErrorBudget {
  /** Leads that the month will have had, at the pace of the last weeks; of a month that is over, those that it had. */
  readonly expected: number;
  /** How many of them may miss the target; not rounded. */
  readonly allowed: number;
  readonly missed: number;
  /** 1: untouched; 0: spent; below: overdrawn. null: no lead is expected. */
  readonly left: number | null;
}

export interface MonthSoFar {
  readonly decided: number;
  readonly missed: number;
  /** Decided in the days before today, and how many those days are: the pace. */
  readonly before: { readonly decided: number; readonly days: number };
  /** Days of the month that are still to come, with today. */
  readonly daysLeft: number;
}

/** As many days before today make the pace. */
export const paceDays = 28;

export function errorBudget(
  { decided, missed, before, daysLeft }: MonthSoFar,
  shareMillionths: number,
): ErrorBudget {
  const pace = before.days === 0 ? 0 : before.decided / before.days;
  const expected = Math.max(decided, Math.round(decided + pace * daysLeft));
  const allowed = (expected * (wholeShareMillionths - shareMillionths)) / wholeShareMillionths;
  return { expected, allowed, missed, left: allowed === 0 ? null : 1 - missed / allowed };
}
