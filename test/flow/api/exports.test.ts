// Files with leads, entries, events and figures: complete, exact, harmless in a spreadsheet, and with a trace.
import { parse } from "csv-parse/sync";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ledgerDatabase, startTestApp, testSource } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";
import { apiClient, testAdminKey } from "../../support/api-client.ts";
import type { FreshDatabase } from "../../support/database.ts";
import { open } from "../../support/ledger.ts";
import { until } from "../../support/until.ts";

const authorization = { authorization: `Bearer ${testAdminKey}` };
const bigNumber = "12345678901234567890.12345";
const ada = `{"email":"ada@example.com","phone":"+49 711 123-45","address":{"zip":"01067"},"name":"=HYPERLINK(\\"http://x\\")","budget":1234.5,"click_id":${bigNumber}}`;

describe("Exports", () => {
  let database: FreshDatabase;
  let app: TestApp;

  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    app = await startTestApp(
      database,
      { sources: [testSource("website", { to: [] })], timezone: "Europe/Berlin" },
      { adminKey: testAdminKey },
    );
    await post("lead-1", ada);
    await post("lead-2", '{"email":"über@example.com","note":"zwei\\nZeilen; mit \\"allem\\""}');
    await post("broken", "{");
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  async function post(key: string, body: string): Promise<void> {
    await fetch(`${app.url}/webhook/lead/website`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body,
    });
  }

  async function file(path: string): Promise<string> {
    const response = await fetch(`${app.url}/api/v1/exports/${path}`, { headers: authorization });
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer()).toString("utf8");
  }

  it("give every lead with its data and, where asked, its fields as columns", async () => {
    const text = await file("runs?fields=email,phone,/address/zip,budget,source");
    const rows = parse<Record<string, string>>(text, { columns: true, record_delimiter: "\r\n" });
    expect(rows).toHaveLength(3);
    expect(Object.keys(rows[0] ?? {}).slice(-7)).toEqual([
      "body",
      "email",
      "phone",
      "/address/zip",
      "budget",
      "/source",
      "signs",
    ]);
    expect(rows[0]).toMatchObject({
      idempotency_key: "lead-1",
      source: "website",
      status: "processed",
      outcome: "no_destination",
      refused: "false",
      email: "ada@example.com",
      phone: "+49 711 123-45",
      "/address/zip": "01067",
      budget: "1234.5",
      "/source": "",
    });
    expect(rows[0]?.["body"]).toContain(bigNumber);
    expect(rows[0]?.["received_at"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(rows[1]).toMatchObject({ email: "über@example.com", phone: "" });
    expect(rows[2]).toMatchObject({
      idempotency_key: "broken",
      status: "failed",
      error_code: "json_malformed",
      body: "",
    });
  });

  it("open in a German Excel: semicolons, byte order mark, decimal commas, phone and postcode as texts", async () => {
    const text = await file("runs?excel=de&fields=phone,/address/zip,budget,name");
    expect(text.startsWith("\uFEFFrun_id;idempotency_key;")).toBe(true);
    const [, first] = parse(text, { bom: true, delimiter: ";", record_delimiter: "\r\n" });
    const fields = ['="+49 711 123-45"', '="01067"', "1234,5", '\'=HYPERLINK("http://x")'];
    expect(first?.slice(-5)).toEqual([...fields, ""]);
    expect(first?.[3]).toMatch(/^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/);
    expect(first?.[9]).toBe("FALSCH");
  });

  it("keep every number as the database has it in NDJSON", async () => {
    const lines = (await file("runs?format=ndjson&fields=click_id")).trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain(`"click_id":${bigNumber},`);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      source: "website",
      processed_at: expect.any(String) as unknown,
      test: false,
    });
    expect(JSON.parse(lines[2] ?? "")).toMatchObject({ body: null, refused: true });
  });

  it("are workbooks with typed cells and a header that stays", async () => {
    const response = await fetch(`${app.url}/api/v1/exports/runs?format=xlsx&fields=budget,click_id,name`, {
      headers: authorization,
    });
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="leadledger-runs.xlsx"');
    const folder = await mkdtemp(join(tmpdir(), "leadledger-xlsx-"));
    const path = join(folder, "runs.xlsx");
    await writeFile(path, Buffer.from(await response.arrayBuffer()));
    const part = (name: string): string => execFileSync("unzip", ["-p", path, name], { encoding: "utf8" });
    const sheet = part("xl/worksheets/sheet1.xml");
    expect(sheet).toContain('state="frozen"');
    expect(sheet).toContain('<c r="M2"><v>1234.5</v></c>');
    expect(sheet).toContain(`<is><t xml:space="preserve">${bigNumber}</t></is>`);
    expect(sheet).toContain('<is><t xml:space="preserve">=HYPERLINK("http://x")</t></is>');
    expect(sheet).not.toContain("<f>");
    expect(sheet).toMatch(/<c r="D2" s="2"><v>\d{5}\.\d+<\/v><\/c>/);
    expect(part("[[]Content_Types].xml")).toContain("/xl/worksheets/sheet1.xml");
    expect(execFileSync("unzip", ["-tqq", path], { encoding: "utf8" })).toBe("");
    await rm(folder, { recursive: true });
  });

  it("give entries, the audit log with its proofs, and the daily figures", async () => {
    const [entry] = parse<Record<string, string>>(await file("dlq"), { columns: true });
    expect(entry).toMatchObject({
      kind: "refused",
      status: "open",
      error_code: "json_malformed",
      retry_count: "0",
    });
    const events = parse<Record<string, string>>(await file("audit-events"), { columns: true });
    expect(events.map((event) => event["event_type"])).toEqual(
      expect.arrayContaining(["lead_received", "lead_rejected"]),
    );
    expect(events[0]?.["digest"]).toMatch(/^[0-9a-f]{64}$/);
    const day = await until("the roll-up", async () => {
      const [row] = parse<Record<string, string>>(await file("kpi"), { columns: true });
      return row?.["received_count"] === "3" && row;
    });
    expect(day).toMatchObject({ failed_count: "1", dlq_open_count: "1", by_hand: "false" });
  });

  it("are in the audit log: who took what, and how many rows", async () => {
    await file("dlq?format=ndjson");
    const { rows } = await app.installation.database.query<{
      event_type: string;
      actor: string;
      payload: object;
    }>(
      "SELECT event_type, actor, payload FROM audit_events WHERE event_type LIKE 'export%' ORDER BY event_id DESC LIMIT 2",
    );
    expect(rows).toEqual([
      {
        event_type: "exported",
        actor: "key:environment",
        payload: expect.objectContaining({
          what: "dlq",
          format: "ndjson",
          count: 1,
          complete: true,
        }) as unknown,
      },
      {
        event_type: "export_started",
        actor: "key:environment",
        payload: expect.objectContaining({ what: "dlq", format: "ndjson" }) as unknown,
      },
    ]);
  });

  it("end when the reader goes away, and say that they were not complete", async () => {
    await fill(database, 20_000);
    const request = http.get(`${app.url}/api/v1/exports/runs?format=ndjson`, { headers: authorization });
    const response = await new Promise<http.IncomingMessage>((resolve) => request.on("response", resolve));
    await new Promise((resolve) => response.once("data", resolve));
    request.destroy();
    await until("the event", async () => {
      const { rows } = await app.installation.database.query<{ complete: boolean }>(
        "SELECT payload -> 'complete' AS complete FROM audit_events WHERE event_type = 'exported' ORDER BY event_id DESC LIMIT 1",
      );
      return rows[0]?.complete === false;
    });
    // Whatever else the node does at that moment ends, too.
    await until("no transaction is left open", async () => {
      const { rows } = await app.installation.database.query(
        "SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()",
      );
      return rows.length === 0;
    });
  });

  it("do not keep a node from stopping, and refuse a fourth at the same time", async () => {
    const other = await startTestApp(database, {}, { adminKey: testAdminKey });
    const readers = await Promise.all(
      [1, 2, 3].map(async () => {
        const request = http.get(`${other.url}/api/v1/exports/runs?format=ndjson`, {
          headers: authorization,
        });
        request.on("error", () => undefined);
        const response = await new Promise<http.IncomingMessage>((resolve) =>
          request.on("response", resolve),
        );
        const ended = new Promise<string>((resolve) => {
          response.once("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? "?"));
        });
        return { response, ended };
      }),
    );
    expect(await apiClient(other.url).get("/exports/kpi")).toMatchObject({
      status: 429,
      json: { code: "exports_busy" },
    });
    const startedMs = performance.now();
    const stopped = other.stop();
    await pause(0);
    for (const { response } of readers) response.resume();
    expect(await Promise.all(readers.map(({ ended }) => ended))).toEqual([
      "ECONNRESET",
      "ECONNRESET",
      "ECONNRESET",
    ]);
    await stopped;
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });

  it("take no more memory for many leads than for few", { tags: "thorough", timeout: 240_000 }, async () => {
    await fill(database, 280_000);
    const grown = async (format: string): Promise<number> => {
      const response = await fetch(`${app.url}/api/v1/exports/runs?format=${format}`, {
        headers: authorization,
      });
      collectGarbage();
      const before = process.memoryUsage.rss();
      let highest = before;
      let bytes = 0;
      let looked = 0;
      for await (const chunk of response.body ?? []) {
        bytes += (chunk as Uint8Array).length;
        if (bytes - looked < lookEveryBytes) continue;
        looked = bytes;
        collectGarbage();
        highest = Math.max(highest, process.memoryUsage.rss());
      }
      expect(looked).toBeGreaterThan(0);
      return highest - before;
    };
    expect(await grown("csv")).toBeLessThan(exportGrowthMaxBytes);
    expect(await grown("xlsx")).toBeLessThan(exportGrowthMaxBytes);
  });

  it("narrow to what the lists would show, and say which filters there are", async () => {
    const text = await file("runs?format=ndjson&status=failed&source=website");
    expect(text.trimEnd().split("\n")).toHaveLength(1);
    expect(await file("runs?format=ndjson&email=ADA@example.com")).toContain("lead-1");
    expect(await file("dlq?format=ndjson&status=dead")).toBe("");
    const { rows } = await app.installation.database.query<{ payload: object }>(
      "SELECT payload FROM audit_events WHERE event_type = 'exported' ORDER BY event_id DESC LIMIT 2",
    );
    expect(JSON.stringify(rows)).not.toMatch(/ada@/i);
    const client = apiClient(app.url);
    expect(await client.get("/exports/runs?colour=red")).toMatchObject({
      status: 400,
      json: { reason: expect.stringContaining("colour") as unknown },
    });
    expect(await client.get("/exports/runs?format=xlsx&excel=de")).toMatchObject({ status: 400 });
    expect(await client.get("/exports/runs?fields=/a~2")).toMatchObject({ status: 400 });
  });
});

