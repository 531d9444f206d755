// The examples of docs/ do what the pages say: SQL after real traffic, as the role it is meant for; requests against a
// running server; a receiver against real deliveries.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { changeReportingTimezone } from "../../src/config/change-timezone.ts";
import { rebuildKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { ensureBiRole, ensureSqlRoles } from "../../src/ledger/accounts/sql-roles.ts";
import type { SqlRoleNames } from "../../src/ledger/accounts/sql-roles.ts";
import { choosePort } from "../../src/runtime/loopback-port.ts";
import { ledgerDatabase, startTestApp, testDestination, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { eventTypeOf } from "../../src/domain/log/event-types.ts";
import { describeOnEachServer, emptyDatabase } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { apiClient, testAdminKey } from "../support/api-client.ts";
import { bare, examples, firstColumn, languages, page, pagesOf } from "../support/documentation.ts";
import { asRole, dropRoles, passwordOf } from "../support/ledger.ts";
import { startSink } from "../support/sink.ts";
import type { Sink, SinkAnswer, SinkRequest } from "../support/sink.ts";

const run = promisify(execFile);
/** Its SQL is for a database elsewhere. */
const ownDatabasePage = "databases-and-brokers.md";
/** Its SQL is for the role that sees the views for BI tools. */
const biPage = "bi.md";
const hour = 3_600_000;
/** As the pages call them, in English and in German. */
const serviceLevels = ["quick", "schnell"];
const hasShellTools = ["bash", "curl", "openssl"].every((tool) =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, tool))),
);

