// A limited room that several share, so that one who is noisy cannot keep the others out: up to half of it is whoever's
// comes first; beyond that nobody takes more than an equal share, reckoned with one share left for whoever comes next.

export interface FairShares {
  mayTake(name: string, amount: number): boolean;
  /** Only what `mayTake` allows, unless a single thing is larger than everything. */
  take(name: string, amount: number): void;
  giveBack(name: string, amount: number): void;
  readonly taken: number;
}

export function createFairShares(total: number): FairShares {
  const amounts = new Map<string, number>();
  let taken = 0;
  return {
    mayTake(name, amount) {
      const after = taken + amount;
      if (after * 2 <= total) return true;
      if (after > total) return false;
      const own = amounts.get(name);
      const sharers = amounts.size + (own === undefined ? 1 : 0);
      return (own ?? 0) + amount <= total / (sharers + 1);
    },
    take(name, amount) {
      taken += amount;
      amounts.set(name, (amounts.get(name) ?? 0) + amount);
    },
    giveBack(name, amount) {
      taken -= amount;
      const left = (amounts.get(name) ?? 0) - amount;
      if (left > 0) amounts.set(name, left);
      else amounts.delete(name);
    },
    get taken() {
      return taken;
    },
  };
}
