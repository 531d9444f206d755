// Display names of sources, and the part of the address that comes of them.
import { describe, expect, test } from "vitest";
import { isLabel, nameFromLabel } from "../../../src/domain/sources/source-label.ts";

describe("A display name", () => {
  test.each(["Kontaktformular Köln", "Möbel & Küchen (Süd)", "👩‍💻 Website", "ß", "x".repeat(80)])(
    "may be %s",
    (label) => expect(isLabel(label)).toBe(true),
  );
  test.each([
    "",
    " ",
    " vorn",
    "hinten ",
    "zwei\nZeilen",
    "x".repeat(81),
    "um\u202egedreht",
    "\ud800",
    "a\u2028b",
  ])("cannot be %j", (label) => expect(isLabel(label)).toBe(false));
});

describe("The name in the address", () => {
  test.each([
    ["Kontaktformular Köln", "kontaktformular-koeln"],
    ["Über uns: Größe & Maß", "ueber-uns-groesse-mass"],
    ["U\u0308ber", "ueber"],
    ["Éclair São Paulo", "eclair-sao-paulo"],
    ["  --Ort--  ", "ort"],
    ["v1.2_neu", "v1.2_neu"],
    ["Praxis Dr. Müller", "praxis-dr-mueller"],
    ["日本", ""],
    ["x".repeat(80), "x".repeat(63)],
    [`${"x".repeat(62)} y`, "x".repeat(62)],
  ])("of %j is %j", (label, name) => expect(nameFromLabel(label)).toBe(name));

  test("gets a number where it is taken, in whatever case, and stays short enough", () => {
    expect(nameFromLabel("Köln", ["koeln"])).toBe("koeln-2");
    expect(nameFromLabel("Köln", ["KOELN", "koeln-2"])).toBe("koeln-3");
    expect(nameFromLabel("x".repeat(80), ["x".repeat(63)])).toBe(`${"x".repeat(61)}-2`);
  });
});