describeOnEachServer("the documentation's SQL", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  let crm: Sink;
  let roles: SqlRoleNames;

  beforeAll(async () => {
    database = await ledgerDatabase(server);
    crm = await startSink(behaviour);
    app = await startTestApp(
      database,
      {
        sources: [
          testSource("website", { to: ["crm"] }),
          testSource("partner", { to: ["erp"] }),
          testSource("shop", { to: ["own-worker"] }),
          testSource("nobody", { to: [] }),
        ],
        destinations: [
          testDestination("crm", crm.url, {
            retry: { fastMs: [], slowMs: Array.from({ length: 9 }, () => hour) },
          }),
          testDestination("erp", crm.url, { retry: { fastMs: [], slowMs: [30] } }),
          { name: "own-worker", kind: "external", paused: false },
        ],
      },
      { adminKey: testAdminKey },
    );
    roles = await ensureSqlRoles(app.installation.database, { password: passwordOf });
    await ensureBiRole(app.installation.database, null, { password: passwordOf });
    await makeTraffic();
  });

  afterAll(async () => {
    await app.stop();
    await crm.close();
    await database.drop();
    await dropRoles(server, [roles.sql, roles.read, roles.bi]);
  });

  const statements = languages.flatMap((language) =>
    pagesOf(language)
      // Those are for a database of the reader's own.
      .filter((name) => name !== ownDatabasePage)
      .flatMap((name) => examples(language, name, "sql")),
  );

  it.each(statements)("does what it says at $place", async ({ code, place }) => {
    const filled = await fillIn(code);
    const refusedWith = /^-- (?:refused|abgelehnt): (\w{5})$/m.exec(code)?.[1];
    if (refusedWith !== undefined) {
      await expect(asUser(roles.sql, filled)).rejects.toMatchObject({ code: refusedWith });
      return;
    }
    const reader = place.includes(`/${biPage}:`) ? roles.bi : roles.read;
    const role = /^\s*(?:INSERT|UPDATE|DELETE|BEGIN)\b/m.test(code) ? roles.sql : reader;
    if (/^-- (?:no rows|keine Zeilen)$/m.test(code)) {
      // A change of the last seconds may not be in the daily figures yet.
      await vi.waitFor(async () => expect(await asUser(role, filled)).toEqual([0]), {
        timeout: 10_000,
        interval: 200,
      });
      return;
    }
    const counts = await asUser(role, filled);
    expect(counts.length).toBeGreaterThan(0);
    expect(counts.filter((count) => count === 0)).toEqual([]);
  });

  it.each(languages)("a table for leads elsewhere and its worker do what %s says", async (language) => {
    const own = await emptyDatabase(server);
    const client = new pg.Client({ connectionString: own.superuserUrl });
    await client.connect();
    try {
      await client.query(/CREATE TABLE leads \([\s\S]*?\);/.exec(page(language, ownDatabasePage))?.[0] ?? "");
      const [worker] = examples(language, ownDatabasePage, "sql");
      const runId = /run_id = '([^']+)'/.exec(worker?.code ?? "")?.[1];
      await client.query("INSERT INTO leads VALUES ($1, 'website', now(), '{}', '{}')", [runId]);
      await client.query(worker?.code ?? "");
      const { rows } = await client.query("SELECT run_id FROM leads WHERE done_at IS NOT NULL");
      expect(rows).toEqual([{ run_id: runId }]);
    } finally {
      await client.end();
      await own.drop();
    }
  });

  it("finds every digest genuine, and would find one that was changed", async () => {
    const [check] = examples("en", "audit-dlq-kpi.md", "sql").filter(({ code }) =>
      code.includes("is_genuine"),
    );
    const rows = await query(check?.code.replace("LIMIT 100", "") ?? "");
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((row) => row.payload_is_genuine !== true || row.envelope_is_genuine !== true)).toEqual(
      [],
    );
    const forged = check?.code.replace(
      "FROM audit_events",
      "FROM (SELECT * FROM audit_events LIMIT 1) AS e, LATERAL (SELECT 'x' AS forged) AS f",
    );
    const [row] = await query((forged ?? "").replaceAll("payload::text", "payload::text || forged"));
    expect(row).toMatchObject({ payload_is_genuine: false, envelope_is_genuine: true });
  });

  it.each(languages)("has every event type in the book that the page names (%s)", async (language) => {
    const documented = firstColumn(language, "audit-dlq-kpi.md", "event_type");
    const written = (await query("SELECT DISTINCT event_type FROM audit_events")).map((row) =>
      String(row.event_type),
    );
    const here = documented.map(bare).filter((type) => !writtenElsewhere.includes(type));
    const inTheBook = written.filter((type) => type !== "note" && !writtenElsewhere.includes(type));
    expect(inTheBook.toSorted()).toEqual(here.toSorted());
  });

  it("holds nothing in an event of the program's or the database's that is not declared of its type", async () => {
    const rows = await query(
      "SELECT DISTINCT event_type, jsonb_object_keys(payload) AS member FROM audit_events WHERE event_type <> 'note'",
    );
    const undeclared = rows.filter(
      ({ event_type: type, member }) =>
        !Object.hasOwn(eventTypeOf(String(type))?.members ?? {}, String(member)),
    );
    expect(rows.length).toBeGreaterThan(80);
    expect(undeclared).toEqual([]);
  });

  async function makeTraffic(): Promise<void> {
    const { database: ledger } = app.installation;
    for (let index = 0; index < 3; index += 1)
      await send("website", `ok-${index}`, { name: "Erika", email: "erika@example.com" });
    await send("website", "ok-0", { name: "Erika", email: "erika@example.com" });
    await send("website", "ok-0", { name: "somebody else" });
    await send("nobody", "lonely", { name: "Erika" });
    for (let index = 0; index < 24; index += 1)
      await send("website", `reject-${index}`, { name: "reject", email: "a@b.example" });
    for (let index = 0; index < 6; index += 1) await send("partner", `dead-${index}`, { name: "down" });
    for (let index = 0; index < 4; index += 1) await send("website", `down-${index}`, { name: "down" });
    for (let index = 0; index < 4; index += 1) await send("website", `broken-${index}`, `{"broken":${index}`);
    for (let index = 0; index < 20; index += 1) await send("shop", `order-${index}`, { name: "Erika" });
    await send("partner", "story", { name: "flaky", email: "erika@example.com" });
    await send("website", "mended", "{");
    await send("website", "mended", { name: "Erika" });
    await send("stranger", "x", {});
    await fetch(`${app.url}/health`);
    // Meets no entry, so that the examples find what the leads above left.
    await apiClient(app.url).post("/operations", {
      action: "dlq.retry",
      filter: { error_code: "of_no_entry" },
      reason: "an example",
    });
    for (const zone of ["Europe/Vienna", "Europe/Berlin"])
      await changeReportingTimezone(ledger, "cli:test", zone);
    await rebuildKpis(ledger, "cli:test");
    await externalEntry();
    await externalEntry();
    await promised();
    await asUser(roles.sql, "UPDATE runs SET error_message = 'looked at' WHERE idempotency_key = 'reject-0'");
    await vi.waitFor(
      async () => {
        const rows = await query(
          `SELECT (SELECT count(*)::int FROM dlq WHERE status = 'dead') AS dead,
             (SELECT count(*)::int FROM dlq WHERE status = 'open' AND destination = 'crm') AS open,
             (SELECT status FROM runs WHERE idempotency_key = 'story') AS story,
             EXISTS (SELECT 1 FROM audit_events WHERE event_type = 'request_denied') AS denied,
             EXISTS (SELECT 1 FROM audit_events WHERE event_type = 'operation_finished') AS operated,
             (SELECT count(DISTINCT sla)::int FROM sla_daily) AS judged`,
        );
        expect(rows).toEqual([
          {
            dead: 6,
            open: 28,
            story: "processed",
            denied: true,
            operated: true,
            judged: serviceLevels.length,
          },
        ]);
      },
      { timeout: 30_000, interval: 100 },
    );
  }

  /** Service levels, and a lead whose person was contacted, by mistake. */
  async function promised(): Promise<void> {
    const api = apiClient(app.url);
    for (const name of serviceLevels)
      await api.post("/sla", { name, measure: "delivered", within: "5m", share: "99%" });
    const runId = String(await one("SELECT run_id FROM runs WHERE idempotency_key = 'lonely'"));
    await api.post(`/runs/${runId}/contacted`, {});
    await api.delete(`/runs/${runId}/contacted`, { body: { reason: "somebody else" } });
  }

  async function send(source: string, key: string, body: unknown): Promise<void> {
    await fetch(`${app.url}/webhook/lead/${source}`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  /** Placeholders stand for things that exist, fresh ones for each example. */
  async function fillIn(code: string): Promise<string> {
    const values: Record<string, () => Promise<unknown>> = {
      "<run_id>": () => one("SELECT run_id FROM runs WHERE idempotency_key = 'story'"),
      "<source>": () => Promise.resolve("website"),
      "<quelle>": () => Promise.resolve("website"),
      "<key>": () => Promise.resolve("ok-0"),
      "<email>": () => Promise.resolve("erika@example.com"),
      // One that nothing is about to attempt: an earlier example may have made all of them due.
      "<dlq_id>": () =>
        vi.waitFor(
          () =>
            one(
              `SELECT dlq_id FROM dlq WHERE error_code = 'destination_rejected' AND status = 'open' AND note IS NULL
                 AND next_retry_at IS NULL AND payload -> 'body' ->> 'email' = 'a@b.example' ORDER BY dlq_id LIMIT 1`,
            ),
          { timeout: 10_000, interval: 50 },
        ),
      "<dead_dlq_id>": () =>
        one(
          "SELECT min(dlq_id) FROM dlq d WHERE status = 'dead' AND destination = 'erp' AND NOT EXISTS (SELECT FROM dlq n WHERE n.reopened_from = d.dlq_id)",
        ),
      "<refused_dlq_id>": () => one("SELECT min(dlq_id) FROM dlq WHERE kind = 'refused' AND status = 'open'"),
      "<failed_run_id>": () =>
        one("SELECT min(run_id::text) FROM dlq WHERE kind = 'delivery' AND status = 'open'"),
      "<operation_id>": () =>
        one("SELECT payload ->> 'operation_id' FROM audit_events WHERE event_type = 'operation_finished'"),
      "<external_run_id>": () =>
        one("SELECT min(run_id::text) FROM runs WHERE source = 'shop' AND status = 'accepted'"),
      "<external_dlq_id>": async () => {
        const dlqId = await externalEntry();
        await asUser(roles.sql, `UPDATE dlq SET status = 'retrying' WHERE dlq_id = ${String(dlqId)}`);
        return dlqId;
      },
    };
    let filled = code;
    for (const [placeholder, value] of Object.entries(values)) {
      if (filled.includes(placeholder)) filled = filled.replaceAll(placeholder, String(await value()));
    }
    expect(filled).not.toMatch(/<[a-z_]+>/);
    return filled;
  }

  /** A due entry of the worker of one's own. */
  async function externalEntry(): Promise<unknown> {
    const runId = await one(
      "SELECT min(run_id::text) FROM runs WHERE source = 'shop' AND status = 'accepted'",
    );
    return one(
      `INSERT INTO dlq (run_id, kind, destination, next_retry_at)
       VALUES ('${String(runId)}', 'delivery', 'own-worker', now()) RETURNING dlq_id`,
    );
  }

  async function one(text: string): Promise<unknown> {
    const [row] = await query(text);
    const [value] = Object.values(row ?? {});
    expect(value ?? null, text).not.toBeNull();
    return value;
  }

  async function query(text: string): Promise<Record<string, unknown>[]> {
    return (await app.installation.database.query<Record<string, unknown>>(text)).rows;
  }

  /** How many rows each statement found or changed. */
  async function asUser(role: string, text: string): Promise<number[]> {
    const client = new pg.Client({ connectionString: asRole(database.url, role) });
    await client.connect();
    try {
      const results: pg.QueryResult | pg.QueryResult[] = await client.query(text);
      return [results]
        .flat()
        .filter(({ command }) => ["SELECT", "INSERT", "UPDATE"].includes(command))
        .map(({ rowCount }) => rowCount ?? 0);
    } finally {
      await client.end();
    }
  }
});

