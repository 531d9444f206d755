import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { configurationJsonSchema } from "../../../src/config/configuration-schema.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { nearestName } from "../../../src/config/nearest-name.ts";
import { message, say } from "../../../src/config/problem-texts.ts";
import { problemsOf } from "./load.ts";

describe("the exported JSON Schema", () => {
  it("is valid JSON Schema and describes every key", () => {
    const schema = configurationJsonSchema(builtInKinds);
    expect(new Ajv2020({ strict: false, validateFormats: false }).validateSchema(schema)).toBe(true);
    expect(JSON.stringify(schema)).toContain("body_limit");
    expect(undescribed(schema, "")).toEqual([]);
  });

  it("accepts what loads and refuses an unknown key, with any validator", () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false, discriminator: true }).compile(
      configurationJsonSchema(builtInKinds),
    );
    const source = { auth: { kind: "token", secret: "x" } };
    expect(validate({ sources: { s: source }, destinations: null })).toBe(true);
    expect(validate({ sources: { s: { ...source, too: [] } } })).toBe(false);
  });
});

describe("a text about a problem", () => {
  it("is a different one in German than in English, for every kind of mistake", async () => {
    const yaml = [
      "timezone: Mars/X",
      "open_intake: 1",
      "sources: { s: { auth: { kind: tokn }, to: [x], schema: gone.json, key: {}, bodylimit: 1 }, 'a b': {} }",
      "destinations: { d: { kind: http, url: x, headers: { Host: a, 'a b': c }, timeout: 1, retry: { fast: [x, 99d] } } }",
    ].join("\n");
    const problems = await problemsOf(yaml);
    expect(problems.length).toBeGreaterThan(12);
    for (const problem of problems) {
      const [english, german] = [say(problem, "en"), say(problem, "de")];
      expect(english).toBe(problem.message);
      expect(german).not.toBe(english);
      expect(`${english} ${german}`).not.toMatch(/undefined|null|\[object/);
    }
  });

  it("stays one short line, whatever was typed", () => {
    const said = message("name_invalid", { name: `a\n\u001b[31m\u202e${"x".repeat(5_000)}` }, "en");
    expect(said.length).toBeLessThan(300);
    expect(said).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});

describe("the nearest name", () => {
  it.each([
    ["crn", ["crm", "mail"], "crm"],
    ["cmr", ["crm", "mail"], "crm"],
    ["openIntake", ["open_intake", "trust_proxy"], "open_intake"],
    ["x", ["crm", "mail"], null],
    ["completely", ["different"], null],
    ["", ["crm"], null],
    ["crm", [], null],
  ])("to %j in %j is %j", (typed, candidates, expected) => {
    expect(nearestName(typed, candidates)).toBe(expected);
  });
});

/** Paths of properties that say nothing about themselves; `kind` speaks for itself. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const found: string[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties") {
      for (const [name, property] of Object.entries(value as Record<string, object>)) {
        if (name !== "kind" && name !== "retry" && !("description" in property))
          found.push(`${path}/${name}`);
      }
    }
    found.push(...undescribed(value, `${path}/${key}`));
  }
  return found;
}
