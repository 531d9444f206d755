// The samples of every source do what they promise: run as they are, each brings a lead in.
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KeyRule, Source, SourceAuth } from "../../../src/domain/sources/source.ts";
import { testSource } from "../../support/app.ts";
import { useApiScene } from "../../support/api-scene.ts";
import { plant } from "../../support/leak-watch.ts";
import type { Answer } from "../../support/webhook-client.ts";

const run = promisify(execFile);
const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
const hasShellTools = ["bash", "curl", "openssl"].every(isInstalled);
/** What every host of PHP pages has, and CI installs: PHP with its curl extension. */
const hasPhp = isInstalled("php") && spawnSync("php", ["-r", "curl_version();"]).status === 0;

const secret = 'planted secret\'s "$HOME" of the samples';
const token = "planted-token-of-the-samples-4720";
const secrets = (value: string) => [{ value, notAfter: null }];
const auths: readonly SourceAuth[] = [
  { kind: "hmac", secrets: secrets(secret) },
  { kind: "token", secrets: secrets(token) },
  { kind: "none" },
];
const keys: readonly KeyRule[] = [
  { kind: "header" },
  { kind: "pointer", pointer: "/meta/it's" },
  { kind: "body_hash", windowMs: 60_000 },
];
/** The runner has a part in the name, because the same body from two of them would be one lead by its hash. */
const nameOf = (auth: string, key: string, runner: string): string =>
  `${auth}.${key.replace("_", "-")}-${runner}`;
const runners = ["curl", "javascript", "php"] as const;
const sources: readonly Source[] = auths.flatMap((auth) =>
  keys.flatMap((key) =>
    runners.map((runner) => testSource(nameOf(auth.kind, key.kind, runner), { auth, key, to: [] })),
  ),
);
const cases = auths.flatMap(({ kind: auth }) => keys.map(({ kind: key }) => ({ auth, key })));

describe("Samples", () => {
  let folder: string;
  const scene = useApiScene(() => {
    plant([secret, token]);
    return Promise.resolve({
      sources: [
        ...sources,
        testSource("strict", {
          schema: { required: ["vat_id"], examples: [{ vat_id: "DE1" }] },
        }),
        testSource("stricter", { schema: { required: ["vat_id"] } }),
      ],
      trustProxy: ["127.0.0.1"],
    });
  });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "leadledger-samples-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const samplesOf = (name: string, headers: Record<string, string> = {}): Promise<Answer> =>
    scene.api.get(`/sources/${name}/samples`, { headers });
  async function codeOf(auth: string, key: string, runner: (typeof runners)[number]) {
    const answer = await samplesOf(nameOf(auth, key, runner), { "accept-language": "de" });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain(secret);
    expect(answer.text).not.toContain(token);
    const { samples, secret_variable: variable } = answer.json as {
      samples: Record<string, string>;
      secret_variable: string | null;
    };
    const held = variable === null ? {} : { [variable]: auth === "hmac" ? secret : token };
    return { code: samples[runner] ?? "", env: { ...process.env, ...held } };
  }

  it.skipIf(!hasShellTools).each(cases)("in curl bring a lead in: $auth, $key", async ({ auth, key }) => {
    const { code, env } = await codeOf(auth, key, "curl");
    const first = await run("bash", ["-euc", code], { env });
    expect(first.stdout).toMatch(/^HTTP\/1\.1 202 [\s\S]*"status":"accepted"/);
    const second = await run("bash", ["-euc", code], { env });
    expect(second.stdout).toMatch(/^HTTP\/1\.1 200 [\s\S]*"status":"duplicate"/);
  });

  it.each(cases)("in JavaScript bring a lead in: $auth, $key", async ({ auth, key }) => {
    const { code, env } = await codeOf(auth, key, "javascript");
    const file = join(folder, `${auth}-${key}.mjs`);
    await writeFile(file, code);
    const { stdout } = await run(process.execPath, [file], { env });
    expect(stdout).toMatch(/^202 \{"status":"accepted"/);
  });

  it.skipIf(!hasPhp).each(cases)("in PHP bring a lead in: $auth, $key", async ({ auth, key }) => {
    const { code, env } = await codeOf(auth, key, "php");
    const file = join(folder, `${auth}-${key}.php`);
    await writeFile(file, code);
    const { stdout } = await run("php", [file], { env });
    expect(stdout).toMatch(/^202 \{"status":"accepted"/);
  });

  it("name the address that they were asked at, also behind a proxy that is believed", async () => {
    expect((await samplesOf("strict")).json["url"]).toBe(`${scene.app.url}/webhook/lead/strict`);
    const proxied = { "x-forwarded-proto": "https", "x-forwarded-host": "leads.example:8443" };
    expect((await samplesOf("strict", proxied)).json["url"]).toBe(
      "https://leads.example:8443/webhook/lead/strict",
    );
    // What is no host is passed over, and never stands in a line for a shell.
    const odd = await samplesOf("strict", { "x-forwarded-host": "x$(id)" });
    expect(odd.json["url"]).toBe(`${scene.app.url}/webhook/lead/strict`);
    expect(JSON.stringify(odd.json)).not.toContain("$(id)");
  });

  it("say whether their lead fits the source's schema, and take the example that it gives", async () => {
    const fitting = await samplesOf("strict");
    expect(fitting.json).toMatchObject({ fits_schema: true, secret_variable: null });
    expect(JSON.stringify(fitting.json["samples"])).toContain("vat_id");
    expect((await samplesOf("stricter")).json).toMatchObject({ fits_schema: false });
    expect((await samplesOf("nowhere")).json).toMatchObject({ code: "source_not_found" });
  });
});
