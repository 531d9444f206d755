import { describe, expect, it } from "vitest";
import type { ProblemCode } from "../../../src/config/problem.ts";
import { problemsOf } from "./load.ts";

/** ▸ stands before the place that the problem must name, and is taken out before the file is read. */
type Case = readonly [code: ProblemCode, yaml: string];

function source(...lines: string[]): string {
  return ["sources:", "  s:", ...lines.map((line) => `    ${line}`)].join("\n");
}

function destination(...lines: string[]): string {
  return ["destinations:", "  d:", "    kind: http", ...lines.map((line) => `    ${line}`)].join("\n");
}

const open = "auth: { kind: none }";
const url = "url: https://crm.example";
const delays21 = Array.from({ length: 21 }, () => "1s").join(", ");

const yamlCases: readonly Case[] = [
  ["yaml_tab", "sources:\n▸\ts: {}"],
  ["yaml_indentation", "sources: {a▸"],
  ["yaml_indentation", "trust_proxy: [10.0.0.1,\n▸destinations: {}"],
  ["yaml_missing", "timezone: UTC\n▸sources"],
  ["yaml_nested_colon", "sources:\n  s: ▸a: b"],
  ["yaml_reserved_character", "timezone: ▸@home"],
  ["yaml_escape", 'timezone: "▸\\q"'],
  ["yaml_several_documents", "timezone: UTC\n▸---\ntimezone: UTC"],
  ["yaml_version", "▸%YAML 1.1\n---\nopen_intake: yes"],
  ["yaml_tag", "open_intake: ▸!maybe true"],
  ["yaml_tag", "timezone: ▸!!binary VVRD"],
  ["yaml_key_not_text", "? ▸[a, b]\n: c"],
  ["yaml_unexpected", "- a\n▸timezone: UTC"],
  ["yaml_duplicate_key", "timezone: UTC\nsources: {}\n▸timezone: UTC"],
  ["yaml_alias", "destinations:\n  a: &one { kind: external }\n  b: ▸*one"],
  ["yaml_character", "timezone: U▸\uFDD0TC"],
  ["yaml_character", "timezone: U▸\u0000TC"],
];

const variableCases: readonly Case[] = [
  ["variable_missing", "timezone: ▸${ZONE}"],
  ["variable_missing", source("auth: { kind: hmac, secret: ▸${NO_SECRET} }")],
  [
    "variable_missing",
    source("auth: { kind: hmac, secrets: [{ value: ${LONG} }, { value: ▸${NO_SECRET} }] }"),
  ],
  ["variable_missing", destination(url, "headers: { Authorization: ▸'Bearer ${constructor}' }")],
  ["variable_empty", "timezone: ▸${EMPTY}"],
  ["variable_malformed", "timezone: ▸${ZONE:-UTC}"],
  ["variable_malformed", "timezone: ▸${ZONE"],
  ["variable_malformed", "timezone: ▸'${}'"],
];

const shapeCases: readonly Case[] = [
  ["wrong_type", "▸just text"],
  ["wrong_type", "open_intake: ▸yes"],
  ["wrong_type", "open_intake: ▸${YES}"],
  ["wrong_type", "trust_proxy: ▸10.0.0.1"],
  ["wrong_type", "timezone: ▸5"],
  ["wrong_type", "destinations:\n  d: { kind: ▸5 }"],
  ["wrong_type", destination(url, "concurrency: ▸1.5")],
  ["wrong_type", destination(url, "headers: { X-Version: ▸2 }")],
  ["value_missing", "▸timezone:"],
  ["value_missing", source("▸auth:")],
  ["value_missing", "sources:\n  ▸s:"],
  ["unknown_key", "timezone: UTC\n▸open-intake: true"],
  ["unknown_key", source(open, "▸bodylimit: 1MB")],
  ["unknown_key", source("auth: { kind: hmac, ▸sekret: ${LONG} }")],
  ["key_not_for_kind", "destinations:\n  w: { kind: external, ▸url: 'https://a.example' }"],
  ["key_not_for_kind", source("auth: { kind: none, ▸secret: x }")],
  ["key_missing", "sources:\n  ▸s: { paused: true }"],
  ["key_missing", source("▸auth: { secret: ${LONG} }")],
  ["key_missing", "destinations:\n  ▸d: { kind: http }"],
  ["key_missing", source("auth: { kind: token, secrets: [▸{ not_after: 2027-01-31 }] }")],
  ["not_one_of", source("auth: { kind: ▸hmca, secret: ${LONG} }")],
  ["not_one_of", "destinations:\n  d: { kind: ▸smtp }"],
  ["number_range", destination(url, "concurrency: ▸0")],
  ["number_range", destination(url, "concurrency: ▸1001")],
  ["list_empty", source("auth: { kind: hmac, secrets: ▸[] }")],
  ["list_too_long", destination(url, `retry: { fast: ▸[${delays21}] }`)],
  ["key_rule_choice", source(open, "▸key: {}")],
  ["key_rule_choice", source(open, "▸key: { body_hash: 1m, pointer: /id }")],
  ["secret_choice", source("▸auth: { kind: hmac }")],
  ["secret_choice", source("▸auth: { kind: token, secret: ${LONG}, secrets: [{ value: ${LONG} }] }")],
];

