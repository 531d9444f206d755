import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  curlLine,
  firstConfiguration,
  isFirstConfiguration,
  newToken,
  writeFirstConfiguration,
} from "../../../src/config/first-configuration.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { loadConfiguration } from "../../../src/config/load-configuration.ts";
import { loadedConfiguration } from "./load.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "leadledger-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("the first configuration", () => {
  it.each(["de", "en"] as const)(
    "in %s loads without a problem or a warning, and configures nothing",
    async (lang) => {
      const path = join(folder, `${lang}.yaml`);
      expect(await writeFirstConfiguration(path, lang)).toBe(true);

      const loaded = await loadConfiguration({ kinds: builtInKinds, path, env: {}, readFile });
      expect(loaded).toEqual({
        ok: true,
        warnings: [],
        configuration: {
          timezone: null,
          openIntake: false,
          trustProxy: [],
          sources: [],
          destinations: [],
          missingSections: ["sources", "destinations"],
        },
      });
      expect(isFirstConfiguration(await readFile(path, "utf8"))).toBe(true);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    },
  );

  it("never replaces a file that is there", async () => {
    const path = join(folder, "mine.yaml");
    await writeFile(path, "timezone: UTC\n");
    expect(await writeFirstConfiguration(path, "en")).toBe(false);
    expect(await readFile(path, "utf8")).toBe("timezone: UTC\n");
  });

  it.each(["de", "en"] as const)("in %s shows examples that work once their # are removed", async (lang) => {
    const yaml = firstConfiguration(lang).replaceAll(/^# (timezone|sources|destinations| .*)/gm, "$1");
    const { configuration, warnings } = await loadedConfiguration(yaml, {
      CRM_SECRET: "shared-with-the-crm",
      LANDING_PAGE_TOKEN: "shared-with-the-page",
    });
    expect(configuration).toMatchObject({
      timezone: "Europe/Berlin",
      sources: [{ name: "landing-page", auth: { kind: "token" }, to: null }],
      destinations: [{ name: "crm", kind: "http", secret: "shared-with-the-crm" }],
    });
    expect(warnings).toEqual([]);
  });

  it.each(["de", "en"] as const)("in %s says that nobody gets the leads yet", (lang) => {
    expect(firstConfiguration(lang)).toContain("no_destination");
  });

  it("has a new token each time, safe in YAML, headers and shells", () => {
    const tokens = Array.from({ length: 100 }, () => newToken(randomBytes));
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});

const run = promisify(execFile);
const hasCurl = await run("curl", ["--version"]).then(
  () => true,
  () => false,
);

describe("the curl line", () => {
  it.each([
    ["0.0.0.0", "http://127.0.0.1:80/"],
    ["::", "http://[::1]:80/"],
    ["::1", "http://[::1]:80/"],
    ["localhost", "http://localhost:80/"],
  ])("for a server on %s asks %s", (host, address) => {
    expect(curlLine({ host, port: 80, token: "t" })).toContain(address);
  });

  it.skipIf(!hasCurl)("sends a lead with token, key and JSON body when pasted into a shell", async () => {
    const token = newToken(randomBytes);
    const server = createServer((request, response) => {
      void readBody(request).then((body) =>
        response.end(JSON.stringify({ request: describeRequest(request), body })),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const { stdout } = await run("sh", ["-c", curlLine({ host: "127.0.0.1", port, token })]);
      expect(stdout).toMatch(/^HTTP\/1\.1 200 OK/);
      const answer = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { request: unknown; body: string };
      expect(answer.request).toEqual([
        "POST",
        "/webhook/lead/website",
        `Bearer ${token}`,
        "application/json",
        "first-lead",
      ]);
      expect(JSON.parse(answer.body)).toMatchObject({ email: "erika@example.com" });
    } finally {
      server.close();
    }
  });
});

function describeRequest({ method, url, headers }: IncomingMessage): unknown[] {
  return [method, url, headers.authorization, headers["content-type"], headers["idempotency-key"]];
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
