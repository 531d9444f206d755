import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandVariables } from "../../../src/config/expand-variables.ts";
import { say } from "../../../src/config/problem-texts.ts";
import { load, loadedConfiguration, problemsOf } from "./load.ts";

/** Recognisable in any message, whatever surrounds it. */
const mark = "hunter2-";

/** What an environment variable may hold: YAML syntax, references, line breaks, anything. */
const secretValue = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom(
    "a: b",
    "} ]",
    "\n- x",
    "${OTHER}",
    "$${OTHER}",
    "$&",
    "*alias",
    "!tag",
    "# no",
    "'\"",
    "\u0000",
    "\uFDD0",
  ),
);

// Every place a value can stand in, each taking the variable where something else is expected.
const places = [
  "timezone: V",
  "open_intake: V",
  "trust_proxy: V",
  "trust_proxy: [V]",
  "sources: V",
  "sources: { s: V }",
  "sources: { s: { auth: V } }",
  "sources: { s: { auth: { kind: V } } }",
  "sources: { s: { auth: { kind: token, secret: V } } }",
  "sources: { s: { auth: { kind: hmac, secrets: V } } }",
  "sources: { s: { auth: { kind: hmac, secrets: [V] } } }",
  "sources: { s: { auth: { kind: hmac, secrets: [{ value: V, not_after: V }] } } }",
  "sources: { s: { auth: { kind: none }, key: V } }",
  "sources: { s: { auth: { kind: none }, key: { body_hash: V } } }",
  "sources: { s: { auth: { kind: none }, key: { pointer: V } } }",
  "sources: { s: { auth: { kind: none }, to: V } }",
  "sources: { s: { auth: { kind: none }, to: [V, V] } }",
  "sources: { s: { auth: { kind: none }, schema: V } }",
  "sources: { s: { auth: { kind: none }, person: { email: V, phone: V } } }",
  "sources: { s: { auth: { kind: none }, body_limit: V, rate_limit: V, paused: V } }",
  "destinations: { d: { kind: V } }",
  "destinations: { d: { kind: http, url: V } }",
  "destinations: { d: { kind: http, url: 'https://V@crm.example/#V' } }",
  "destinations: { d: { kind: http, url: 'https://127.0.0.1/', secret: V, headers: { X: V } } }",
  "destinations: { d: { kind: http, url: 'https://a.example', timeout: V, concurrency: V } }",
  "destinations: { d: { kind: http, url: 'https://a.example', retry: { fast: [V], slow: V } } }",
] as const;

describe("a value from the environment", () => {
  it("is in no problem and no warning, wherever it is used and whatever it contains", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), secretValue, async (place, rest) => {
        const loaded = await load(place.replaceAll("V", "${V}"), { V: mark + rest, OTHER: `${mark}other` });
        const said = loaded.ok ? loaded.warnings : loaded.problems;
        expect(JSON.stringify(said)).not.toContain(mark);
        for (const problem of said) expect(say(problem, "de")).not.toContain(mark);
      }),
      { numRuns: 1_000 },
    );
  });

  it("arrives as it is: it can be no YAML and refers to no further variable", async () => {
    await fc.assert(
      fc.asyncProperty(secretValue, async (value) => {
        const { configuration } = await loadedConfiguration(
          "sources: { s: { auth: { kind: hmac, secret: ${V} } }, t: { auth: { kind: hmac, secret: 'a${V}b${V}c' } } }",
          { V: value, OTHER: "of another" },
        );
        expect(configuration.sources.map(({ auth }) => auth)).toEqual([
          { kind: "hmac", secrets: [{ value, notAfter: null }] },
          { kind: "hmac", secrets: [{ value: `a${value}b${value}c`, notAfter: null }] },
        ]);
      }),
    );
  });
});

describe("a secret that stands in the file itself", () => {
  it.each([
    `auth: ${mark}x`,
    `auth: { kind: token, secret: '${mark} x' }`,
    `auth: { kind: token, secret: [${mark}x] }`,
    `auth: { kind: hmac, secrets: ${mark}x }`,
    `auth: { kind: hmac, secrets: [${mark}x] }`,
    `auth: { kind: hmac, secrets: [{ value: { a: ${mark}x } }] }`,
    `auth: { kind: hmac, sekret: ${mark}x }`,
    `auth: { kind: none, secret: ${mark}x }`,
    `auth: { kind: hmac, secret: "${mark}\\q" }`,
    `auth: { kind: hmac, secret: @${mark} }`,
    `auth: { kind: hmac, secret: "${mark}`,
    `auth: { kind: hmac, secret: a: ${mark}: b }`,
  ])("is in no message when it is written wrongly: %s", async (auth) => {
    const problems = await problemsOf(`sources:\n  s:\n    ${auth}`);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain(mark);
  });

  it.each([
    `url: https://${mark}:x@crm.example`,
    `url: https://crm.example/#${mark}`,
    `url: ${mark}`,
    `url: 'https://crm example/${mark}'`,
    `url: https://crm.example\n    headers: { Authorization: "${mark}\\n" }`,
    `url: https://crm.example\n    headers: { Authorization: [${mark}] }`,
    `url: https://crm.example\n    secret: whsec_${mark}!`,
  ])("is in no message of a destination either: %j", async (entry) => {
    const problems = await problemsOf(`destinations:\n  d:\n    kind: http\n    ${entry}`);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain(mark);
  });
});

describe("${NAME} in a text", () => {
  const variables = { NAME: "value", lower_1: "x" };

  it.each([
    ["${NAME}", "value"],
    ["a${NAME}b${lower_1}c", "avaluebxc"],
    ["$${NAME}", "${NAME}"],
    ["$${", "${"],
    ["$$${NAME}", "$${NAME}"],
    ["$NAME $ {NAME} $", "$NAME $ {NAME} $"],
  ])("%s becomes %s", (text, expected) => {
    expect(expandVariables(text, variables)).toMatchObject({ text: expected, problems: [] });
  });

  it("leaves every text without a dollar sign as it is", () => {
    fc.assert(
      fc.property(fc.string(), (any) => {
        const text = any.replaceAll("$", "S");
        expect(expandVariables(text, variables)).toEqual({ text, usesVariables: false, problems: [] });
      }),
    );
  });

  it.each(["${A} ${B}", "${A}${B}"])("names every missing variable: %s", (text) => {
    expect(expandVariables(text, {}).problems.map(({ params }) => params)).toEqual([
      { variable: "A" },
      { variable: "B" },
    ]);
  });

  it.each(["'${NAME}'", '"${NAME}"', "${NAME}", ">-\n  ${NAME}", "|-\n  ${NAME}"])(
    "is replaced in every kind of YAML text: %j",
    async (value) => {
      const { configuration } = await loadedConfiguration(`timezone: ${value}`, { NAME: "UTC" });
      expect(configuration.timezone).toBe("UTC");
    },
  );
});
