// Whose turn it is, where leads are distributed among several destinations.
import { describe, expect, it } from "vitest";
import { readToEntry, toEntryOf, whoseTurn } from "../../../src/domain/leads/distribution.ts";
import type { Share, ToEntry } from "../../../src/domain/leads/distribution.ts";
import { chooseSeed, seededRandom } from "../../support/random.ts";

function shares(weights: readonly number[]): Share[] {
  return weights.map((weight, index) => ({ destination: `d${index}`, weight }));
}

function firstTurns(members: readonly Share[], count: number, skipped: readonly string[] = []): string {
  const group = { members, skipped };
  return Array.from({ length: count }, (_, turn) => whoseTurn(group, turn)).join(" ");
}

describe("leads that are distributed", () => {
  it("go round in the order in which the destinations are named, where nobody has a weight", () => {
    expect(firstTurns(shares([1, 1, 1]), 7)).toBe("d0 d1 d2 d0 d1 d2 d0");
    expect(firstTurns(shares([5, 5]), 3)).toBe("d0 d1 d0");
  });

  it("are mixed, not sent in blocks, where they have", () => {
    expect(firstTurns(shares([1, 3]), 8)).toBe("d1 d1 d0 d1 d1 d1 d0 d1");
    expect(firstTurns(shares([1, 1, 2]), 4)).toBe("d2 d0 d1 d2");
  });

  it("leave out who is skipped, and nobody where all are", () => {
    expect(firstTurns(shares([1, 1, 1]), 4, ["d1"])).toBe("d0 d2 d0 d2");
    expect(firstTurns(shares([1, 1]), 4, ["d0", "d1"])).toBe("d0 d1 d0 d1");
    expect(whoseTurn({ members: [] }, 3)).toBe(null);
  });

  it("differ from everybody's share by less than one after any number of them", () => {
    const seed = chooseSeed();
    const random = seededRandom(seed);
    for (let round = 0; round < 150; round += 1) {
      const weights = Array.from(
        { length: 1 + Math.floor(random.next() * 9) },
        () => 1 + Math.floor(random.next() * 100),
      );
      const members = shares(weights);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const had = new Map<string, number>();
      const group = { members };
      let worst = 0;
      for (let turn = 0; turn < 2 * total + 7; turn += 1) {
        const name = whoseTurn(group, turn) ?? "";
        had.set(name, (had.get(name) ?? 0) + 1);
        for (const { destination, weight } of members)
          worst = Math.max(worst, Math.abs((had.get(destination) ?? 0) - ((turn + 1) * weight) / total));
      }
      expect(worst, `${weights.join()}, seed ${seed}`).toBeLessThan(1);
    }
  });
});

describe("where leads of a source go", () => {
  it("is written as it was read", () => {
    const written: ToEntry[][] = [
      ["crm"],
      [],
      ["crm", { one_of: ["anna", { destination: "bernd", weight: 2 }] }],
      [{ one_of: ["anna", "bernd"], skip_paused: true }, { one_of: ["carla", "dora"] }],
    ];
    for (const to of written) expect(toEntryOf(readToEntry(to))).toEqual(to);
    expect(toEntryOf(readToEntry(null))).toBe(null);
  });

  it("names everybody for whoever knows no groups", () => {
    expect(readToEntry(["crm", { one_of: ["anna", "bernd"] }]).to).toEqual(["crm", "anna", "bernd"]);
  });
});
