// What Prometheus gets: gauges of what stands in the ledger, counters that begin at zero, and never a scrape that hangs.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import type { FreshDatabase } from "../support/database.ts";
import { urgency } from "../../src/domain/figures/alarm.ts";
import { docsFolder } from "../support/documentation.ts";
import { until } from "../support/until.ts";

const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;
const sources = [
  testSource("website", {
    auth: { kind: "token", secrets: [{ value: "token-of-website", notAfter: null }] },
  }),
  testSource("quiet"),
  testSource("moebel-web", { client: "moebel" }),
];
const destinations = [
  testDestination("crm", "http://127.0.0.1:9/", { paused: true }),
  testDestination("erp", "http://127.0.0.1:9/"),
  testDestination("moebel-crm", "http://127.0.0.1:9/", { client: "moebel", paused: true }),
];

describe("GET /metrics", () => {
  let database: FreshDatabase;
  let app: TestApp;
  beforeAll(async () => {
    const [server] = inject("servers");
    if (server === undefined) throw new Error("no server");
    database = await ledgerDatabase(server);
    app = await startTestApp(database, { sources, destinations });
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });
  const scrape = async (): Promise<string> => (await fetch(`${app.url}/metrics`)).text();
  const send = (source: string, headers: Record<string, string>) =>
    fetch(`${app.url}/webhook/lead/${source}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: '{"email":"erika@example.com"}',
    });

  it("has every counter at zero before anything has happened, so that the first event is a rate", async () => {
    const text = await scrape();
    for (const line of [
      'leadledger_intake_total{source="website",result="lead_received"} 0',
      'leadledger_intake_total{source="quiet",result="lead_rejected"} 0',
      'leadledger_intake_denied_total{source="website",code="credentials_wrong"} 0',
      'leadledger_intake_denied_total{source="website",code="idempotency_key_missing"} 0',
      'leadledger_intake_denied_total{source="(others)",code="source_unknown"} 0',
      'leadledger_delivery_attempts_total{destination="crm",outcome="delivered"} 0',
      'leadledger_delivery_attempts_total{destination="erp",outcome="destination_auth"} 0',
      'leadledger_delivery_attempt_seconds_count{destination="crm"} 0',
      "leadledger_dlq_open_entries 0",
      "leadledger_dlq_need_decision_entries 0",
      "leadledger_dlq_dead_entries 0",
      "leadledger_dlq_oldest_open_entry_seconds 0",
      'leadledger_destination_waiting_deliveries{destination="crm"} 0',
      'leadledger_destination_overdue_deliveries{destination="erp"} 0',
      "leadledger_spool_records 0",
      "leadledger_stock_readable 1",
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    // Nothing has come: there is no time to tell.
    expect(text).not.toContain("leadledger_source_last_lead_timestamp_seconds{");
  });

  it("names the source of what was refused, and puts all that are not configured together", async () => {
    await send("website", {});
    await send("website", { authorization: "Bearer token-of-website" });
    for (const name of ["x1", "x2", "x3"]) await send(name, {});
    const text = await scrape();
    expect(text).toContain('leadledger_intake_denied_total{source="website",code="credentials_missing"} 1\n');
    expect(text).toContain(
      'leadledger_intake_denied_total{source="website",code="idempotency_key_missing"} 1\n',
    );
    expect(text).toContain('leadledger_intake_denied_total{source="(others)",code="source_unknown"} 3\n');
    expect(text).not.toContain("x1");
  });

  it("says whose a source and a destination are, where they name a client", async () => {
    expect((await send("moebel-web", { "idempotency-key": "m1" })).status).toBe(202);
    const last = 'leadledger_source_last_lead_timestamp_seconds{source="moebel-web",client="moebel"}';
    const text = await until("the figures to be read anew", async () => {
      const scraped = await scrape();
      return scraped.includes(last) && scraped;
    });
    for (const line of [
      'leadledger_intake_total{source="moebel-web",client="moebel",result="lead_received"} 1',
      'leadledger_intake_denied_total{source="moebel-web",client="moebel",code="credentials_wrong"} 0',
      'leadledger_delivery_attempts_total{destination="moebel-crm",client="moebel",outcome="delivered"} 0',
      'leadledger_delivery_attempt_seconds_count{destination="moebel-crm",client="moebel"} 0',
      'leadledger_destination_waiting_deliveries{destination="moebel-crm",client="moebel"} 1',
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).not.toMatch(/\{(?:source="moebel-web"|destination="moebel-crm"),(?!client)/);
    expect(text).not.toMatch(/client=""|undefined/);
  });

  it("shows what waits, what needs a person, what was given up, and when the last lead came", async () => {
    const before = Date.now() / 1_000;
    const answer = await send("website", {
      authorization: "Bearer token-of-website",
      "idempotency-key": "1",
    });
    expect(answer.status).toBe(202);
    await app.installation.database.query(
      `INSERT INTO dlq (reason, payload, status, created_at) VALUES
        ('by hand', '{}', 'open', clock_timestamp() - interval '2 hours'), ('by hand', '{}', 'dead', clock_timestamp())`,
    );
    await app.installation.database.query(
      "UPDATE internal.deliveries SET due_at = clock_timestamp() - interval '1 hour' WHERE destination = 'erp'",
    );
    // Those of five seconds ago are given until then.
    await until("the figures to be read anew", async () =>
      (await scrape()).includes("leadledger_dlq_dead_entries 1\n"),
    );
    const text = await scrape();
    const value = (name: string): number =>
      Number(new RegExp(`^${name.replace(/[{}"]/g, "\\$&")} (.+)$`, "m").exec(text)?.[1]);
    expect(value("leadledger_dlq_open_entries")).toBeGreaterThanOrEqual(1);
    expect(value("leadledger_dlq_need_decision_entries")).toBeGreaterThanOrEqual(1);
    expect(value("leadledger_dlq_oldest_open_entry_seconds")).toBeGreaterThan(7_000);
    expect(value('leadledger_destination_waiting_deliveries{destination="crm"}')).toBe(1);
    // Nobody sends to it: what waits there is not overdue.
    expect(value('leadledger_destination_overdue_deliveries{destination="crm"}')).toBe(0);
    expect(value('leadledger_source_last_lead_timestamp_seconds{source="website"}')).toBeGreaterThan(
      before - 5,
    );
    expect(text).not.toContain('leadledger_source_last_lead_timestamp_seconds{source="quiet"}');
  });

  it.skipIf(!hasPromtool)("is well-formed for promtool", async () => {
    const checked = spawnSync("promtool", ["check", "metrics"], { input: await scrape(), encoding: "utf8" });
    expect({ status: checked.status, said: checked.stderr.trim() }).toEqual({ status: 0, said: "" });
  });

  it.each(["en", "de"])(
    "has the figures that the documentation names, and no others (%s)",
    async (language) => {
      const shown = [...(await scrape()).matchAll(/^# TYPE (leadledger_\w+) /gm)].map(([, name]) => name);
      const page = readFileSync(join(docsFolder, language, "operations.md"), "utf8");
      const rows = page.split("\n").filter((line) => line.startsWith("| `leadledger_"));
      const named = rows.flatMap((row) => row.split(" | ")[0]?.match(/leadledger_[a-z_]+/g) ?? []);
      expect(shown.toSorted()).toEqual(named.toSorted());
    },
  );

  it("tells the alarms of the overview by code, each that there can be beginning at zero", async () => {
    const text = await scrape();
    for (const code of urgency) expect(text).toContain(`leadledger_alarms{code="${code}",severity="error"} `);
    expect(text).toContain('leadledger_alarms{code="node_gone",severity="error"} 0\n');
  });

  it.each(["en", "de"])("has every figure that the alert rules ask for (%s)", async (language) => {
    const text = await scrape();
    const rules = readFileSync(join(docsFolder, language, "leadledger-alerts.yml"), "utf8");
    const asked = new Set(rules.match(/\bleadledger_[a-z_]+/g));
    expect(asked.size).toBeGreaterThan(3);
    for (const name of asked) expect(text).toContain(`# TYPE ${name} `);
  });

  it.skipIf(!hasPromtool).each(["en", "de"])(
    "the alert rules fire when they should, and not before (%s)",
    (language) => {
      const rules = join(docsFolder, language, "leadledger-alerts.yml");
      execFileSync("promtool", ["check", "rules", rules]);
      execFileSync("promtool", [
        "test",
        "rules",
        join(import.meta.dirname, `../support/alert-rules.${language}.yml`),
      ]);
    },
  );
});