describeOnEachServer("the documentation's requests", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  let folder: string;
  const secrets = {
    WEBSITE_SECRET: "secret-of-the-website",
    LANDINGPAGE_TOKEN: "token-of-the-page",
    CALENDAR_TOKEN: "token-of-calendar",
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "leadledger-docs-"));
    database = await ledgerDatabase(server);
    const secret = (value: string) => [{ value, notAfter: null }];
    app = await startTestApp(database, {
      sources: [
        testSource("website", { auth: { kind: "hmac", secrets: secret(secrets.WEBSITE_SECRET) } }),
        testSource("landingpage", { auth: { kind: "token", secrets: secret(secrets.LANDINGPAGE_TOKEN) } }),
        testSource("calendar", {
          auth: { kind: "token", secrets: secret(secrets.CALENDAR_TOKEN) },
          key: { kind: "pointer", pointer: "/booking_id" },
        }),
      ],
    });
  });

  afterAll(async () => {
    await app.stop();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  describe.each(languages)("in the page in language %s", (language) => {
    it.skipIf(!hasShellTools).each(examples(language, "webhooks.md", "sh"))(
      "are accepted, and repeated recognised: $place",
      async ({ code }) => {
        const script = `#${language}\n${ownKeys(code, language)}`;
        expect(await bash(script)).toContain('{"status":"accepted","run_id":"');
        expect(await bash(script)).toContain('{"status":"duplicate","run_id":"');
      },
    );

    it.each(examples(language, "webhooks.md", "js"))(
      "are accepted from JavaScript: $place",
      async ({ code }) => {
        const file = join(folder, `send-${language}.mjs`);
        await writeFile(file, here(ownKeys(code, language)));
        const { stdout } = await run(process.execPath, [file], { env: { ...process.env, ...secrets } });
        expect(stdout).toMatch(/^202 \{"status":"accepted"/);
      },
    );
  });

  async function bash(script: string): Promise<string> {
    const { stdout } = await run("bash", ["-euc", here(script)], {
      cwd: folder,
      env: { ...process.env, ...secrets },
    });
    return stdout;
  }

  function here(code: string): string {
    expect(code).toContain("http://localhost:8080/");
    return code.replaceAll("http://localhost:8080", app.url);
  }

  /** Both pages use the same keys; each must be new here. */
  function ownKeys(code: string, language: string): string {
    return code.replaceAll(/(form-|first-|B-)(\d+|lead)/g, `$1${language}-$2`);
  }
});

describeOnEachServer("the documentation's receiver", (server) => {
  it.each(languages)(
    "takes genuine deliveries, recognises repeats and turns forged ones away (%s)",
    async (language) => {
      const [receiver] = examples(language, "receiving.md", "js");
      const folder = await mkdtemp(join(tmpdir(), "leadledger-docs-"));
      const file = join(folder, "receiver.mjs");
      await writeFile(file, receiver?.code ?? "");
      const port = await choosePort();
      const secret = `whsec_${Buffer.from("a key of twenty-four bytes").toString("base64")}`;
      const process_ = spawn(process.execPath, [file], {
        env: { ...process.env, CRM_SECRET: secret, PORT: String(port) },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      process_.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
      const url = `http://127.0.0.1:${port}/`;
      await vi.waitFor(() => fetch(url), { timeout: 10_000, interval: 50 });
      const database = await ledgerDatabase(server);
      const app = await startTestApp(database, {
        sources: [testSource("website")],
        destinations: [
          testDestination("crm", url, { secret }),
          testDestination("forger", url, { secret: "another one entirely" }),
        ],
      });
      try {
        await fetch(`${app.url}/webhook/lead/website`, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": "1" },
          body: '{"name":"Jörg Weiß 🎈"}',
        });
        await vi.waitFor(
          async () => {
            const { rows } = await app.installation.database.query(
              "SELECT event_type, payload ->> 'destination' AS destination, payload ->> 'http_status' AS status FROM audit_events WHERE event_type IN ('lead_delivered', 'delivery_failed') ORDER BY 2",
            );
            expect(rows).toEqual([
              { event_type: "lead_delivered", destination: "crm", status: "200" },
              { event_type: "delivery_failed", destination: "forger", status: "401" },
            ]);
          },
          { timeout: 10_000, interval: 50 },
        );
        expect(output.trim().split("\n")).toHaveLength(1);
        expect(output).toContain("Jörg Weiß 🎈");
      } finally {
        await app.stop();
        await database.drop();
        const exited = once(process_, "exit");
        process_.kill();
        await exited;
        await rm(folder, { recursive: true });
      }
    },
  );
});

/** Events of people's work, which the tests in test/flow/api and those of moving an installation make. */
const writtenElsewhere: readonly (string | undefined)[] = [
  ...[
    "api_key_created",
    "api_key_revoked",
    "setup_link_created",
    "user_changed",
    "user_created",
    "user_locked",
  ],
  ...[
    "sign_in_refused",
    "signed_in",
    "signed_out",
    "settings_changed",
    "test_lead_sent",
    "person_data_shown",
    "names_shown",
  ],
  ...["export_started", "exported", "installation_exported", "installation_imported"],
  ...[
    "lead_edited",
    "lead_revised",
    "conflict_taken_in",
    "replay_requested",
    "repeat_delivered",
    "delivery_withdrawn",
    "delivery_skipped",
    "lead_distributed",
    "operation_cancelled",
    "operation_paused",
    "operation_resumed",
  ],
  ...["circuit_opened", "circuit_closed", "deliveries_stopped", "deliveries_resumed"],
  ...["database_went_back", "setback_acknowledged"],
  ...["quarantine_released", "quarantine_discarded", "quarantine_dropped"],
  ...["delivery_held", "delivery_released"],
  ...["lead_completed", "completion_failed", "completion_ordered"],
  ...[
    "alert_raised",
    "alert_worsened",
    "alert_cleared",
    "alert_acknowledged",
    "alert_muted",
    "alert_unmuted",
  ],
  ...["alert_told", "alert_not_told", "alert_recipient_changed", "alert_recipient_confirmed"],
  ...["alert_rules_changed", "sla_rebuilt"],
];

function behaviour({ body, attempt }: SinkRequest): SinkAnswer {
  if (body.includes('"reject"')) return { kind: "answer", status: 422 };
  if (body.includes('"down"')) return { kind: "answer", status: 503 };
  return { kind: "answer", status: body.includes('"flaky"') && attempt === 1 ? 503 : 200 };
}
