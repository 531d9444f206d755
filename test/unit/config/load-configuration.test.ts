import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { loadConfiguration, formatProblem } from "../../../src/config/load-configuration.ts";
import { load, loadedConfiguration, problemsOf } from "./load.ts";

const env = {
  WEBSITE_SECRET: "current-secret-of-the-website",
  OLD: "former-secret-of-the-website",
  CRM_SECRET: "secret-shared-with-the-crm",
};
const bodySchema = { type: "object", required: ["email"] };

describe("the example of the contract", () => {
  it("loads to exactly what it says", async () => {
    const yaml = await readFile(new URL("contract-example.txt", import.meta.url), "utf8");
    expect(await load(yaml, env, { "schemas/website.json": JSON.stringify(bodySchema) })).toEqual({
      ok: true,
      warnings: [],
      configuration: {
        timezone: "Europe/Berlin",
        missingSections: [],
        openIntake: false,
        trustProxy: [],
        sources: [
          {
            name: "website",
            label: null,
            client: null,
            auth: {
              kind: "hmac",
              secrets: [
                { value: "current-secret-of-the-website", notAfter: null },
                { value: "former-secret-of-the-website", notAfter: new Date("2027-01-31T22:59:59.999Z") },
              ],
            },
            key: { kind: "body_hash", windowMs: 600_000 },
            to: ["crm"],
            schema: bodySchema,
            person: { email: "/email", phone: "/phone" },
            country: "DE",
            map: null,
            bodyLimitBytes: 262_144,
            rateLimit: { requests: 50, perMs: 1_000 },
            paused: false,
            onBadCredentials: "reject",
            onKeyReuse: "reject",
            samePerson: null,
          },
        ],
        destinations: [
          {
            name: "crm",
            kind: "http",
            url: "https://crm.example/api/leads",
            method: "POST",
            secret: "secret-shared-with-the-crm",
            query: {},
            auth: { kind: "none" },
            headers: { "X-Team": "inbound" },
            content: "json",
            timeoutMs: 10_000,
            concurrency: 16,
            limits: [],
            openingHours: [],
            paused: false,
            allowPrivate: false,
            retry: {
              fastMs: [1_000, 5_000],
              slowMs: [
                60_000,
                300_000,
                1_800_000,
                7_200_000,
                43_200_000,
                ...Array<number>(8).fill(86_400_000),
              ],
            },
          },
          { name: "own-worker", kind: "external", paused: false },
        ],
      },
    });
  });
});

describe("a short configuration", () => {
  it("gets the defaults of the contract when only the required keys are there", async () => {
    const { configuration, warnings } = await loadedConfiguration(
      "sources: { s: { auth: { kind: token, secret: a-token-that-is-long-enough } } }\n" +
        "destinations: { d: { kind: http, url: 'https://crm.example/' } }",
    );
    expect(warnings).toEqual([]);
    expect(configuration).toEqual({
      timezone: null,
      missingSections: [],
      openIntake: false,
      trustProxy: [],
      sources: [
        {
          name: "s",
          label: null,
          client: null,
          auth: { kind: "token", secrets: [{ value: "a-token-that-is-long-enough", notAfter: null }] },
          key: { kind: "header" },
          to: null,
          schema: null,
          person: null,
          country: "DE",
          map: null,
          bodyLimitBytes: 262_144,
          rateLimit: null,
          paused: false,
          onBadCredentials: "reject",
          onKeyReuse: "reject",
          samePerson: null,
        },
      ],
      destinations: [
        {
          name: "d",
          kind: "http",
          url: "https://crm.example/",
          method: "POST",
          secret: null,
          query: {},
          auth: { kind: "none" },
          headers: {},
          content: "json",
          timeoutMs: 10_000,
          concurrency: 16,
          limits: [],
          openingHours: [],
          paused: false,
          allowPrivate: false,
          retry: {
            fastMs: [1_000, 5_000],
            slowMs: [60_000, 300_000, 1_800_000, 7_200_000, 43_200_000, ...Array<number>(8).fill(86_400_000)],
          },
        },
      ],
    });
  });

  it.each([
    ["", null, ["sources", "destinations"]],
    ["# nothing yet\n", null, ["sources", "destinations"]],
    ["sources:\ndestinations: ~\n", null, ["sources", "destinations"]],
    ["sources: {}\ndestinations: {}\n", null, []],
    ["\uFEFFtimezone: Europe/Berlin\r\nsources: {}\r\n", "Europe/Berlin", ["destinations"]],
  ])(
    "may have no source and no destination, and tells what is empty from what is missing: %j",
    async (yaml, timezone, missingSections) => {
      const { configuration } = await loadedConfiguration(yaml);
      expect(configuration).toMatchObject({ timezone, sources: [], destinations: [], missingSections });
    },
  );

  it("takes a pointer as key, an empty retry schedule and one half of the person", async () => {
    const { configuration } = await loadedConfiguration(
      "sources: { s: { auth: { kind: none }, key: { pointer: /lead~1id }, person: { phone: /tel } } }\n" +
        "destinations: { d: { kind: http, url: 'https://a.example', retry: { fast: [], slow: [] } }, w: { kind: external, paused: true } }",
    );
    expect(configuration.sources[0]).toMatchObject({
      key: { kind: "pointer", pointer: "/lead~1id" },
      person: { email: null, phone: "/tel" },
      country: "DE",
      map: null,
    });
    expect(configuration.destinations).toMatchObject([
      { retry: { fastMs: [], slowMs: [] } },
      { paused: true },
    ]);
  });

  it.each([
    ["true", {}],
    ["false", { not: {} }],
  ])("takes the boolean schema %s in its object form", async (text, schema) => {
    const loaded = await load(
      "sources: { s: { auth: { kind: none }, schema: any.json } }",
      {},
      { "any.json": text },
    );
    expect(loaded).toMatchObject({ ok: true, configuration: { sources: [{ schema }] } });
  });

  it("keeps the order of the file, whatever the names look like", async () => {
    const { configuration } = await loadedConfiguration(
      "destinations: { zulu: { kind: external }, constructor: { kind: external }, Alpha.1: { kind: external } }",
    );
    expect(configuration.destinations.map(({ name }) => name)).toEqual(["zulu", "constructor", "Alpha.1"]);
  });
});

