// An expression in place of a map: every kind whose message is made of fields takes one, and then has no map of its own.
import { describe, expect, it } from "vitest";
import type { Field } from "../../../src/config/fields/field.ts";
import { checkDestination } from "../../../src/config/check-part.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";

const secrets = { fingerprint: () => "", retiring: [] };
const withMap = builtInKinds.destinations.filter(({ fields }) => "map" in fields);
const mapOf = (kind: string): Field<unknown> => {
  const map = withMap.find((each) => each.kind === kind)?.fields["map"];
  if (map === undefined) throw new Error(kind);
  return map;
};

describe("An expression", () => {
  it("can be said wherever a map can", () => {
    expect(withMap.length).toBeGreaterThan(5);
    expect(withMap.filter(({ fields }) => !("expression" in fields)).map(({ kind }) => kind)).toEqual([]);
  });

  it.each(withMap.map(({ kind }) => kind))("of kind %s takes the place of the usual fields", (kind) => {
    const map = mapOf(kind);
    const value = map.read(undefined, { entry: { expression: "lead" }, timezone: "UTC" });
    expect(value ?? {}).toEqual({});
    expect(map.write(value)).toBeUndefined();
    expect(map.shown.of(value, secrets)).toBeNull();
    const kept: unknown = JSON.parse(JSON.stringify(map.kept?.(value) ?? null));
    expect(map.stored?.(kept) ?? {}).toEqual({});
  });

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ["alone", { expression: "lead" }, []],
    ["beside a map", { expression: "lead", map: { a: "/lead/email" } }, ["expression_beside_map"]],
    ["of too many characters", { expression: `"${"x".repeat(32_768)}"` }, ["expression_too_long"]],
    ["that is no text", { expression: { a: 1 } }, ["wrong_type"]],
  ])("is looked at (%s)", (_what, said, codes) => {
    const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
    const entry = { kind: "http", url: "https://crm.example/api", ...said };
    const checked = checkDestination("crm", entry, around, builtInKinds);
    expect(checked.ok ? [] : checked.problems.map(({ said: { code } }) => code)).toEqual(codes);
  });
});
