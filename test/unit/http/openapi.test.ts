// The API's document as other people's tools read it: it says how leads come in and go out, its shapes have names, and
// linters and a generator of clients find nothing wrong with it.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiRoutes } from "../../../src/api.ts";
import { makeDocumentation } from "../../../src/http/api/documentation/documentation.ts";
import type { Route } from "../../../src/http/api/frame/route.ts";

interface Document {
  readonly servers: readonly object[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Call>>>>;
  readonly webhooks: Readonly<Record<string, object>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Call {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Schema {
  readonly oneOf?: readonly unknown[];
  readonly discriminator?: {
    readonly propertyName: string;
    readonly mapping: Readonly<Record<string, string>>;
  };
}

/** `npm ci --prefix test/openapi` brings them; .ci/run does. */
const tools = join(import.meta.dirname, "../../openapi/node_modules/.bin");
const hasTools = existsSync(join(tools, "spectral"));
const tsc = join(import.meta.dirname, "../../../node_modules/.bin/tsc");

describe("the OpenAPI document", () => {
  let routes: readonly Route[];
  let document: Document;
  let folder: string;
  beforeAll(async () => {
    // Nothing is called, so nothing behind it is needed.
    const keys = { subkey: () => randomBytes(32) };
    routes = apiRoutes({ installation: { keys } as never });
    const server = await makeDocumentation(routes, "/api/v1");
    const { body } = await server.inject("/api/openapi.json");
    document = JSON.parse(body) as Document;
    folder = await mkdtemp(join(tmpdir(), "leadledger-openapi-"));
    await writeFile(join(folder, "openapi.json"), body);
    await writeFile(join(folder, ".spectral.yaml"), 'extends: ["spectral:oas"]\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("says how leads come in, what destinations receive, and where the server is", () => {
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(["/webhook/lead", "/webhook/lead/{source}", "/health"]),
    );
    expect(Object.keys(document.webhooks)).toEqual(["lead.received"]);
    expect(document.servers).toHaveLength(1);
    expect(Object.keys(document.paths["/api/v1/events"]?.["get"]?.responses["200"]?.content ?? {})).toEqual([
      "text/event-stream",
    ]);
  });

  it("declares every tag, and gives every call a name of its own", () => {
    const declared = document.tags.map(({ name }) => name);
    expect(routes.map(({ tag }) => tag).filter((tag) => !declared.includes(tag))).toEqual([]);
    const ids = Object.values(document.paths).flatMap((calls) =>
      Object.values(calls).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has its shapes under names, without marks of our own, and unions with the member that tells them apart", () => {
    const { schemas } = document.components;
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining([
        "Problem",
        "Run",
        "Entry",
        "Source",
        "Destination",
        "AuditEvent",
        "LeadDelivery",
      ]),
    );
    expect(JSON.stringify(document)).not.toMatch(/"x-(?:id|one-or-list|checked-by)"/);
    for (const [name, member] of [
      ["Alarm", "code"],
      ["Destination", "kind"],
    ] as const) {
      const { discriminator, oneOf } = schemas[name] ?? {};
      expect(discriminator?.propertyName).toBe(member);
      expect(Object.keys(discriminator?.mapping ?? {})).toHaveLength(oneOf?.length ?? -1);
    }
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      expect(schemas).toHaveProperty(name ?? "");
  });

  describe.skipIf(!hasTools)("read by other tools", () => {
    it.each([
      ["Redocly", "redocly", ["lint", "openapi.json"]],
      ["Spectral", "spectral", ["lint", "--fail-severity", "warn", "openapi.json"]],
    ] as const)(
      "has no error for %s",
      async (_name, tool, args) => {
        expect(await run(join(tools, tool), args)).toMatchObject({ code: 0 });
      },
      60_000,
    );

    it("gives a client of openapi-typescript that compiles under --strict", async () => {
      expect(await run(join(tools, "openapi-typescript"), ["openapi.json", "-o", "api.d.ts"])).toMatchObject({
        code: 0,
      });
      await writeFile(join(folder, "client.ts"), client);
      const strict = [
        "--strict",
        "--noEmit",
        "--skipLibCheck",
        "false",
        "--target",
        "es2022",
        "--lib",
        "es2022",
      ];
      expect(await run(tsc, [...strict, "--module", "nodenext", "client.ts", "api.d.ts"])).toEqual({
        code: 0,
        output: "",
      });
    }, 60_000);
  });

  async function run(file: string, args: readonly string[]): Promise<{ code: number; output: string }> {
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    try {
      const { stdout } = await promisify(execFile)(file, args, { cwd: folder, env, maxBuffer: 1 << 26 });
      return { code: 0, output: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  }
});

/** What a program would do with it. */
const client = `import type { components, paths } from "./api.js";
type Alarm = components["schemas"]["Alarm"];
export function sourceOf(alarm: Alarm): string | null {
  switch (alarm.code) {
    case "source_secrets_expired":
    case "source_paused":
      return alarm.source;
    default:
      return null;
  }
}
type Runs = paths["/api/v1/runs"]["get"]["responses"][200]["content"]["application/json"];
export const firstRun = (runs: Runs): string | undefined => runs.items[0]?.run_id;
type Accepted = paths["/webhook/lead/{source}"]["post"]["responses"][202]["content"]["application/json"];
export const acceptedId = ({ run_id }: Accepted): string => run_id;
export const received = (delivery: components["schemas"]["LeadDelivery"]): unknown => delivery.data["email"];
`;
