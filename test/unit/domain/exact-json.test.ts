// JSON whose numbers stay as they were written.
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseExactly, writeExactly } from "../../../src/domain/values/exact-json.ts";

it.each(["1.10", "1.0", "1e2", "1E+2", "-0", "12345678901234567890", "0.1000000000000000055", "1e999"])(
  "%s is written as it was read",
  (digits) => {
    expect(writeExactly(parseExactly(`{"n":[${digits}]}`))).toBe(`{"n":[${digits}]}`);
  },
);

it("numbers that JavaScript writes the same way are plain numbers", () => {
  expect(parseExactly("[1.1,0,-7,1e+21,150]")).toStrictEqual([1.1, 0, -7, 1e21, 150]);
});

it("everything else is read and laid out as by JSON itself", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(0, 2), (json, indentSpaces) => {
      const laidOut = JSON.stringify(JSON.parse(json), null, indentSpaces);
      fc.pre(!laidOut.includes("__proto__"));
      expect(writeExactly(parseExactly(laidOut), indentSpaces)).toBe(laidOut);
    }),
  );
});
