// What is wrong with a source's map is said at its place: in the file, and to whoever changes the source.
import { describe, expect, it } from "vitest";
import { checkReading, checkSource } from "../../../src/config/check-part.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { problemsOf } from "./load.ts";

type Case = readonly [code: string, place: string, map: unknown];

/** Every origin that takes rules, with the same mistakes. */
const lists = (["first", "all", "join"] as const).flatMap((origin): Case[] => [
  ["value_missing", `map.town.${origin}`, { town: { [origin]: "/ort" } }],
  ["value_missing", `map.town.${origin}`, { town: { [origin]: { pointer: "/ort" } } }],
  ["list_empty", `map.town.${origin}`, { town: { [origin]: [] } }],
  ["pointer_invalid", `map.town.${origin}[1]`, { town: { [origin]: ["/ort", "stadt"] } }],
  ["map_rule_invalid", `map.town.${origin}[0]`, { town: { [origin]: [5] } }],
  ["map_rule_origin", `map.town.${origin}[0]`, { town: { [origin]: [{ default: "x" }] } }],
  ["value_missing", `map.town.${origin}[0].constant`, { town: { [origin]: [{ constant: 7 }] } }],
]);

const cases: readonly Case[] = [
  ["wrong_type", "map", "/ort"],
  ["wrong_type", "map", ["/ort"]],
  ["unknown_key", "map.toun", { toun: "/ort" }],
  ["unknown_key", "map.utm", { utm: "/utm" }],
  ["unknown_key", "map.consent", { consent: "/consent" }],
  ["map_rule_invalid", "map.town", { town: 5 }],
  ["map_rule_invalid", "map.town", { town: true }],
  ["pointer_invalid", "map.town", { town: "ort" }],
  ["pointer_invalid", "map.town", { town: "" }],
  ["pointer_invalid", "map.town", { town: "/a~2" }],
  ["list_empty", "map.town", { town: [] }],
  ["pointer_invalid", "map.town[1]", { town: ["/ort", "stadt"] }],
  ["map_rule_origin", "map.town", { town: {} }],
  ["map_rule_origin", "map.town", { town: { pointer: "/ort", constant: "Köln" } }],
  ["map_rule_origin", "map.town", { town: { format: "trim" } }],
  ["value_missing", "map.town.pointer", { town: { pointer: 5 } }],
  ["pointer_invalid", "map.town.pointer", { town: { pointer: "ort" } }],
  ["value_missing", "map.town.constant", { town: { constant: ["Köln"] } }],
  ["value_missing", "map.town.with", { town: { join: ["/plz", "/ort"], with: 5 } }],
  ["value_missing", "map.town.default", { town: { pointer: "/ort", default: 5 } }],
  ["not_one_of", "map.town.format", { town: { pointer: "/ort", format: "uper" } }],
  ["not_one_of", "map.town.format", { town: { pointer: "/ort", format: ["trim", "capital"] } }],
  ["not_one_of", "map.town.format", { town: { pointer: "/ort", format: 5 } }],
  ["map_table_invalid", "map.town.table", { town: { pointer: "/ort", table: ["K", "Köln"] } }],
  ["map_table_invalid", "map.town.table", { town: { pointer: "/ort", table: { K: 5 } } }],
  ["map_table_invalid", "map.town.table", { town: { pointer: "/ort", table: "K" } }],
  ["unknown_key", "map.town.pointr", { town: { pointr: "/ort", constant: "x" } }],
  ["map_rule_invalid", "map.town[0][0][0][0][0][0][0][0][0][0]", { town: nested(11) }],
  [
    "pointer_invalid",
    "map.phones.all[0].first[1].pointer",
    { phones: { all: [{ first: ["/a", { pointer: "b" }] }] } },
  ],
  ["pointer_invalid", "map.consent.given", { "consent.given": "optin" }],
  ["pointer_invalid", "map.utm.source", { "utm.source": "source" }],
  ...lists,
];

function nested(depth: number): unknown {
  return depth === 0 ? "/ort" : [nested(depth - 1)];
}

describe("A wrong map", () => {
  it.each(cases)("is told as %s at %s: %j", async (code, place, map) => {
    const yaml = JSON.stringify({ sources: { s: { auth: { kind: "none" }, map } } });
    const inFile = await problemsOf(yaml);
    expect(inFile.map((problem) => [problem.code, problem.path])).toContainEqual([
      code,
      `sources.s.${place}`,
    ]);
    const changed = checkSource("s", { auth: { kind: "none" }, to: [], map }, around, builtInKinds);
    expect(changed.ok ? [] : changed.problems.map(({ said, place: at }) => [said.code, at])).toContainEqual([
      code,
      place,
    ]);
    const tried = checkReading({ map, country: "DE" }, builtInKinds);
    expect(tried.ok ? [] : tried.problems.map(({ said, place: at }) => [said.code, at])).toEqual(
      changed.ok ? [] : changed.problems.map(({ said, place: at }) => [said.code, at]),
    );
  });

  it("may be right, and null is none", () => {
    const map = { town: ["/ort", { constant: "Köln" }], "utm.source": { constant: "messe" } };
    expect(checkReading({ map, country: "AT" }, builtInKinds)).toMatchObject({
      ok: true,
      part: { map, country: "AT" },
    });
    expect(checkReading({ map: null, country: null }, builtInKinds)).toMatchObject({
      ok: true,
      part: { map: null, country: "DE" },
    });
    expect(checkReading({ map: null, country: "Deutschland" }, builtInKinds)).toMatchObject({
      ok: false,
      problems: [{ place: "country" }],
    });
  });
});

const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
