// When a silence is too long to be chance. Counted are the leads that it cost by the source's rhythm, not hours. Pure.
import { hoursPerWeek, leadsPerYear } from "./rhythm.ts";
import type { Rhythm } from "./rhythm.ts";

/** How much of each hour of the week a silence holds, in hours; what says nothing of the rhythm left out. */
export type QuietHours = readonly number[];

export interface MissedLeads {
  readonly expected: number;
  /** The leads that this expectation rests on: it is as sure as a rate learned from so many. */
  readonly learnedFrom: number;
}

/** What the rhythm would have brought. */
export function missedLeads({ rates, hours, leads }: Rhythm, quiet: QuietHours): MissedLeads {
  let expected = 0;
  let variance = 0;
  for (let at = 0; at < hoursPerWeek; at += 1) {
    const [rate = 0, restsOn = 1, share = 0] = [rates[at], hours[at], quiet[at]];
    expected += rate * share;
    variance += (rate * share * share) / restsOn;
  }
  return { expected, learnedFrom: variance === 0 ? leads : Math.min(expected ** 2 / variance, leads) };
}

/**
 * The chance that nothing comes although so much was to be expected (Gamma–Poisson: the rate itself is known only from
 * what came): (1 + Λ/N)^(-N), with Λ divided by (D - 1) / ln D where days differ more than chance makes them.
 */
export function chanceOfSilence({ expected, learnedFrom }: MissedLeads, dispersion: number): number {
  const effective = expected / clumping(dispersion);
  return Number.isFinite(learnedFrom)
    ? Math.exp(-learnedFrom * Math.log1p(effective / learnedFrom))
    : Math.exp(-effective);
}

/** How many leads have to be missed: the inverse of `chanceOfSilence`. `learnedFrom: Infinity` is the limit, -ln α. */
export function missedLeadsNeeded(alpha: number, learnedFrom: number, dispersion: number): number {
  const surprise = -Math.log(alpha);
  const needed = Number.isFinite(learnedFrom) ? learnedFrom * Math.expm1(surprise / learnedFrom) : surprise;
  return needed * clumping(dispersion);
}

/** (D - 1) / ln D, and 1 where days differ by chance alone: leads that come in clumps leave longer gaps. */
function clumping(dispersion: number): number {
  return dispersion > 1.001 ? (dispersion - 1) / Math.log(dispersion) : 1;
}

/** Every lead begins a silence, so that the chance of a false alarm in each is the wanted number / leads of a year. */
export function alphaOf(falseAlarmsPerYear: number, leadsOfYear: number): number {
  return Math.min(falseAlarmsPerYear / leadsOfYear, alphaMax);
}

/** More often than so nobody is alarmed, however many false alarms are asked for. */
const alphaMax = 0.5;

export function isTooQuiet(rhythm: Rhythm, quiet: QuietHours, falseAlarmsPerYear: number): boolean {
  const alpha = alphaOf(falseAlarmsPerYear, leadsPerYear(rhythm));
  return chanceOfSilence(missedLeads(rhythm, quiet), rhythm.dispersion) < alpha;
}
