// The rhythm of a source: how many leads an hour of the week brings, learned from the last weeks, how sure that is, and how
// much its days differ. Pure.

/** Monday 00:00 to 01:00 is 0, in the reporting time zone. */
export const hoursPerWeek = 168;
/** Further back a source was another one. */
export const learnedWeeks = 8;
/** From fewer nobody learns a rhythm, and no alarm comes of it. */
export const learnedLeadsMin = 20;
/** In less than about a week nobody has seen what its nights and weekends are like. */
const learnedHoursMin = 140;
/** What the source's mean counts for beside an hour of the week that was watched: so many hours, and at most so many leads. */
const priorHoursMax = 2;
const priorLeadsMax = 0.5;
/** So many of the last leads say how lively a source is now, where that is less than before. */
const recentLeads = 20;
/** Leads that count as if they had come as was to be expected. */
const priorRecentLeads = 4;

/** What came in a whole hour that says something of the rhythm. */
export interface LearnedHour {
  /** From 0 to `hoursPerWeek` - 1. */
  readonly hourOfWeek: number;
  /** Any number that is the same for the hours of one day; days are in order. */
  readonly day: number;
  readonly leads: number;
}

export interface Rhythm {
  /** How many it is learned from. */
  readonly leads: number;
  /** Leads to be expected in each hour of the week. */
  readonly rates: readonly number[];
  /** What each rate rests on, in hours: its variance is rate / hours. */
  readonly hours: readonly number[];
  /** Variance / mean of what days bring against what was to be expected; at least 1. */
  readonly dispersion: number;
}

/** In order of time. null: too little came. */
export function learnRhythm(learned: readonly LearnedHour[]): Rhythm | null {
  const leads = sumOf(learned, (hour) => hour.leads);
  if (leads < learnedLeadsMin || learned.length < learnedHoursMin) return null;
  const mean = leads / learned.length;
  const prior = Math.min(priorHoursMax, priorLeadsMax / mean);
  const counts = new Array<number>(hoursPerWeek).fill(prior * mean);
  const hours = new Array<number>(hoursPerWeek).fill(prior);
  for (const hour of learned) {
    counts[hour.hourOfWeek] = (counts[hour.hourOfWeek] ?? 0) + hour.leads;
    hours[hour.hourOfWeek] = (hours[hour.hourOfWeek] ?? 0) + 1;
  }
  const rates = counts.map((count, at) => count / (hours[at] ?? 1));
  const level = levelOf(learned, rates);
  return {
    leads,
    rates: rates.map((rate) => rate * level),
    hours: hours.map((each) => each / level),
    dispersion: Math.max(dispersionOf(learned, rates, 1, 7), dispersionOf(learned, rates, 7, 1), 1),
  };
}

/** Leads to be expected in a year without holidays. */
export function leadsPerYear({ rates }: Rhythm): number {
  return (sumOf(rates, (rate) => rate) * 365.25) / 7;
}

/**
 * A season or a campaign ends sooner than the weeks that it is learned from: expected is what lately came, where that is
 * less. At most 1.
 */
function levelOf(learned: readonly LearnedHour[], rates: readonly number[]): number {
  let [came, expected] = [0, 0];
  for (let at = learned.length - 1; at >= 0 && came < recentLeads; at -= 1) {
    const hour = learned[at];
    came += hour?.leads ?? 0;
    expected += rates[hour?.hourOfWeek ?? 0] ?? 0;
  }
  return Math.min((came + priorRecentLeads) / (expected + priorRecentLeads), 1);
}

/**
 * Variance / mean of what came in stretches of so many days: of single ones, because leads come in clumps, and of weeks,
 * because seasons and campaigns do. Of all of them together, because one in which next to nothing is expected says nothing.
 */
function dispersionOf(
  learned: readonly LearnedHour[],
  rates: readonly number[],
  days: number,
  fitted: number,
): number {
  const last = learned.at(-1)?.day ?? 0;
  const came = new Map<number, number>();
  const expected = new Map<number, number>();
  for (const { day, hourOfWeek, leads } of learned) {
    const stretch = Math.floor((last - day) / days);
    came.set(stretch, (came.get(stretch) ?? 0) + leads);
    expected.set(stretch, (expected.get(stretch) ?? 0) + (rates[hourOfWeek] ?? 0));
  }
  const means = [...expected];
  const squares = sumOf(means, ([stretch, mean]) => ((came.get(stretch) ?? 0) - mean) ** 2);
  const freedom = Math.max(means.length - fitted, 1) / means.length;
  return squares / sumOf(means, ([, mean]) => mean) / freedom;
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
