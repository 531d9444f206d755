// What a check of a body against a schema may cost. Nothing here would take longer than a moment even without bounds,
// except where the bounds themselves are met.
import { describe, expect, it } from "vitest";
import { createBoundedAjv } from "../../../src/intake/bounded-ajv.ts";
import {
  compileBodySchema,
  listSchemaViolations,
  rejectBodySchema,
} from "../../../src/intake/body-schema.ts";

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Both sides of `anyOf` are tried at every level: 2^depth checks. */
const branching = {
  $ref: "#/$defs/level",
  $defs: {
    level: {
      properties: { deeper: { anyOf: [{ $ref: "#/$defs/level" }, { $ref: "#/$defs/level" }] } },
      not: { required: ["end"] },
    },
  },
};
const nested = (depth: number): object =>
  times(depth, () => null).reduce<object>((inner) => ({ deeper: inner }), { end: 1 });

describe("a check is stopped when it has taken too many steps", () => {
  it.each<[string, object, unknown]>([
    ["alternatives that branch at every level", branching, nested(40)],
    [
      "many rules for each of many fields",
      { patternProperties: Object.fromEntries(times(400, (n) => [`^a${n}$`, {}])) },
      Object.fromEntries(times(20_000, (n) => [`b${n}`, 1])),
    ],
    [
      "many lengths of a long text",
      { properties: { a: { anyOf: times(1_000, (n) => ({ maxLength: n })) } } },
      { a: "x".repeat(200_000) },
    ],
  ])("%s", (_, schema, value) => {
    const stopped = { code: "schema_check_stopped", pointer: "" };
    expect(compileBodySchema({ ...schema })(value)).toMatchObject(stopped);
    expect(listSchemaViolations({ ...schema }, value, "de")).toMatchObject([stopped]);
  });

  it("and the next one has all its steps again", () => {
    const check = compileBodySchema(branching);
    expect(check(nested(40))).toMatchObject({ code: "schema_check_stopped" });
    expect(check(nested(3))).toMatchObject({ code: "schema_violation" });
    expect(check({ deeper: {} })).toBeNull();
  });
});

describe("what leads really look like is checked to the end", () => {
  it.each<[string, object, unknown]>([
    [
      "16,000 different objects",
      { properties: { a: { uniqueItems: true } } },
      { a: times(16_000, (n) => ({ n, name: `x${n}` })) },
    ],
    [
      "a list of 20,000 postal codes, for 1,000 leads",
      { properties: { a: { items: { enum: times(20_000, (n) => `plz${n}`) } } } },
      { a: times(1_000, () => "plz19999") },
    ],
    [
      "a text of 250,000 characters",
      { properties: { a: { pattern: "^[^<>]*$", maxLength: 300_000 } } },
      { a: "x".repeat(250_000) },
    ],
    [
      "a phone number as people write the rule",
      { properties: { a: { pattern: "^(\\d+[ -]?)+$" } } },
      { a: "0 30-1234 5678" },
    ],
  ])("%s", (_, schema, value) => {
    expect(compileBodySchema({ ...schema })(value)).toBeNull();
  });

  it("a list of everything that is wrong with 60,000 items stops at 50", () => {
    const schema = { properties: { a: { items: { type: "string", enum: ["x"] } } } };
    expect(listSchemaViolations(schema, { a: times(60_000, () => 1) }, "en")).toHaveLength(50);
  });
});

describe("rules that are decided exactly", () => {
  it.each<[object, unknown, boolean]>([
    [{ multipleOf: 0.01 }, 19.99, true],
    [{ multipleOf: 0.01 }, 19.999, false],
    [{ multipleOf: 1 }, 1e21, true],
    [{ multipleOf: 1 }, 1234567890123456800000000000, true],
    [{ multipleOf: 3 }, -9, true],
    [{ multipleOf: 0.1 }, 0, true],
    [{ multipleOf: 1e-300 }, 1e300, true],
    [
      { uniqueItems: true },
      [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ],
      false,
    ],
    [{ uniqueItems: true }, [1, "1", true, null, [1], { 1: 1 }], true],
    [{ uniqueItems: true }, [0, -0], false],
    [{ uniqueItems: false }, [1, 1], true],
    [{ enum: ["a", 1, null, { a: [1] }] }, { a: [1] }, true],
    [{ enum: ["a", 1, null] }, null, true],
    [{ enum: ["1"] }, 1, false],
  ])("%j of %j: %s", (rule, value, isRight) => {
    expect(compileBodySchema({ properties: { a: rule } })({ a: value }) === null).toBe(isRight);
  });
});

