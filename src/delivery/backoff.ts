// Rows that the database refused to change: left alone for a while, longer each time, so that they neither hold up the
// others nor keep the database busy.

export interface Backoff<Key> {
  /** What is to be left alone at this moment. */
  leftAlone(): Key[];
  /** It was refused once more; returns how often by now. */
  refused(key: Key): number;
  forget(key: Key): void;
  /** How many were refused lately. */
  readonly count: number;
}

const firstPauseMs = 500;
const pauseMaxMs = 60_000;
/** What has not been refused for so long after its pause is settled, gone, or mended. */
const rememberedMs = 15_000;

interface Refusals {
  readonly times: number;
  readonly untilMs: number;
}

export function createBackoff<Key>(monotonicMs: () => number): Backoff<Key> {
  const refusals = new Map<Key, Refusals>();

  function forgetOld(): void {
    const nowMs = monotonicMs();
    for (const [key, { untilMs }] of refusals) if (nowMs > untilMs + rememberedMs) refusals.delete(key);
  }

  return {
    leftAlone() {
      forgetOld();
      const nowMs = monotonicMs();
      return [...refusals].filter(([, { untilMs }]) => untilMs > nowMs).map(([key]) => key);
    },
    refused(key) {
      const times = (refusals.get(key)?.times ?? 0) + 1;
      const pauseMs = Math.min(pauseMaxMs, firstPauseMs * 2 ** (times - 1));
      refusals.set(key, { times, untilMs: monotonicMs() + pauseMs });
      return times;
    },
    forget: (key) => void refusals.delete(key),
    get count() {
      forgetOld();
      return refusals.size;
    },
  };
}
