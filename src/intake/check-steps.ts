// What a check of one lead may cost. Counted in steps, not in time, so that every node and every repeat decides alike.

/** A step is some 10 ns of work; measured, a check that is stopped has taken 0.1 to 0.3 s. */
export const checkStepsMax = 20_000_000;

/** Thrown out of a check that has used up its steps. */
export class StepsUsedUp extends Error {
  override readonly name = "StepsUsedUp";

  constructor() {
    super("the check has taken more steps than it may");
  }
}

export interface CheckSteps {
  /** Throws StepsUsedUp once more is spent than `work` was given. Without a `work` around it nothing is counted. */
  spend(steps: number): void;
  /** Does the work with so many steps; a check within a check would share the inner one's. */
  within<T>(stepsMax: number, work: () => T): T;
}

export function createCheckSteps(): CheckSteps {
  let left = Number.POSITIVE_INFINITY;
  return {
    spend(steps) {
      left -= steps;
      if (left < 0) throw new StepsUsedUp();
    },
    within(stepsMax, work) {
      left = stepsMax;
      try {
        return work();
      } finally {
        left = Number.POSITIVE_INFINITY;
      }
    },
  };
}
