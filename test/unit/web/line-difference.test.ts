// The difference between two texts, line by line.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineDifference } from "../../../web/attention/line-difference.ts";

const shown = (before: string, after: string): string[] =>
  lineDifference(before, after).map(
    ({ kind, text }) => `${{ same: " ", removed: "-", added: "+" }[kind]}${text}`,
  );

describe("a difference", () => {
  it("keeps what is common", () => {
    expect(shown("a\nb\nc\nd", "a\nc\nx\nd")).toEqual([" a", "-b", " c", "+x", " d"]);
    expect(shown("a", "a")).toEqual([" a"]);
    expect(shown("a\na", "a")).toEqual([" a", "-a"]);
  });

  it("gives back both texts, whatever they are", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "")).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = lineDifference(before, after);
        const without = (kind: string): string =>
          lines
            .filter((line) => line.kind !== kind)
            .map((line) => line.text)
            .join("\n");
        expect(without("added")).toBe(before);
        expect(without("removed")).toBe(after);
      }),
    );
  });
});
