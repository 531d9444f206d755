// serve, db url and commands beside it, on the embedded database, as a newcomer uses them.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { describe, expect, it, vi } from "vitest";
import { serve, useCommandLine } from "../support/command-line.ts";
import { living, serverProcesses } from "../support/embedded-postgres.ts";
import { startSink } from "../support/sink.ts";

const shell = promisify(execFile);
const commandLine = useCommandLine();

function post(url: string, source: string, key: string, token: string): Promise<Response> {
  const headers = { "content-type": "application/json", "idempotency-key": key, "x-api-key": token };
  return fetch(`${url}/webhook/lead/${source}`, { method: "POST", headers, body: '{"name":"Erika"}' });
}

describe("leadledger serve, started for the first time", () => {
  it("makes a source that can be changed here, writes a file that only its owner reads, and shows a curl line that works", async () => {
    commandLine.env = { PORT: "0" };
    const { banner } = await serve(commandLine);
    const { stdout } = await shell("sh", ["-c", banner.curl ?? "false"]);
    expect(stdout).toMatch(/^HTTP\/1.1 202 [^]*"status":"accepted"/);
    expect((await stat(join(commandLine.folder, "leadledger.yaml"))).mode & 0o777).toBe(0o600);
    const { items } = await commandLine.json<{ items: { source: string; outcome: string }[] }>(
      "runs",
      "list",
    );
    expect(items).toMatchObject([{ source: "website", outcome: "no_destination" }]);
    const source = await commandLine.json<object>("source", "change", "website", "--rate-limit", "5/s");
    expect(source).toMatchObject({ managed_by: "api", rate_limit: "5/s" });
    expect(await commandLine.json("settings", "show")).toMatchObject({ timezone_managed_by: "api" });
    expect(await commandLine.json("apply")).toMatchObject({ changes: [], timezone: null });
  });

  it("says that the file was written when the port is taken, and shows the curl line until a lead has come", async () => {
    const other = await startSink(() => ({ kind: "hang" }));
    commandLine.env = { PORT: new URL(other.url).port };
    const failed = await commandLine.run("serve");
    await other.close();
    expect(failed.code).toBe(4);
    expect(failed.stderr).toMatch(/A first source was made, and .*leadledger\.yaml was written/);

    commandLine.env = { PORT: "0" };
    const second = await serve(commandLine);
    const { stdout } = await shell("sh", ["-c", second.banner.curl ?? "false"]);
    expect(stdout).toMatch(/^HTTP\/1.1 202 /);
    second.child.kill("SIGTERM");
    await second.finished;
    expect((await serve(commandLine)).banner.curl).toBeNull();
  });

  it("speaks German to whoever has a German locale, also in the file", async () => {
    commandLine.env = { PORT: "0", LC_ALL: "de_DE.UTF-8" };
    const { output } = commandLine.start("serve");
    await vi.waitFor(() => expect(output.stdout).toContain("curl -i "), { timeout: 30_000 });
    expect(output.stdout).toContain("LeadLedger nimmt Leads an: http://127.0.0.1:");
    expect(await readFile(join(commandLine.folder, "leadledger.yaml"), "utf8")).toContain(
      "Wer Leads einliefern darf",
    );
  });

  it("names every mistake of a file that exists with its line, and starts nothing", async () => {
    await writeFile(
      join(commandLine.folder, "leadledger.yaml"),
      "sources:\n  a: { auth: { kind: tokn } }\n  b: {}\n",
    );
    const { code, stdout, stderr } = await commandLine.run("serve");
    expect(code).toBe(2);
    expect(stderr).toMatch(/leadledger\.yaml:2:\d+: [^]*leadledger\.yaml:3:\d+: /);
    expect(stdout).toBe("");
    expect(existsSync(join(commandLine.folder, "data"))).toBe(false);
  });

  it("refuses open intake on an address that others reach, before it listens", async () => {
    commandLine.env = { PORT: "0", HOST: "0.0.0.0" };
    await writeFile(join(commandLine.folder, "leadledger.yaml"), "open_intake: true\n");
    const { code, stdout, stderr } = await commandLine.run("serve");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("open_intake");
  });
});

