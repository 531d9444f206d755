// How much may wait in memory for a destination: what it can take within a moment, and no more, because what waits is
// leased and renewed. A quick destination gets new leads handed over directly; a slow one is fed from the ledger.

const workAheadMs = 1_000;
const perConcurrencyMin = 4;
const perConcurrencyMax = 64;
/** Characters of bodies held in memory for one destination; at this point nothing more is taken on. */
export const heldCharactersMax = 16 * 1024 * 1024;
/** Taken from the ledger at once. */
export const claimItemsMax = 200;
/** The share of the newest attempt in the average. */
const newestShare = 0.05;

/** Places in all (being sent, waiting and reserved) where an attempt takes `attemptMs` on average; null: not known yet. */
export function prefetchFor(concurrency: number, attemptMs: number | null): number {
  const ahead = attemptMs === null ? perConcurrencyMin : workAheadMs / Math.max(attemptMs, 1);
  return Math.ceil(concurrency * Math.min(perConcurrencyMax, Math.max(perConcurrencyMin, ahead)));
}

export function movingAverage(average: number | null, newest: number): number {
  return average === null ? newest : average + (newest - average) * newestShare;
}