const valueCases: readonly Case[] = [
  ["name_invalid", "sources:\n  ▸müller: { auth: { kind: none } }"],
  ["name_invalid", "sources:\n  ▸a/b: { auth: { kind: none } }"],
  ["name_invalid", "sources:\n  ▸__proto__: { auth: { kind: none } }"],
  ["name_invalid", `destinations:\n  ▸${"n".repeat(64)}: { kind: external }`],
  ["name_invalid", "destinations:\n  ▸-x: { kind: external }"],
  ["name_invalid", "destinations:\n  ▸a:b: { kind: external }"],
  ["timezone_unknown", "timezone: ▸Europe/Berln"],
  ["timezone_unknown", 'timezone: ▸"+01:00"'],
  ["address_invalid", "trust_proxy: [▸localhost]"],
  ["address_invalid", "trust_proxy: [10.0.0.1, ▸10.0.0.0/33]"],
  ["address_invalid", "trust_proxy: [▸'127.1']"],
  ["duration_invalid", destination(url, "timeout: ▸10")],
  ["duration_invalid", destination(url, "timeout: ▸10 s")],
  ["duration_invalid", destination(url, "timeout: ▸-1s")],
  ["duration_range", destination(url, "timeout: ▸99ms")],
  ["duration_range", destination(url, "timeout: ▸6m")],
  ["duration_range", destination(url, "retry: { slow: [1s, ▸31d] }")],
  ["duration_range", source(open, "key: { body_hash: ▸0s }")],
  ["size_invalid", source(open, "body_limit: ▸256")],
  ["size_invalid", source(open, "body_limit: ▸256KiB")],
  ["size_range", source(open, "body_limit: ▸33MB")],
  ["size_range", source(open, "body_limit: ▸0B")],
  ["rate_invalid", source(open, "rate_limit: ▸0/s")],
  ["rate_invalid", source(open, "rate_limit: ▸50/d")],
  ["pointer_invalid", source(open, "key: { pointer: ▸lead_id }")],
  ["pointer_invalid", source(open, "key: { pointer: ▸'' }")],
  ["pointer_invalid", source(open, "key: { pointer: ▸/a~2 }")],
  ["pointer_invalid", source(open, "person: { email: ▸email }")],
  ["text_empty", source(open, "schema: ▸''")],
  ["text_empty", destination(url, "secret: ▸''")],
  ["expiry_invalid", source("auth: { kind: hmac, secrets: [{ value: ${LONG}, not_after: ▸2027-02-30 }] }")],
  [
    "expiry_invalid",
    source("auth: { kind: hmac, secrets: [{ value: ${LONG}, not_after: ▸2027-01-31T18:00 }] }"),
  ],
  ["token_unsendable", source("auth: { kind: token, secret: ▸'two words that are long' }")],
  ["signing_secret_malformed", destination(url, "secret: ▸whsec_***")],
  ["url_invalid", destination("url: ▸https://")],
  ["url_invalid", destination("url: ▸'https://crm.example/a b'")],
  ["url_scheme", destination("url: ▸crm.example/leads")],
  ["url_scheme", destination("url: ▸ftp://crm.example")],
  ["url_credentials", destination("url: ▸https://user:word@crm.example")],
  ["url_fragment", destination("url: ▸https://crm.example/#top")],
  ["url_scheme", "public_url: ▸leads.example.com"],
  ["url_credentials", "public_url: ▸https://a:b@leads.example.com"],
  ["url_fragment", "public_url: ▸https://leads.example.com/#/"],
  ["public_url_invalid", "public_url: ▸https://example.com/leads?x=1"],
  ["public_url_invalid", "public_url: ▸https://example.com//leads"],
  ["public_url_invalid", "public_url: ▸https://example.com/a/../leads"],
  ["public_url_invalid", "public_url: ▸https://example.com/ö"],
  ["public_url_invalid", "public_url: ▸https://example.com/a%2Fb"],
  ["header_name_invalid", destination(url, "headers: { ▸'X Team': a }")],
  ["header_name_invalid", destination(url, "headers: { ▸__proto__: a }")],
  ["header_reserved", destination(url, "headers: { ▸Content-Length: '5' }")],
  ["header_reserved", destination(url, "headers: { ▸Webhook-Signature: a }")],
  ["header_reserved", destination(url, "headers: { X: a, ▸idempotency-key: a }")],
  ["header_value_invalid", destination(url, 'headers: { X: ▸"a\\r\\nHost: b" }')],
  ["header_twice", destination(url, "headers: { X: a, ▸x: c }")],
];

