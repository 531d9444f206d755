// Sources and destinations on the command line: made, tested, changed and removed, with the secret shown once.
import { exec } from "node:child_process";
import { createHmac } from "node:crypto";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { ledgerDatabase, startTestApp, testRootKeyHex, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { testAdminKey } from "../support/api-client.ts";
import { useCommandLine } from "../support/command-line.ts";
import type { FreshDatabase } from "../support/database.ts";
import { plant } from "../support/leak-watch.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { until } from "../support/until.ts";

const shell = promisify(exec);
const hasTools = await shell("curl --version && openssl version").then(
  () => true,
  () => false,
);

const secret = "planted-secret-of-the-command-line-9931";

describe("leadledger source and destination", () => {
  const commandLine = useCommandLine();
  let database: FreshDatabase;
  let app: TestApp;
  let sink: Sink;
  beforeAll(async () => {
    plant([secret]);
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    sink = await startSink();
    database = await ledgerDatabase(server);
    app = await startTestApp(database, { sources: [testSource("from-file")] }, { adminKey: testAdminKey });
  });
  afterAll(async () => {
    await app.stop();
    await sink.close();
    await database.drop();
  });
  beforeEach(() => {
    commandLine.env = {
      DATABASE_URL: database.url,
      LEADLEDGER_KEY: testRootKeyHex,
      PORT: String(app.app.port),
      CRM_ADDRESS: `${sink.url}?token=${secret}`,
      CRM_SECRET: secret,
    };
  });

  async function pasted(line: string, status: number): Promise<void> {
    await until("the node takes it", async () => {
      const { stdout } = await shell(line);
      return stdout.startsWith(`HTTP/1.1 ${status}`);
    });
  }

  it("add a destination whose address and secret come from the environment, and test it", async () => {
    const added = await commandLine.run(
      ...["destination", "add", "crm", "--address-env", "CRM_ADDRESS", "--secret-env", "CRM_SECRET"],
      "--allow-private",
    );
    expect(added).toMatchObject({
      code: 0,
      stderr: "Leads of these sources will go there from now on: from-file\n",
    });
    const shown = await commandLine.json<Record<string, unknown>>("destination", "show", "crm");
    expect(shown).toMatchObject({ kind: "http", origin: new URL(sink.url).origin, managed_by: "api" });
    expect(JSON.stringify(shown)).not.toContain(secret);
    // Nobody can be asked here; on a terminal somebody is.
    const tested = await commandLine.run("destination", "test", "crm", "--json");
    expect(tested.stderr).toContain("crm: A test lead is a request like any other");
    const { run_id: runId } = JSON.parse(tested.stdout) as { run_id: string };
    await until("a running node delivers it", () => sink.countOf(`${runId}:crm`) === 1);
    const probe = await commandLine.run("destination", "probe", "crm", "--lang", "de");
    expect(probe.stdout).toContain("crm ist erreichbar: 127.0.0.1");
  });

  it.skipIf(!hasTools)("add a source with a curl line that works as it is pasted", async () => {
    for (const kind of ["token", "hmac"]) {
      const { code, stdout } = await commandLine.run(
        "source",
        "add",
        `by-${kind}`,
        "--auth",
        kind,
        "--key-pointer",
        "/id",
        "--to",
        "all",
      );
      expect(code).toBe(0);
      const line = stdout.split("\n").find((each) => each.includes("curl -i")) ?? "";
      await pasted(line, 202);
      await pasted(line, 200);
    }
  });

  it("says everything that is wrong with an entry, in German too, and changes nothing", async () => {
    const { code, stderr } = await commandLine.run(
      ...["source", "add", "broken", "--to", "cmr", "--rate-limit", "viel", "--lang", "de"],
    );
    expect(code).toBe(1);
    expect(stderr).toContain("to[0]: Ein solches Ziel gibt es nicht: „cmr“");
    expect(stderr).toContain("rate_limit: „viel“ ist keine Rate.");
    const missing = await commandLine.run("source", "add", "broken", "--secret-env", "NO_SUCH_VARIABLE");
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("NO_SUCH_VARIABLE") as string });
    expect((await commandLine.run("source", "show", "broken")).code).toBe(1);
  });

  it("replace a secret: only the secret on stdout's last line, and until when the old one is good", async () => {
    const { stdout } = await commandLine.run("destination", "rotate-secret", "crm", "--overlap", "12h");
    const lines = stdout.trim().split("\n");
    expect(lines.at(-1)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(lines.at(-2)).toMatch(/^Still valid: [0-9a-f]{8} until \d{4}-/);
    const { secrets } = await commandLine.json<{ secrets: unknown[] }>("destination", "show", "crm");
    expect(secrets).toHaveLength(2);
  });

  it("pause, change, remove; what is in the file is the file's", async () => {
    expect(await commandLine.json("source", "pause", "by-token")).toMatchObject({ paused: true });
    expect((await commandLine.run("doctor")).stdout).toMatch(
      /by-token is paused since \d{4}-\d\d-\d\d \d\d:\d\d/,
    );
    const changed = ["source", "change", "by-token", "--body-limit", "1MB", "--unset", "key"];
    expect(await commandLine.json(...changed)).toMatchObject({ body_limit: "1MB", key: null });
    expect(await commandLine.json("source", "remove", "by-token")).toMatchObject({ enabled: false });
    const refused = await commandLine.run("source", "remove", "from-file");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("leadledger apply") as string });
    const { stdout } = await commandLine.run("source", "list", "--all");
    expect(stdout).toMatch(/by-token\s+removed\s+API/);
    expect(stdout).toMatch(/from-file\s+active\s+leadledger\.yaml/);
  });

  it("a new secret leaves the way in which a source proves who sends", async () => {
    await commandLine.json("source", "add", "signed", "--auth", "hmac", "--to", "none");
    commandLine.env["NEW_SECRET"] = "another-secret-0123456789";
    const changed = await commandLine.json("source", "change", "signed", "--secret-env", "NEW_SECRET");
    expect(changed).toMatchObject({ auth: { kind: "hmac", secrets: [{ not_after: null }] } });
  });

  it("work over the API of a server in the same way", async () => {
    commandLine.env = { LEADLEDGER_URL: app.url, LEADLEDGER_API_KEY: testAdminKey };
    const { items } = await commandLine.json<{ items: { name: string }[] }>("destination", "list");
    expect(items.map(({ name }) => name)).toEqual(["crm"]);
    const added = await commandLine.run("source", "add", "afar", "--to", "all");
    expect(added.stdout).toContain(`curl -i ${app.url}/webhook/lead/afar`);
    expect(await commandLine.json("source", "show", "afar")).toMatchObject({ to: null });
    // Nobody sends everywhere without having said so.
    expect(await commandLine.run("source", "add", "anywhere")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--to all") as string,
    });
  });

  it("set a source up with its sender's steps, and watch what it refuses with the reason", async () => {
    const set = await commandLine.json<{ secret: string; label: string; steps: string[]; auth: unknown }>(
      ...["source", "set-up", "--with", "typeform", "--label", "Möbel Köln", "--to", "none", "--lang", "de"],
    );
    plant([set.secret]);
    expect(set).toMatchObject({ name: "moebel-koeln", label: "Möbel Köln", kind: "typeform", to: [] });
    expect(set.steps[0]).toContain("/webhook/lead/moebel-koeln");
    expect(set.steps[1]).toContain(set.secret);
    expect(set).toMatchObject({ address_remarks: [{ code: "address_not_public" }] });
    // Nobody sends everywhere without having said so.
    expect(
      await commandLine.run("source", "set-up", "--with", "typeform", "--label", "Ohne Ziel"),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--to") as string,
    });
    const watching = commandLine.start("source", "watch", "moebel-koeln", "--once");
    // What was refused before it looked, it does not tell.
    await until("it watches", () => Promise.resolve(watching.output.stderr.includes("Waiting for requests")));
    const url = `${app.url}/webhook/lead/moebel-koeln`;
    await until("a refused request is shown", async () => {
      await fetch(url, { method: "POST", body: "{}" });
      return watching.output.stdout.includes("Looked for: Typeform-Signature");
    });
    const body = '{"event_type":"form_response","form_response":{"token":"a1"}}';
    const signature = createHmac("sha256", set.secret).update(body).digest("base64");
    await fetch(url, { method: "POST", body, headers: { "typeform-signature": `sha256=${signature}` } });
    const { code, stdout } = await watching.finished;
    expect(code).toBe(0);
    const [run] = (
      await commandLine.json<{ items: { run_id: string }[] }>("runs", "list", "--source", "moebel-koeln")
    ).items;
    expect(stdout.trim().split("\n").at(-1)).toContain(run?.run_id);
  });
});
