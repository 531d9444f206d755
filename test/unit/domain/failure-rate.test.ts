// When a destination fails so often that it is left alone as a whole.
import { describe, expect, it } from "vitest";
import { failureRateLimits, noteAttempt } from "../../../src/domain/destinations/failure-rate.ts";
import type { Attempts, FailureCount } from "../../../src/domain/destinations/failure-rate.ts";
import type { Outcome } from "../../../src/domain/destinations/outcome.ts";
import { failure } from "../../../src/domain/destinations/outcome.ts";
import { chooseSeed, seededRandom } from "../../support/random.ts";

const arrived: Outcome = { kind: "delivered", httpStatus: 200 };
const failed = failure("destination_error", "crm answered 503");
const refused = failure("destination_rejected", "crm answered 422");
const brokenOff = failure("delivery_interrupted", "LeadLedger is stopping");

/** `x` failed, `.` arrived, `r` the lead was refused, `-` broken off by us; one second apart. */
function after(story: string, apartMs = 1_000): FailureCount | null {
  const outcomes: Record<string, Outcome> = { x: failed, ".": arrived, r: refused, "-": brokenOff };
  let attempts: Attempts = [];
  let last: FailureCount | null = null;
  Array.from(story).forEach((letter, index) => {
    const noted = noteAttempt(attempts, outcomes[letter] ?? arrived, index * apartMs);
    attempts = noted.attempts;
    last = noted.tooMany;
  });
  return last;
}

describe("a destination", () => {
  it.each([
    ["x".repeat(10), { failed: 10, of: 10 }],
    [`....${"x".repeat(10)}`, { failed: 10, of: 10 }],
    [`${"x".repeat(8)}......${"x".repeat(6)}`, { failed: 14, of: 20 }],
    [`${"x".repeat(5)}-----${"x".repeat(5)}`, { failed: 10, of: 10 }],
  ])("whose attempts end %s is left alone", (story, count) => {
    expect(after(story)).toEqual(count);
  });

  it.each([
    ["x".repeat(9), "too few to say"],
    [`${"x".repeat(9)}.${"x".repeat(9)}`, "not in a row, and fewer than are looked at"],
    [`${"x".repeat(7)}......${"x".repeat(7)}.`, "the last one arrived"],
    ["x.".repeat(30), "every other one arrives"],
    ["r".repeat(40), "the leads themselves are refused"],
    ["-".repeat(40), "broken off by us"],
  ])("whose attempts end %s is not: %s", (story) => {
    expect(after(story)).toBe(null);
  });

  it("is not left alone for what was long ago", () => {
    expect(after("x".repeat(40), failureRateLimits.windowMs / 9)).toBe(null);
  });

  it("is left alone exactly when the last attempts, counted by hand, say so", () => {
    const seed = chooseSeed();
    const random = seededRandom(seed);
    for (let round = 0; round < 200; round += 1) {
      const probability = random.next();
      const history: { isFailure: boolean; atMs: number }[] = [];
      let attempts: Attempts = [];
      let nowMs = 0;
      for (let step = 0; step < 60; step += 1) {
        nowMs += random.below(12_000);
        const outcome = random.chance(probability) ? failed : random.pick([arrived, refused, brokenOff]);
        const noted = noteAttempt(attempts, outcome, nowMs);
        attempts = noted.attempts;
        if (outcome !== brokenOff) history.push({ isFailure: outcome === failed, atMs: nowMs });
        const recent = history.filter(({ atMs }) => nowMs - atMs < failureRateLimits.windowMs);
        const failuresIn = (last: number): number =>
          recent.slice(-last).filter(({ isFailure }) => isFailure).length;
        const { inRow, attempts: looked, failed: tooMany } = failureRateLimits;
        const isTooMany =
          outcome === failed &&
          (failuresIn(inRow) >= inRow || (recent.length >= looked && failuresIn(looked) >= tooMany));
        expect(noted.tooMany !== null, `seed ${seed}`).toBe(isTooMany);
        expect(attempts.length).toBeLessThanOrEqual(looked);
      }
    }
  });
});