const meaningCases: readonly Case[] = [
  ["destination_unknown", source(open, "to: [▸crm]")],
  ["client_invalid", source(open, "client: ▸Möbel Köln")],
  [
    "destination_of_other_client",
    `${source(open, "client: a\n    to: [▸w]")}\ndestinations: { w: { kind: external, client: b } }`,
  ],
  [
    "destination_of_other_client",
    `${source(open, "to: [▸w]")}\ndestinations: { w: { kind: external, client: b } }`,
  ],
  ["destination_listed_twice", `${source(open, "to: [w, ▸w]")}\ndestinations: { w: { kind: external } }`],
  ["open_intake_behind_proxy", "trust_proxy: [10.0.0.1]\nopen_intake: ▸true"],
  ["schema_file_missing", source(open, "schema: ▸gone.json")],
];

describe("a mistake in leadledger.yaml is reported once, with its line and column", () => {
  it.each([...yamlCases, ...variableCases, ...shapeCases, ...valueCases, ...meaningCases])(
    "%s: %j",
    async (code, marked) => {
      const problems = await problemsOf(marked.replace("▸", ""), env);
      expect(problems.map((problem) => [problem.code, problem.line, problem.column])).toEqual([
        [code, ...placeOf(marked)],
      ]);
    },
  );

  it.each<Case>([
    ["schema_file_not_json", '{\n  "type": "object",\n  "a" ▸"b"\n}'],
    ["schema_not_a_schema", "▸[]"],
  ])("%s, in the schema file: %j", async (code, marked) => {
    const yaml = source(open, "schema: body.json");
    const problems = await problemsOf(yaml, {}, { "body.json": marked.replace("▸", "") });
    const [line, column] = placeOf(marked);
    expect(problems).toMatchObject([{ code, line, column, path: "sources.s.schema" }]);
    expect(problems[0]?.file).toMatch(/body\.json$/);
  });

  it("may be a file that is no UTF-8 text", async () => {
    const latin1 = Buffer.from("timezone: M\xfcnchen", "latin1");
    expect(await problemsOf(latin1)).toMatchObject([{ code: "file_not_utf8", line: null }]);
  });

  it("may be a file of another kind, which is not read to its end", async () => {
    expect(await problemsOf("#".repeat(1024 * 1024 + 1))).toMatchObject([{ code: "file_too_large" }]);
  });

  it.each(["[", "{", "sources: {a: ", "? "])(
    "may be endless nesting of %j: one problem, no crash",
    async (opening) => {
      const problems = await problemsOf(opening.repeat(20_000));
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThan(10);
    },
  );
});

describe("a suggestion", () => {
  it.each([
    ["timezone: europ/berlin", "Europe/Berlin"],
    ["bodyLimit: 1MB", null],
    [source(open, "BodyLimit: 1MB"), "body_limit"],
    [source(open, "rate-limt: 1/s"), "rate_limit"],
    [source("auth: { kind: tokne }"), "token"],
    [`${source(open, "to: [own-wroker]")}\ndestinations: { own-worker: { kind: external } }`, "own-worker"],
  ])("is given for what was most likely meant: %j", async (yaml, suggestion) => {
    const [problem] = await problemsOf(yaml, env);
    expect(problem?.params).toMatchObject({ suggestion });
    if (suggestion !== null) expect(problem?.message).toContain(`Did you mean "${suggestion}"?`);
  });
});

const env = { EMPTY: "", LONG: "a-secret-that-is-long-enough", YES: "true" };

function placeOf(marked: string): [line: number, column: number] {
  const before = marked.slice(0, marked.indexOf("▸")).split("\n");
  return [before.length, (before.at(-1) ?? "").length + 1];
}
