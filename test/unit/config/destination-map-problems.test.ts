// What is wrong with a destination's map or condition is said at its place: in the file, and to whoever changes it.
import { describe, expect, it } from "vitest";
import { checkDestination } from "../../../src/config/check-part.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { problemsOf } from "./load.ts";

type Case = readonly [code: string, place: string, entry: Readonly<Record<string, unknown>>];

const mapped = (code: string, place: string, map: unknown): Case => [code, place, { map }];
const when = (code: string, place: string, condition: unknown): Case => [code, place, { when: condition }];

const manyTargets = Object.fromEntries(
  Array.from({ length: 301 }, (_, index) => [`t${index}`, "/lead/email"]),
);

function nested(depth: number): unknown {
  return depth === 0 ? { pointer: "/lead/email", exists: true } : { not: nested(depth - 1) };
}

const maps: readonly Case[] = [
  mapped("wrong_type", "map", "/lead/email"),
  mapped("wrong_type", "map", ["/lead/email"]),
  mapped("map_empty", "map", {}),
  mapped("map_too_large", "map", manyTargets),
  mapped("map_target_invalid", "map.a..b", { "a..b": "/lead/email" }),
  mapped("map_target_invalid", "map.a.", { "a.": "/lead/email" }),
  mapped("map_target_invalid", "map.", { "": "/lead/email" }),
  mapped("map_target_invalid", "map./", { "/": "/lead/email" }),
  mapped("map_target_invalid", "map./a~2", { "/a~2": "/lead/email" }),
  mapped("map_target_invalid", "map.a.b.c.d.e.f.g.h.i.j.k", { "a.b.c.d.e.f.g.h.i.j.k": "/lead/email" }),
  mapped("map_target_conflict", "map.a.b", { a: "/lead/email", "a.b": "/lead/name" }),
  mapped("map_target_conflict", "map.a", { "a.b": "/lead/email", a: "/lead/name" }),
  mapped("map_target_conflict", "map./a/b", { "a.b": "/lead/email", "/a/b": "/lead/name" }),
  mapped("map_rule_invalid", "map.t", { t: 5 }),
  mapped("map_rule_invalid", "map.t", { t: true }),
  mapped("list_empty", "map.t", { t: [] }),
  mapped("map_rule_invalid", "map.t[0]", { t: [5] }),
  mapped("pointer_invalid", "map.t", { t: "email" }),
  mapped("pointer_invalid", "map.t", { t: "" }),
  mapped("pointer_invalid", "map.t", { t: "/a~2" }),
  mapped("map_pointer_unknown", "map.t", { t: "/email" }),
  mapped("map_pointer_unknown", "map.t", { t: "/lead/mail" }),
  mapped("map_pointer_unknown", "map.t[1]", { t: ["/lead/email", "/body/email"] }),
  mapped("map_pointer_unknown", "map.t.join[0].pointer", { t: { join: [{ pointer: "/name" }] } }),
  mapped("map_rule_origin", "map.t", { t: {} }),
  mapped("map_rule_origin", "map.t", { t: { format: "trim" } }),
  mapped("map_rule_origin", "map.t", { t: { pointer: "/lead/email", constant: "x" } }),
  mapped("value_missing", "map.t.pointer", { t: { pointer: 5 } }),
  mapped("value_missing", "map.t.first", { t: { first: "/lead/email" } }),
  mapped("list_empty", "map.t.all", { t: { all: [] } }),
  mapped("map_number_inexact", "map.t.constant", { t: { constant: 1e300 } }),
  mapped("value_missing", "map.t[0].constant", { t: [{ constant: 5 }] }),
  mapped("value_missing", "map.t.with", { t: { join: ["/lead/name"], with: 5 } }),
  mapped("value_missing", "map.t.default", { t: { pointer: "/lead/email", default: 5 } }),
  mapped("not_one_of", "map.t.format", { t: { pointer: "/lead/email", format: "lowercase" } }),
  mapped("not_one_of", "map.t.type", { t: { pointer: "/lead/email", type: "string" } }),
  mapped("not_one_of", "map.t.type", { t: { pointer: "/lead/email", type: 5 } }),
  mapped("value_missing", "map.t.required", { t: { pointer: "/lead/email", required: "yes" } }),
  mapped("map_table_invalid", "map.t.table", { t: { pointer: "/lead/email", table: ["a"] } }),
  mapped("map_table_invalid", "map.t.table", { t: { pointer: "/lead/email", table: { a: 5 } } }),
  mapped("unknown_key", "map.t.requierd", { t: { pointer: "/lead/email", requierd: true } }),
  // What a source's rules cannot say, rules within rules cannot either.
  mapped("unknown_key", "map.t[0].required", { t: [{ pointer: "/lead/email", required: true }] }),
  mapped("unknown_key", "map.t.first[0].type", { t: { first: [{ pointer: "/lead/email", type: "text" }] } }),
];

