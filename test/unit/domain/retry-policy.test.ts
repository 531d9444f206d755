import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultRetry } from "../../../src/domain/destinations/destination.ts";
import type { RetrySchedule } from "../../../src/domain/destinations/destination.ts";
import { failure } from "../../../src/domain/destinations/outcome.ts";
import type { FailureCode, Outcome } from "../../../src/domain/destinations/outcome.ts";
import { decide, fastWaitMaxMs, slowJitterRatio } from "../../../src/domain/destinations/retry-policy.ts";
import type { Decision, Lane } from "../../../src/domain/destinations/retry-policy.ts";

const noJitter = (): number => 0.5;
const down = outcomeOf("destination_error");

function outcomeOf(code: FailureCode, retryAfterMs: number | null = null): Outcome {
  return { ...failure(code, "crm failed"), retryAfterMs };
}

function after(
  lane: Lane,
  attemptsMade: number,
  outcome: Outcome,
  schedule: RetrySchedule = defaultRetry,
  random: () => number = noJitter,
): Decision {
  return decide({ lane, attemptsMade, outcome, schedule, random });
}

describe("in the fast lane", () => {
  it("a lead that arrived is done", () => {
    expect(after("fast", 1, { kind: "delivered", httpStatus: 200 })).toEqual({ kind: "delivered" });
  });

  it("a destination that is down is tried after 1 s, after 5 s, and then from the DLQ after a minute", () => {
    expect(after("fast", 1, down)).toEqual({ kind: "retry_fast", delayMs: 1_000 });
    expect(after("fast", 2, down)).toEqual({ kind: "retry_fast", delayMs: 5_000 });
    expect(after("fast", 3, down)).toEqual({ kind: "to_dlq", nextRetryDelayMs: 60_000 });
  });

  it.each(["destination_auth", "destination_configuration"] as const)(
    "where a person must mend the destination (%s), the lead goes to the DLQ at once and never waits for a decision",
    (code) => {
      expect(after("fast", 1, outcomeOf(code))).toEqual({ kind: "to_dlq", nextRetryDelayMs: 60_000 });
      expect(after("fast", 1, outcomeOf(code), { fastMs: [], slowMs: [] })).toEqual({
        kind: "to_dlq",
        nextRetryDelayMs: 60_000,
      });
    },
  );

  it("what is refused for good goes to the DLQ at once and waits for a person", () => {
    expect(after("fast", 1, outcomeOf("destination_rejected", 5_000))).toEqual({
      kind: "to_dlq",
      nextRetryDelayMs: null,
    });
  });

  it("a short Retry-After is sat out, a long one is left to the DLQ", () => {
    expect(after("fast", 1, outcomeOf("destination_throttled", 500))).toEqual({
      kind: "retry_fast",
      delayMs: 1_000,
    });
    expect(after("fast", 1, outcomeOf("destination_throttled", 3_000))).toEqual({
      kind: "retry_fast",
      delayMs: 3_000,
    });
    expect(after("fast", 1, outcomeOf("destination_throttled", 120_000))).toEqual({
      kind: "to_dlq",
      nextRetryDelayMs: 120_000,
    });
  });

  it("a Retry-After that is longer than the first slow delay wins when the fast schedule is used up", () => {
    expect(after("fast", 3, outcomeOf("destination_error", 90_000))).toEqual({
      kind: "to_dlq",
      nextRetryDelayMs: 90_000,
    });
  });

  it("empty schedules mean one attempt, and then a person", () => {
    const none = { fastMs: [], slowMs: [] };
    expect(after("fast", 1, down, none)).toEqual({ kind: "to_dlq", nextRetryDelayMs: null });
    expect(after("fast", 1, down, { fastMs: [], slowMs: [60_000] })).toEqual({
      kind: "to_dlq",
      nextRetryDelayMs: 60_000,
    });
    expect(after("dlq", 1, down, none)).toEqual({ kind: "dead" });
  });
});