/** Half of what the leads take as text. */
const exportGrowthMaxBytes = 64 * 1024 * 1024;
const lookEveryBytes = 5_000_000;
setFlagsFromString("--expose-gc");
/** What is left is in use: how lazy the collector is on a machine with much memory is not the question. */
const collectGarbage = runInNewContext("gc") as () => void;

/** Leads with bodies, as quickly as SQL makes them. */
async function fill({ url }: FreshDatabase, leads: number): Promise<void> {
  const database = open(url, 1);
  await database.query(
    "ALTER TABLE audit_events DISABLE TRIGGER USER; ALTER TABLE runs DISABLE TRIGGER USER",
  );
  await database.query(
    `WITH made AS (INSERT INTO runs (run_id, source, received_at, status, processed_at, outcome)
       SELECT gen_random_uuid(), 'website', clock_timestamp(), 'processed', clock_timestamp(), 'delivered'
       FROM generate_series(1, $1) RETURNING run_id)
     INSERT INTO audit_events (run_id, event_type, actor, payload, payload_digest, digest)
     SELECT run_id, 'lead_received', 'webhook', jsonb_build_object('body',
       jsonb_build_object('email', run_id || '@example.com', 'text', repeat('Guten Tag ', 20))), '', '' FROM made`,
    [leads],
  );
  await database.query("ALTER TABLE audit_events ENABLE TRIGGER USER; ALTER TABLE runs ENABLE TRIGGER USER");
  await database.close();
}