const conditions: readonly Case[] = [
  when("wrong_type", "when", "DE"),
  when("wrong_type", "when", [{ pointer: "/lead/country", equals: "DE" }]),
  when("condition_choice", "when", {}),
  when("condition_choice", "when", { equals: "DE" }),
  when("condition_choice", "when", { pointer: "/lead/country", equals: "DE", any: [] }),
  when("condition_invalid", "when.all[0]", { all: ["DE"] }),
  when("condition_invalid", "when.not", { not: true }),
  when("value_missing", "when.all", { all: { pointer: "/lead/country", equals: "DE" } }),
  when("list_empty", "when.any", { any: [] }),
  when("condition_operator", "when", { pointer: "/lead/country" }),
  when("condition_operator", "when", { pointer: "/lead/country", equals: "DE", exists: true }),
  when("value_missing", "when.pointer", { pointer: 5, equals: "DE" }),
  when("pointer_invalid", "when.pointer", { pointer: "country", equals: "DE" }),
  when("map_pointer_unknown", "when.all[1].pointer", {
    all: [
      { pointer: "/source", exists: true },
      { pointer: "/country", equals: "DE" },
    ],
  }),
  when("condition_value_invalid", "when.equals", { pointer: "/lead/country", equals: ["DE"] }),
  when("condition_value_invalid", "when.equals", { pointer: "/lead/country", equals: { a: 1 } }),
  when("map_number_inexact", "when.equals", { pointer: "/data/id", equals: 1e300 }),
  when("value_missing", "when.in", { pointer: "/lead/country", in: "DE" }),
  when("list_empty", "when.in", { pointer: "/lead/country", in: [] }),
  when("condition_value_invalid", "when.in", { pointer: "/lead/country", in: ["DE", ["AT"]] }),
  when("value_missing", "when.exists", { pointer: "/lead/country", exists: "yes" }),
  when("value_missing", "when.missing", { pointer: "/lead/country", missing: 1 }),
  when("value_missing", "when.matches", { pointer: "/lead/country", matches: 5 }),
  when("pattern_invalid", "when.matches", { pointer: "/lead/country", matches: "(" }),
  when("pattern_refers_back", "when.matches", { pointer: "/lead/country", matches: "^(a|b)\\1$" }),
  when("pattern_too_large", "when.matches", { pointer: "/lead/country", matches: "^.{1,1000}$" }),
  when("unknown_key", "when.equal", { pointer: "/lead/country", equal: "DE" }),
  when("unknown_key", "when.equals", { not: { pointer: "/lead/country", equals: "DE" }, equals: "DE" }),
  when("condition_too_large", "when.not.not.not.not.not.not.not.not", nested(9)),
  when("condition_too_large", "when.any[200]", {
    any: Array.from({ length: 201 }, () => ({ pointer: "/source", equals: "a" })),
  }),
];

describe("A wrong map or condition of a destination", () => {
  it.each([...maps, ...conditions])("is told as %s at %s: %j", async (code, place, said) => {
    const entry = { kind: "http", url: "https://crm.example/api", ...said };
    const inFile = await problemsOf(JSON.stringify({ destinations: { crm: entry } }));
    expect(inFile.map((problem) => [problem.code, problem.path])).toContainEqual([
      code,
      `destinations.crm.${place}`,
    ]);
    const changed = checkDestination("crm", entry, around, builtInKinds);
    expect(
      changed.ok ? [] : changed.problems.map(({ said: { code: told }, place: at }) => [told, at]),
    ).toContainEqual([code, place]);
  });

  it("may be right, and null is none", () => {
    const map = {
      "properties.email": "/lead/email",
      "/properties/phone": { first: ["/lead/phones/0", "/data/tel"], format: "e164", required: true },
      "tags.0": { constant: "LeadLedger" },
      price: { pointer: "/data/price", type: "number" },
      whole: "/data",
    };
    const condition = {
      all: [{ pointer: "/lead/country", in: ["DE", "AT"] }, { not: { pointer: "/data/test", exists: true } }],
    };
    const entry = { kind: "http", url: "https://crm.example/api", map, when: condition };
    expect(checkDestination("crm", entry, around, builtInKinds)).toMatchObject({
      ok: true,
      part: { map, when: condition, content: "json" },
    });
    const none = checkDestination("crm", { ...entry, map: null, when: null }, around, builtInKinds);
    expect(none.ok && Object.keys(none.part)).not.toContain("map");
  });
});

const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
