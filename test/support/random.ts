// Random choices that can be made again: the same seed, the same choices.

export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Each item with the weight beside it. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T;
}

const seedsMax = 2 ** 32;

/** The seed of LEADLEDGER_SEED, to see a failure again; otherwise a different one every time. */
export function chooseSeed(): number {
  const given = Number(process.env["LEADLEDGER_SEED"] ?? Number.NaN);
  return Number.isInteger(given) ? given : Math.floor(Math.random() * seedsMax);
}

/** mulberry32 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / seedsMax;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    weighted: (items) => {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0);
      const found = items.find(([weight]) => (left -= weight) < 0) ?? items[0];
      if (found === undefined) throw new Error("nothing to choose from");
      return found[1];
    },
  };
}
