// Whether a day, or a month, kept a target, when there may have been only a few leads. Pure.
import { wholeShareMillionths } from "./sla-target.ts";

/**
 * `met`: at least the share that was agreed; `missed`: less; `too_few`: less, but of so few leads that chance alone
 * explains it; `no_leads`: nothing is decided.
 */
export const slaStates = ["met", "missed", "too_few", "no_leads"] as const;
export type SlaState = (typeof slaStates)[number];

/**
 * Below so many allowed misses a share is no judgement: at 99 % that is fewer than 500 leads. (The usual condition under
 * which a binomial count is near enough to its mean.)
 */
const fewAllowedMisses = 5;
/** How often a process that keeps the target exactly may be said to miss it, on days with few leads. */
export const falseJudgementMax = 0.05;
/** One miss alone never breaks a day with few leads. */
const missesMin = 2;

/**
 * With n leads decided, k of them missed, and p the share that may be missed:
 * k ≤ n·p is `met`. Otherwise, where n·p ≥ 5, the share is what counts: `missed`. With fewer leads it is `missed` only if
 * k ≥ 2 and P(K ≥ k) ≤ 5 % for K ~ Bin(n, p): so many misses would come from keeping the target in one day of twenty at
 * most; else `too_few`.
 */
export function judgeShare(decided: number, missed: number, shareMillionths: number): SlaState {
  if (decided === 0) return "no_leads";
  const allowedMillionths = decided * (wholeShareMillionths - shareMillionths);
  if (missed * wholeShareMillionths <= allowedMillionths) return "met";
  if (shareMillionths === wholeShareMillionths) return "missed";
  if (allowedMillionths >= fewAllowedMisses * wholeShareMillionths) return "missed";
  const missShare = 1 - shareMillionths / wholeShareMillionths;
  const isBeyondChance = missed >= missesMin && tailOf(decided, missed, missShare) <= falseJudgementMax;
  return isBeyondChance ? "missed" : "too_few";
}

/** The smallest number of misses among so many leads that is judged `missed`; null: none is. */
export function missesThatBreak(decided: number, shareMillionths: number): number | null {
  for (let missed = 1; missed <= decided; missed += 1)
    if (judgeShare(decided, missed, shareMillionths) === "missed") return missed;
  return null;
}

/** P(K ≥ k) for K ~ Bin(n, p), summed up from below: k is small here, because n·p is. */
export function tailOf(leads: number, missed: number, missShare: number): number {
  if (missed <= 0) return 1;
  if (missed > leads) return 0;
  let term = (1 - missShare) ** leads;
  let below = term;
  for (let count = 1; count < missed; count += 1) {
    term *= ((leads - count + 1) / count) * (missShare / (1 - missShare));
    below += term;
  }
  return Math.max(0, 1 - below);
}
