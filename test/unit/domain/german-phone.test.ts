import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, test } from "vitest";
import { plainGermanPhone } from "../../../src/domain/values/german-phone.ts";

function byLibrary(text: string): string | null {
  const phone = parsePhoneNumberFromString(text, "DE");
  return phone?.isValid() === true ? phone.number : null;
}

describe("a number that is taken is the library's", () => {
  const prefix = fc.constantFrom("+49", "+49 ", "0", "+490", "+49 0", "00", "49", "+49(0)", "");
  const areaCode = fc.constantFrom(
    "151",
    "160",
    "170",
    "30",
    "40",
    "89",
    "201",
    "221",
    "3681",
    "800",
    "137",
    "1",
  );
  const digits = fc.string({ unit: fc.constantFrom(...Array.from("0123456789")), maxLength: 12 });
  const separator = fc.constantFrom("", " ", "-", "/", ".", "  ", " - ", "x", "(", ";");
  const number = fc
    .tuple(prefix, fc.oneof(areaCode, digits), separator, digits, separator, digits)
    .map((parts) => parts.join(""));

  test("in any spelling", () => {
    let taken = 0;
    fc.assert(
      fc.property(number, (text) => {
        const plain = plainGermanPhone(text);
        if (plain === null) return;
        taken += 1;
        expect(plain).toBe(byLibrary(text));
      }),
      { numRuns: 20_000 },
    );
    // About one in twenty is taken; how many exactly is chance.
    expect(taken).toBeGreaterThan(500);
  });
});

test.each([
  ["+49 151 00000001", "+4915100000001"],
  ["0221 123456", "+49221123456"],
  ["030/1234567", "+49301234567"],
  ["0170-1234567", "+491701234567"],
])("%s is plain", (text, expected) => {
  expect(plainGermanPhone(text)).toBe(expected);
  expect(byLibrary(text)).toBe(expected);
});

test.each(["+43 1 12345678", "0043 1 12345678", "+49 (0)221 123456", "0151 1", "110", "+49 0221 123456", ""])(
  "%s is left to the library",
  (text) => {
    expect(plainGermanPhone(text)).toBeNull();
  },
);
