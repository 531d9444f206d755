// Names in the form in which they are found again.
import { describe, expect, it } from "vitest";
import { nameKeysOf, searchedNameKeys } from "../../../src/domain/persons/person-name-key.ts";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import { readLead } from "../../../src/domain/leads/read-lead.ts";

/** Whether a lead with these fields is found by this. */
function finds(searched: string, fields: Readonly<Record<string, string>>): boolean {
  const keys = nameKeysOf(readLead(fields, plainReading)).map(({ kind, key }) => `${kind}: ${key}`);
  return searchedNameKeys(searched).some(({ kind, key }) => keys.includes(`${kind}: ${key}`));
}

describe("A lead of somebody is found by", () => {
  it.each([
    ["Weiß", { name: "Jörg Weiß" }],
    ["WEISS", { name: "Jörg Weiß" }],
    ["Jörg Weiß", { vorname: "Jörg", nachname: "Weiß" }],
    ["joerg weiss", { name: "Weiß, Jörg" }],
    ["Weiß, Jörg", { name: "Herr Dr. Jörg Weiß" }],
    ["Herr Jörg Weiß", { name: "Jörg Weiß" }],
    ["Dr. Weiß", { name: "Jörg Weiß" }],
    ["Frau Müller-Lüdenscheidt", { nachname: "Mueller-Luedenscheidt" }],
    ["Lüdenscheidt", { nachname: "Müller-Lüdenscheidt" }],
    ["Muller Ludenscheidt", { nachname: "Muller-Ludenscheidt" }],
    ["von Berg", { name: "Anna Maria von Berg" }],
    ["Berg", { name: "Anna Maria von Berg" }],
    ["Anna Maria von Berg", { name: "Anna Maria von Berg" }],
    ["Anna von Berg", { name: "Anna Maria von Berg" }],
    ["René Lefèvre", { vorname: "Rene", nachname: "Lefevre" }],
    ["Jo\u0308rg Weiß", { name: "Jörg Weiß" }],
    ["O'Neill", { name: "Patrick O’Neill" }],
    ["Søren Ærø", { name: "Soeren Aeroe" }],
    ["Чехов", { name: "Антон Чехов" }],
    ["Madonna", { name: "Madonna" }],
  ])("%s: %j", (searched, fields) => {
    expect(finds(searched, fields)).toBe(true);
  });

  it.each([
    ["Weis", { name: "Jörg Weiß" }],
    ["Jörg", { name: "Jörg Weiß" }],
    ["Georg Weiß", { name: "Jörg Weiß" }],
    ["von", { name: "Anna von Berg" }],
    ["Muster", { company: "Muster GmbH", name: "Eva Maier" }],
    ["", { name: "Jörg Weiß" }],
    ["  ,- ", { name: "Jörg Weiß" }],
  ])("but not by %s: %j", (searched, fields) => {
    expect(finds(searched, fields)).toBe(false);
  });
});
