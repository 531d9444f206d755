// The editor of a source's map: what it shows of a stored rule, and what it sends.
import { describe, expect, it } from "vitest";
import { plainReading } from "../../../src/domain/leads/lead-reading.ts";
import { readLead } from "../../../src/domain/leads/read-lead.ts";
import type { LeadMap, MapRule } from "../../../src/domain/leads/map-rules.ts";
import { parseExactly } from "../../../src/domain/values/exact-json.ts";
import {
  draftOfRule,
  mapDraftOf,
  mapOf,
  memberText,
  noRule,
  placesIn,
  ruleOf,
} from "../../../web/sources-and-destinations/map-draft.ts";

describe("A rule in the editor", () => {
  it.each<readonly [kind: string, rule: MapRule]>([
    ["pointer", "/ort"],
    ["pointer", { pointer: "/ort", format: "trim" }],
    ["pointer", { pointer: "/ort", format: ["trim", "upper"], table: { K: "Köln" }, default: "Bonn" }],
    ["first", ["/ort", "/stadt"]],
    ["first", { first: ["/ort", "/stadt"], format: "lower" }],
    ["all", { all: ["/tel", "/mobil"] }],
    ["join", { join: ["/plz", "/ort"] }],
    ["join", { join: ["/nach", "/vor"], with: ", ", table: { a: "b" } }],
    ["constant", { constant: "Muster GmbH" }],
    ["json", ["/ort", { constant: "Köln" }]],
    ["json", { join: [{ pointer: "/vor", format: "trim" }, "/nach"] }],
  ])("of kind %s comes back as it was: %j", (kind, rule) => {
    const draft = draftOfRule(rule);
    expect(draft.kind).toBe(kind);
    expect(ruleOf(draft)).toEqual(rule);
  });

  it("that cannot be read as JSON goes as it was typed, so that the server says what is wrong", () => {
    expect(ruleOf({ ...noRule, kind: "json", json: "{" })).toBe("{");
  });

  it("leaves out rows of its table that were never filled in", () => {
    const table = [
      { from: "", to: "" },
      { from: "1", to: "Herr" },
    ];
    expect(ruleOf({ ...noRule, kind: "pointer", pointers: ["/sex"], table })).toEqual({
      pointer: "/sex",
      table: { "1": "Herr" },
    });
  });
});

describe("A map in the editor", () => {
  const stored: LeadMap = { town: { first: ["/ort"] }, "utm.source": { constant: "messe" } };

  it("shows every member, and stays as it was written where nobody touched it", () => {
    const draft = mapDraftOf(stored);
    expect(draft["town"]).toMatchObject({ kind: "first", pointers: ["/ort"] });
    expect(draft["phones"]).toEqual(noRule);
    expect(draft["utm.source"]).toMatchObject({ kind: "constant", constant: "messe" });
    expect(mapOf(draft, stored)).toEqual(stored);
  });

  it("says what was changed, and nothing where every rule was taken away", () => {
    const draft = mapDraftOf(stored);
    const changed = {
      ...draft,
      town: noRule,
      name: { ...noRule, kind: "pointer" as const, pointers: ["/n"] },
    };
    expect(mapOf(changed, stored)).toEqual({ name: "/n", "utm.source": { constant: "messe" } });
    expect(mapOf(mapDraftOf(null), null)).toBeNull();
  });
});

it("Places of a body are offered with what stands there, numbers to the last digit", () => {
  const body = parseExactly(
    '{"kontakt":{"vorname":"Jörg"},"ids":[12345678901234567890],"a/b":true,"leer":null}',
  );
  expect(placesIn(body)).toEqual([
    { pointer: "/kontakt/vorname", text: "Jörg" },
    { pointer: "/ids/0", text: "12345678901234567890" },
    { pointer: "/a~1b", text: "true" },
  ]);
  expect(placesIn("text")).toEqual([]);
});

it.each([
  ["town", "Köln"],
  ["phones", "+492211234567"],
  ["consent.given", "true"],
  ["consent.at", null],
  ["utm.source", "google"],
  ["click_ids.gclid", null],
])("A lead's %s is shown as text", (name, text) => {
  const body = { ort: "Köln", telefon: "0221 1234567", einwilligung: true, utm_source: "google" };
  expect(memberText(readLead(body, plainReading), name)).toBe(text);
});