describe("leadledger serve, running", () => {
  it("stops on SIGTERM with 0 and leaves no database process; later it works without the file, and writes none", async () => {
    commandLine.env = { PORT: "0" };
    const first = await serve(commandLine);
    const pids = await serverProcesses(join(commandLine.folder, "data"));
    first.child.kill("SIGTERM");
    expect((await first.finished).code).toBe(0);
    expect(await living(pids)).toEqual([]);

    const file = join(commandLine.folder, "leadledger.yaml");
    const token = /Bearer ([\w-]+)/.exec(first.banner.curl ?? "")?.[1] ?? "";
    await shell("rm", [file]);
    const second = await serve(commandLine);
    expect(second.banner).toMatchObject({
      sources: ["website"],
      curl: expect.stringContaining(token) as string,
    });
    expect((await post(second.banner.url, "website", "k", token)).status).toBe(202);
    expect(existsSync(file)).toBe(false);
  });

  it("ends at once on the second Ctrl-C, without leaving a database process behind", async () => {
    const sink = await startSink(() => ({ kind: "hang" }));
    try {
      commandLine.env = { PORT: "0" };
      await writeFile(
        join(commandLine.folder, "leadledger.yaml"),
        `sources: { web: { auth: { kind: none } } }\ndestinations: { crm: { kind: http, url: "${sink.url}", allow_private: true, timeout: 30s } }\n`,
      );
      const { child, banner, finished, output } = await serve(commandLine);
      const pids = await serverProcesses(join(commandLine.folder, "data"));
      expect((await post(banner.url, "web", "k", "")).status).toBe(202);
      await vi.waitFor(() => expect(sink.requests).toHaveLength(1), { timeout: 30_000 });
      child.kill("SIGINT");
      await vi.waitFor(() => expect(output.stderr).toContain("stop_requested"), { timeout: 30_000 });
      child.kill("SIGINT");
      expect((await finished).code).toBe(130);
      await vi.waitFor(async () => expect(await living(pids)).toEqual([]), { timeout: 30_000 });
    } finally {
      await sink.close();
    }
  });

  it("keeps a second one out of its folder and its port, and says so", async () => {
    commandLine.env = { PORT: "0" };
    const { banner } = await serve(commandLine);
    const sameFolder = await commandLine.run("serve");
    expect(sameFolder.code).toBe(4);
    expect(sameFolder.stderr).toContain("in use by another LeadLedger");
    commandLine.env = { PORT: new URL(banner.url).port, LEADLEDGER_DATA_DIR: "other" };
    const samePort = await commandLine.run("serve");
    expect(samePort.code).toBe(4);
    expect(samePort.stderr).toContain(`port ${new URL(banner.url).port}`);
  });
});

describe("leadledger db url", () => {
  it("prints one URI alone, of a role with the rights of the contract and no more", async () => {
    commandLine.env = { PORT: "0" };
    await serve(commandLine);
    const { stdout, stderr } = await commandLine.run("db", "url");
    expect(stdout).toMatch(/^postgresql:\/\/leadledger_sql:\S+@127\.0\.0\.1:\d+\/leadledger\n$/);
    expect(stderr).toBe("");
    const client = new pg.Client({ connectionString: stdout.trim() });
    await client.connect();
    try {
      await expect(client.query("SELECT run_id, status, received_at FROM runs")).resolves.toBeDefined();
      await client.query("INSERT INTO dlq (reason) VALUES ('by hand')");
      await expect(client.query("SELECT * FROM internal.sources")).rejects.toMatchObject({ code: "42501" });
      await expect(client.query("DELETE FROM runs")).rejects.toMatchObject({ code: "42501" });
    } finally {
      await client.end();
    }
  });

  it("prints a URI also while nothing runs, says that it works later, and it does", async () => {
    commandLine.env = { PORT: "0" };
    const early = await commandLine.run("db", "url", "--read-only");
    expect(early.code).toBe(0);
    expect(early.stderr).toContain("leadledger serve");
    await serve(commandLine);
    const client = new pg.Client({ connectionString: early.stdout.trim() });
    await client.connect();
    try {
      await expect(client.query("INSERT INTO dlq (reason) VALUES ('x')")).rejects.toMatchObject({
        code: "25006",
      });
    } finally {
      await client.end();
    }
  });
});

describe("any command", () => {
  it("starts the embedded database for itself and leaves nothing running", async () => {
    const { code, stdout } = await commandLine.run("migrate");
    expect({ code, stdout: stdout.slice(0, 14) }).toEqual({ code: 0, stdout: "Migrated: 0001" });
    await expect(serverProcesses(join(commandLine.folder, "data"))).rejects.toThrow("no server runs");
  });

  it("does not crash when its reader has seen enough", async () => {
    const { child, finished } = commandLine.start("kpi", "show", "--json");
    child.stdout?.destroy();
    const { code, stderr } = await finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
