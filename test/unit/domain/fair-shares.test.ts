// Fair shares of a limited room: never more than there is, and always a place for whoever has little.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFairShares } from "../../../src/domain/sources/fair-shares.ts";

describe("fair shares", () => {
  it("give one alone half of the room, and keep the rest for others", () => {
    const shares = createFairShares(100);
    let taken = 0;
    while (shares.mayTake("noisy", 1)) {
      shares.take("noisy", 1);
      taken += 1;
    }
    expect(taken).toBe(50);
    expect(shares.mayTake("quiet", 1)).toBe(true);
  });

  it("never let out more than there is, and take everything back", () => {
    const step = fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      amount: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const shares = createFairShares(100);
        const given: { name: string; amount: number }[] = [];
        for (const [index, { name, amount }] of steps.entries()) {
          if (shares.mayTake(name, amount)) {
            shares.take(name, amount);
            given.push({ name, amount });
          }
          expect(shares.taken).toBeLessThanOrEqual(100);
          if (index % 3 === 2) {
            const back = given.shift();
            if (back !== undefined) shares.giveBack(back.name, back.amount);
          }
        }
        for (const { name, amount } of given) shares.giveBack(name, amount);
        expect(shares.taken).toBe(0);
        expect(shares.mayTake("e", 50)).toBe(true);
      }),
    );
  });

  it("let a newcomer in however many are noisy, as soon as these have had to go on at their shares", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (noisy) => {
        const shares = createFairShares(1_000);
        // Everybody takes what they get and gives back one at a time, in turn, for a while.
        const held = Array.from({ length: noisy }, () => 0);
        for (let round = 0; round < 2_500; round += 1) {
          const who = round % noisy;
          while (shares.mayTake(`n${who}`, 1)) {
            shares.take(`n${who}`, 1);
            held[who] = (held[who] ?? 0) + 1;
          }
          const largest = held.indexOf(Math.max(...held));
          shares.giveBack(`n${largest}`, 1);
          held[largest] = (held[largest] ?? 0) - 1;
        }
        expect(shares.mayTake("newcomer", 1)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