describe("in the DLQ", () => {
  it("attempts follow the long schedule, and after its last step the entry is dead", () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((attempts) => after("dlq", attempts, down));
    expect(delays).toEqual(
      [300_000, 1_800_000, 7_200_000, 43_200_000, ...Array<number>(8).fill(86_400_000)].map(
        (nextRetryDelayMs) => ({
          kind: "reschedule",
          nextRetryDelayMs,
        }),
      ),
    );
    expect(after("dlq", 13, down)).toEqual({ kind: "dead" });
  });

  it.each(["destination_auth", "destination_configuration"] as const)(
    "where a person must mend the destination (%s), an entry waits and uses up no step, however long it takes",
    (code) => {
      expect(after("dlq", 1, outcomeOf(code))).toEqual({
        kind: "reschedule",
        nextRetryDelayMs: 60_000,
        waits: true,
      });
      expect(after("dlq", 400, outcomeOf(code))).toMatchObject({ kind: "reschedule", waits: true });
      expect(after("dlq", 1, outcomeOf(code), { fastMs: [], slowMs: [] })).toMatchObject({
        nextRetryDelayMs: 60_000,
      });
    },
  );

  it("what is refused to one lead alone, while others get through, uses up its schedule", () => {
    const end = { lane: "dlq", attemptsMade: 13, schedule: defaultRetry, random: noJitter } as const;
    expect(decide({ ...end, outcome: outcomeOf("destination_auth"), refusedAlone: true })).toEqual({
      kind: "dead",
    });
  });

  it("a destination that is down is tried for at least seven days, even where every pause is a tenth shorter", () => {
    const shortestMs = defaultRetry.slowMs.reduce((sum, delayMs) => sum + delayMs * (1 - slowJitterRatio), 0);
    expect(shortestMs).toBeGreaterThanOrEqual(7 * 86_400_000);
  });

  it("a permanent refusal stops the schedule and waits for a person", () => {
    expect(after("dlq", 1, outcomeOf("destination_rejected"))).toEqual({
      kind: "reschedule",
      nextRetryDelayMs: null,
    });
  });

  it("delays are spread by a tenth either way", () => {
    expect(after("dlq", 1, down, defaultRetry, () => 0)).toMatchObject({ nextRetryDelayMs: 270_000 });
    expect(after("dlq", 1, down, defaultRetry, () => 1)).toMatchObject({ nextRetryDelayMs: 330_000 });
  });
});

describe("whatever the schedule, the attempt and the outcome", () => {
  const delaysMs = fc.array(fc.nat(86_400_000), { maxLength: 8 });
  const schedules = fc.record({ fastMs: delaysMs, slowMs: delaysMs });
  const lanes = fc.constantFrom<Lane>("fast", "dlq");
  const transientCodes = fc.constantFrom<FailureCode>(
    "destination_error",
    "destination_dns",
    "destination_auth",
  );
  const waits = fc.option(fc.nat(86_400_000));
  const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it("a delivery never waits less than the destination asked for", () => {
    fc.assert(
      fc.property(
        lanes,
        fc.integer({ min: 1, max: 10 }),
        transientCodes,
        waits,
        schedules,
        randoms,
        (lane, attempts, code, waitMs, schedule, random) => {
          const delayMs = delayOf(after(lane, attempts, outcomeOf(code, waitMs), schedule, () => random));
          expect(delayMs === null || delayMs >= (waitMs ?? 0)).toBe(true);
        },
      ),
    );
  });

  it("a delivery that always fails ends after as many attempts as its schedule has steps, plus the first", () => {
    fc.assert(
      fc.property(schedules, randoms, (schedule, random) => {
        expect(attemptsUntilTheEnd(schedule, () => random)).toBe(
          1 + schedule.fastMs.length + schedule.slowMs.length,
        );
      }),
    );
  });

  it("the fast lane holds nothing for longer than its longest step or five seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), waits, schedules, (attempts, waitMs, schedule) => {
        const decision = after("fast", attempts, outcomeOf("destination_throttled", waitMs), schedule);
        if (decision.kind === "retry_fast") {
          expect(decision.delayMs).toBeLessThanOrEqual(Math.max(fastWaitMaxMs, ...schedule.fastMs));
        }
      }),
    );
  });
});

function delayOf(decision: Decision): number | null {
  switch (decision.kind) {
    case "retry_fast":
      return decision.delayMs;
    case "to_dlq":
    case "reschedule":
      return decision.nextRetryDelayMs;
    case "delivered":
    case "dead":
      return null;
  }
}

function attemptsUntilTheEnd(schedule: RetrySchedule, random: () => number): number {
  let lane: Lane = "fast";
  let attemptsInLane = 0;
  for (let total = 1; ; total++) {
    const decision = after(lane, ++attemptsInLane, down, schedule, random);
    if (delayOf(decision) === null) return total;
    if (decision.kind === "to_dlq") [lane, attemptsInLane] = ["dlq", 0];
  }
}