describe("a schema is refused before any lead meets it", () => {
  const branches = Object.fromEntries(
    times(40, (n) => [`d${n}`, { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] }]),
  );
  it.each<[string, Record<string, unknown>]>([
    ["schema_pattern_refers_back", { properties: { a: { pattern: "(a)\\1" } } }],
    ["schema_pattern_refers_back", { patternProperties: { "(a)\\1": {} } }],
    ["schema_pattern_refers_back", { propertyNames: { pattern: "(?<x>a)\\k<x>" } }],
    ["schema_pattern_too_large", { properties: { a: { pattern: "((a{100}){100}){100}" } } }],
    ["schema_too_large", { anyOf: times(2_001, () => ({})) }],
    [
      "schema_too_large",
      times(150, () => null).reduce<Record<string, unknown>>((inner) => ({ not: inner }), {}),
    ],
    ["schema_too_costly", { $ref: "#" }],
    ["schema_too_costly", { properties: { a: { $ref: "#/$defs/a" } }, $defs: { a: { $ref: "#/$defs/a" } } }],
    ["schema_too_costly", { $ref: "#/$defs/d0", $defs: { ...branches, d40: { type: "object" } } }],
    ["schema_rejected", { properties: { a: { pattern: "(" } } }],
  ])("%s", (code, schema) => {
    expect(rejectBodySchema(schema)?.code).toBe(code);
  });

  it("but not for a pattern with one repetition inside another", () => {
    expect(rejectBodySchema({ properties: { a: { pattern: "^(\\d+[ -]?)+$" } } })).toBeNull();
  });
});

it("every loop, function and text that Ajv's code has is counted, and what texts contain is left alone", () => {
  const { ajv, steps } = createBoundedAjv(false, false);
  const { process } = ajv.opts.code;
  const uncounted: string[] = [];
  ajv.opts.code.process = (code, env) => {
    const counted = process?.(code, env) ?? code;
    const bare = counted.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
    uncounted.push(
      ...(bare.match(
        /\bwhile\(|\bfor\((?:[^{}]*)\{(?!self\.meter)|Object\.keys\(|typeof \S+ === ""\)|\.concat\(/g,
      ) ?? []),
    );
    expect(bare.match(/function validate\d+\(/g)?.length).toBe(
      bare.match(/=\{\}\)\{self\.meter\.spend/g)?.length,
    );
    return counted;
  };
  const odd = 'for(const x of y){ errors++; Object.keys(z) "\\';
  const validate = ajv.compile({
    type: "object",
    properties: {
      text: { type: "string", maxLength: 5, format: "uri", pattern: "x" },
      list: {
        prefixItems: [{ type: "string" }],
        items: { $ref: "#/$defs/recursive" },
        uniqueItems: true,
        contains: { type: "number", multipleOf: 0.01 },
        minContains: 2,
        maxContains: 3,
        unevaluatedItems: { type: "string" },
      },
      [odd]: { const: odd },
    },
    patternProperties: { "^z": { format: "email" } },
    propertyNames: { maxLength: 100 },
    additionalProperties: { type: ["string", "null"] },
    dependentRequired: { text: ["list"] },
    oneOf: [{}, { required: ["never"] }],
    unevaluatedProperties: false,
    $defs: { recursive: { anyOf: [{ type: "string" }, { $ref: "#" }] } },
  });
  expect(uncounted).toEqual([]);
  expect(steps.within(10_000, () => validate({ [odd]: odd }))).toBe(true);
  expect(steps.within(10_000, () => validate({ [odd]: "other" }))).toBe(false);
});
