// Texts in CSV files: harmless in a spreadsheet, whole for everybody.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excelText, originalText, plainText } from "../../../src/exchange/spreadsheet-text.ts";

const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;
/** Without a letter there is neither a function nor a reference. */
const onlyDigitsAndSigns = /^[\d ()/.,:+-]+$/;
const dangerous = fc
  .tuple(
    fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      "\t",
      "\r",
      "\n",
      "＝",
      "＋",
      "－",
      "＠",
      "'",
      "''=",
      '="',
      "0",
      "(0",
    ),
    fc.string(),
  )
  .map(([start, rest]) => start + rest);
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string(), dangerous);

describe("texts in a file for spreadsheets", () => {
  it("never become a formula", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = plainText(text);
        expect(formulaStart.test(plain) && !onlyDigitsAndSigns.test(plain)).toBe(false);
        const forExcel = excelText(text);
        const kept = /^="([^"]*)"$/.exec(forExcel)?.[1];
        if (kept === undefined) expect(formulaStart.test(forExcel)).toBe(false);
        else expect(kept).toMatch(/^[\d ()/.,:+eE-]+$/);
      }),
      { numRuns: 5_000 },
    );
  });

  it("can be read back as they were", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(originalText(plainText(text))).toBe(text);
        expect(originalText(excelText(text))).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(["+49 711 123-45", "+49 (0)711 / 12345", "+4915112345678", "-12.5", "0711 12345"])(
    "leave the number %s alone, unless Excel would calculate with it",
    (number) => {
      expect(plainText(number)).toBe(number);
      expect(excelText(number)).toBe(`="${number}"`);
    },
  );

  it.each(["01067", "70173", "1-2", "3/4", "12:30", "1e5", "00491234567890123456"])(
    "keep %s from becoming another number or a date in Excel",
    (text) => expect(excelText(text)).toBe(`="${text}"`),
  );

  it.each([
    '=HYPERLINK("http://x")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=1+1",
    "+A1",
  ])("mark %j", (text) => {
    expect(plainText(text)).toBe(`'${text}`);
    expect(excelText(text)).toBe(`'${text}`);
  });
});