describe("problems", () => {
  it("are all reported at once, sorted by line, with those of schema files last", async () => {
    const problems = await problemsOf(
      [
        "sources:",
        "  a: { auth: { kind: token, secret: ${GONE} }, to: [crn], schema: a.json }",
        "  b: { auth: { kind: none }, bodylimit: 1MB }",
        "  b: {}",
        "destinations:",
        "  crm: { kind: http, url: 'https://crm.example', timeout: 9 }",
        "timezone: Mars/Olympus",
      ].join("\n"),
      {},
      { "a.json": "{" },
    );
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      [2, "variable_missing"],
      [2, "destination_unknown"],
      [3, "unknown_key"],
      [4, "yaml_duplicate_key"],
      [6, "duration_invalid"],
      [7, "timezone_unknown"],
      [1, "schema_file_not_json"],
    ]);
    expect(problems.at(-1)?.file).toMatch(/conf[/\\]a\.json$/);
  });

  it("are written as compilers write them", async () => {
    const [problem] = await problemsOf("sources:\n  s:\n    auth: { kind: hmac, secrets: [] }\n");
    expect(problem && formatProblem(problem)).toBe(
      "conf/leadledger.yaml:3:34: sources.s.auth.secrets: The list is empty. At least one entry is needed.",
    );
  });

  it("say that the file is missing, without a line", async () => {
    const loaded = await loadConfiguration({
      kinds: builtInKinds,
      path: "/nowhere/leadledger.yaml",
      env: {},
      readFile,
    });
    expect(loaded).toMatchObject({ ok: false, problems: [{ code: "file_missing", line: null, path: "" }] });
  });

  it("say that the path is a folder", async () => {
    const path = new URL(".", import.meta.url).pathname;
    const loaded = await loadConfiguration({ kinds: builtInKinds, path, env: {}, readFile });
    expect(loaded).toMatchObject({
      ok: false,
      problems: [{ code: "file_unreadable", params: { reason: "EISDIR" } }],
    });
  });

  it("pass on why a body schema cannot be compiled, at the file of the schema", async () => {
    const loaded = await loadConfiguration({
      kinds: builtInKinds,
      path: "leadledger.yaml",
      env: {},
      readFile: (path) =>
        Promise.resolve(
          Buffer.from(
            path === "leadledger.yaml"
              ? "sources: { s: { auth: { kind: none }, schema: a.json } }"
              : '{"type":"objekt"}',
          ),
        ),
      rejectBodySchema: ({ type }) =>
        type === "objekt"
          ? { code: "schema_rejected", params: { detail: "type must be one of the JSON types" } }
          : null,
    });
    expect(loaded).toMatchObject({
      ok: false,
      problems: [
        {
          code: "schema_rejected",
          line: null,
          path: "sources.s.schema",
          message: "This is not a valid JSON Schema: type must be one of the JSON types",
        },
      ],
    });
  });
});
