// Letters written out in ASCII: one table for names of fields, of sources and of people.
import { describe, expect, it } from "vitest";
import { canonicalName } from "../../../src/domain/leads/field-names.ts";
import { searchedNameKeys } from "../../../src/domain/persons/person-name-key.ts";
import { nameFromLabel } from "../../../src/domain/sources/source-label.ts";
import { foldLetters } from "../../../src/domain/values/folded-letters.ts";
import { nameHashVersion } from "../../../src/ledger/leads/name-hashes.ts";

describe("Letters", () => {
  it.each([
    ["Größe", "groesse"],
    ["ÄÖÜẞ", "aeoeuess"],
    ["Ærø", "aeroe"],
    ["Åse", "ase"],
    ["Łódź", "lodz"],
    ["Þór Ðuro", "thor duro"],
    ["e\u0301t\u00e9", "ete"],
    ["Чехов 日本", "чехов 日本"],
  ])("of %s are written %s", (text, folded) => {
    expect(foldLetters(text)).toBe(folded);
    // The same everywhere, where there is nothing else to it.
    const [key] = searchedNameKeys(text);
    expect(key?.key.split(" ").toSorted()).toEqual(folded.split(" ").toSorted());
    if (/^[a-z ]+$/.test(folded)) expect(nameFromLabel(text)).toBe(folded.replaceAll(" ", "-"));
  });

  it("of a field's name are those of the table of names", () => {
    expect(canonicalName("Straße")).toEqual(canonicalName("strasse"));
    expect(canonicalName("Ærø-Straße")).toBe("aeroestrasse");
  });

  it("make the hashes of people's names: whoever changes them gives those a new version", () => {
    const said = ["Jörg Weiß", "Åse Ærø", "Łukasz Đurić", "O’Neill", "Þóra İnci"].map((name) =>
      searchedNameKeys(name).map(({ key }) => key),
    );
    expect({ version: nameHashVersion, keys: said.map(([key]) => key) }).toEqual({
      version: 2,
      keys: ["joerg weiss", "aeroe ase", "duric lukasz", "oneill", "inci thora"],
    });
  });
});
