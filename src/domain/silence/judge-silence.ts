// Which sources are silent at a moment, and whether all of them are at once, which then is our own trouble. Pure.
import { openingHours } from "../calendar/opening-hours.ts";
import type { OpeningHours } from "../calendar/opening-hours.ts";
import { leadsPerYear, sumOf } from "./rhythm.ts";
import type { Rhythm } from "./rhythm.ts";
import { alphaOf, chanceOfSilence, missedLeads } from "./silence-rule.ts";
import type { MissedLeads } from "./silence-rule.ts";
import type { SilenceRule } from "./silence-setting.ts";
import { openMs, quietHours } from "./watched-hours.ts";
import type { Watch } from "./watched-hours.ts";

export interface WatchedSource {
  readonly source: string;
  readonly rule: SilenceRule;
  /** null: too little came to know it. */
  readonly rhythm: Rhythm | null;
  readonly lastLeadMs: number;
  readonly watch: Watch;
  /** Somebody was told of this silence. */
  readonly isTold: boolean;
}

export interface SilentSource {
  readonly source: string;
  readonly sinceMs: number;
  /** Leads that its rhythm would have brought; null: it is judged by a fixed time. */
  readonly missed: number | null;
}

export interface SilencesFound {
  readonly silent: readonly SilentSource[];
  /** null: some source is heard. */
  readonly allSinceMs: number | null;
}

/** Further back a silence is no longer looked at: whoever is silent for so long is silent. */
const silenceLookedAtMaxMs = 120 * 86_400_000;

export function findSilences(sources: readonly WatchedSource[], nowMs: number): SilencesFound {
  const silent = sources.flatMap((each) => silenceOf(each, nowMs) ?? []);
  return { silent, allSinceMs: allSilentSince(sources, nowMs) };
}

function silenceOf(watched: WatchedSource, nowMs: number): SilentSource | null {
  const { source, rule, rhythm, lastLeadMs, watch } = watched;
  const stretch = { fromMs: Math.max(lastLeadMs, nowMs - silenceLookedAtMaxMs), toMs: nowMs };
  switch (rule.kind) {
    case "off":
      return null;
    case "at_least_one":
      return openMs(stretch, hoursOf(rule.openingHours), watch) < rule.perMs
        ? null
        : { source, sinceMs: lastLeadMs, missed: null };
    case "learned": {
      if (rhythm === null || isForgotten(watched, nowMs)) return null;
      const missed = missedLeads(rhythm, quietHours(stretch, watch));
      const alpha = alphaOf(rule.falseAlarmsPerYear, leadsPerYear(rhythm));
      return chanceOfSilence(missed, rhythm.dispersion) < alpha
        ? { source, sinceMs: lastLeadMs, missed: missed.expected }
        : null;
    }
  }
}

/** Silent since long before anybody watched: a form of years ago is no news when LeadLedger is updated or moved. */
function isForgotten({ isTold, lastLeadMs }: WatchedSource, nowMs: number): boolean {
  return !isTold && nowMs - lastLeadMs > silenceLookedAtMaxMs;
}

const openingHoursOf = new Map<string, OpeningHours>();

function hoursOf(rules: readonly string[]): OpeningHours {
  const key = rules.join("\n");
  const hours =
    openingHoursOf.get(key) ??
    openingHours(rules.length === 0 ? ["mon-sun 00:00-24:00", "holidays 00:00-24:00"] : rules);
  openingHoursOf.set(key, hours);
  return hours;
}

interface Evidence {
  readonly missed: MissedLeads;
  readonly dispersion: number;
  readonly leadsPerYear: number;
}

/** What the others than the liveliest source leave to chance: so little that it is not that source alone. */
const othersChanceMax = 0.05;

/**
 * Since the last lead of any of them. The leads missed by all are judged as those of one source would be; and as those of
 * one alone would be enough where it is lively, the others have to be missed as well.
 */
function allSilentSince(sources: readonly WatchedSource[], nowMs: number): number | null {
  const known = sources.filter(
    (each) => each.rule.kind === "learned" && each.rhythm !== null && !isForgotten(each, nowMs),
  );
  if (known.length < 2) return null;
  const sinceMs = Math.max(...sources.map(({ lastLeadMs }) => lastLeadMs));
  const stretch = { fromMs: Math.max(sinceMs, nowMs - silenceLookedAtMaxMs), toMs: nowMs };
  const evidence = known.flatMap(({ rhythm, watch }): Evidence[] =>
    rhythm === null
      ? []
      : [
          {
            missed: missedLeads(rhythm, quietHours(stretch, watch)),
            dispersion: rhythm.dispersion,
            leadsPerYear: leadsPerYear(rhythm),
          },
        ],
  );
  const byMissed = evidence.toSorted((one, other) => other.missed.expected - one.missed.expected);
  const alpha = alphaOf(
    1,
    sumOf(evidence, (each) => each.leadsPerYear),
  );
  const areMissed = chanceOfAll(evidence) < alpha && chanceOfAll(byMissed.slice(1)) < othersChanceMax;
  return areMissed ? sinceMs : null;
}

/** They are silent each for itself, as long as nothing is wrong with what they share. */
function chanceOfAll(evidence: readonly Evidence[]): number {
  return evidence.reduce((chance, { missed, dispersion }) => chance * chanceOfSilence(missed, dispersion), 1);
}
