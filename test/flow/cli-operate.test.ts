// What an operator does with leads that need attention: seen, tried again, settled, counted; with DATABASE_URL.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ledgerDatabase, startTestApp, testDestination, testRootKeyHex, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { useCommandLine } from "../support/command-line.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { dropRoles } from "../support/ledger.ts";
import { sqlRoleNames } from "../../src/ledger/accounts/sql-roles.ts";
import { startSink } from "../support/sink.ts";
import type { Sink } from "../support/sink.ts";
import { until } from "../support/until.ts";

interface Entry {
  readonly dlq_id: number;
  readonly status: string;
  readonly run_id: string;
  readonly note: string | null;
  readonly reopened_from: number | null;
}

interface Action {
  readonly items: readonly { dlq_id: number; ok: boolean; result: string; new_dlq_id?: number }[];
}

interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly { check: string; status: string; message: string }[];
}

describeOnEachServer("leadledger with DATABASE_URL", (server) => {
  const commandLine = useCommandLine();
  let database: FreshDatabase;
  let sink: Sink;
  let app: TestApp;

  beforeAll(async () => {
    sink = await startSink(() => ({ kind: "answer", status: 400 }));
    database = await ledgerDatabase(server);
    app = await startTestApp(database, {
      sources: [testSource("web")],
      destinations: [testDestination("crm", sink.url)],
    });
  });
  afterAll(async () => {
    await app.stop();
    await sink.close();
    const { sql, read } = sqlRoleNames(new URL(database.url).pathname.slice(1));
    await database.drop();
    await dropRoles(server, [sql, read]);
  });
  beforeEach(() => {
    commandLine.env = { DATABASE_URL: database.url, LEADLEDGER_KEY: testRootKeyHex };
    sink.behave(() => ({ kind: "answer", status: 400 }));
  });

  /** A lead that the CRM refuses; returns its open entry. */
  async function refusedLead(key: string): Promise<Entry> {
    const response = await post(key, '{"name":"Erika"}');
    const { run_id: runId } = (await response.json()) as { run_id: string };
    return until("its entry", async () => {
      const { rows } = await app.installation.database.query<Entry>(
        "SELECT dlq_id::int, status, run_id, note, reopened_from::int FROM dlq WHERE run_id = $1",
        [runId],
      );
      return rows[0] ?? null;
    });
  }

  function post(key: string, body: string): Promise<Response> {
    const headers = { "content-type": "application/json", "idempotency-key": key };
    return fetch(`${app.url}/webhook/lead/web`, { method: "POST", headers, body });
  }

  async function statusOfEntry(id: number): Promise<string | undefined> {
    const { rows } = await app.installation.database.query<Entry>(
      "SELECT status FROM dlq WHERE dlq_id = $1",
      [id],
    );
    return rows[0]?.status;
  }

  async function entryOf(id: number): Promise<Entry | undefined> {
    return (await commandLine.json<{ items: Entry[] }>("dlq", "show", String(id))).items[0];
  }

  it("delivers an open entry again at once, and tells its story in order", async () => {
    const entry = await refusedLead("again");
    const listed = await commandLine.json<{ items: Entry[] }>("dlq", "list", "--run", entry.run_id);
    expect(listed.items).toMatchObject([{ dlq_id: entry.dlq_id, status: "open" }]);
    sink.behave(() => ({ kind: "answer", status: 200 }));
    const { items } = await commandLine.json<Action>("dlq", "retry", String(entry.dlq_id));
    expect(items).toMatchObject([{ dlq_id: entry.dlq_id, ok: true, result: "due" }]);
    await until("it to be resolved", async () => (await statusOfEntry(entry.dlq_id)) === "resolved");
    expect(await entryOf(entry.dlq_id)).toMatchObject({ status: "resolved" });
    const story = await commandLine.json<{ items: { event_type: string }[] }>("audit", "show", entry.run_id);
    expect(story.items.map((event) => event.event_type).slice(-2)).toEqual([
      "dlq_resolved",
      "lead_processed",
    ]);
  });

  it("settles several at once with a note and the person's name, and says which one it could not", async () => {
    const [one, two] = [await refusedLead("one"), await refusedLead("two")];
    const { code, stdout, stderr } = await commandLine.run(
      ...[
        "dlq",
        "resolve",
        String(one.dlq_id),
        "999999",
        String(two.dlq_id),
        "--note",
        "von Hand übertragen",
      ],
    );
    expect(code).toBe(1);
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(stderr).toContain("999999");
    expect(await entryOf(two.dlq_id)).toMatchObject({ status: "resolved", note: "von Hand übertragen" });
    const story = await commandLine.json<{ items: { event_type: string; actor: string }[] }>(
      "audit",
      "show",
      one.run_id,
    );
    expect(story.items.find((event) => event.event_type === "dlq_resolved")?.actor).toMatch(/^cli:./);
  });

  it("tries an entry that was given up again by a new one", async () => {
    const { dlq_id: id } = await refusedLead("given-up");
    await commandLine.json("dlq", "dead", String(id), "--reason", "spam?");
    const { items } = await commandLine.json<Action>("dlq", "retry", String(id));
    expect(items).toMatchObject([{ ok: true, result: "reopened" }]);
    expect(await entryOf(items[0]?.new_dlq_id ?? 0)).toMatchObject({ reopened_from: id });
  });

  it("explains what to do about a payload that cannot be delivered, instead of retrying it", async () => {
    const { dlq_id: id } = (await (await post("unreadable", '{"name":')).json()) as { dlq_id: number };
    const { code, stderr } = await commandLine.run("dlq", "retry", String(id));
    expect(code).toBe(1);
    expect(stderr).toContain("corrected");
  });

  it("tells a German reader what each entry is and why, and keeps the recorded particulars for show", async () => {
    const { dlq_id: refused } = (await (await post("kaputt", '{"name":')).json()) as { dlq_id: number };
    const { dlq_id: id } = await refusedLead("deutsch");
    expect((await post("deutsch", '{"name":"Otto"}')).status).toBe(422);
    const { stdout } = await commandLine.run("dlq", "list", "--lang", "de");
    const [head, conflict, rejected, unreadable] = stdout.split("\n");
    expect(head).toMatch(/Quelle .*Wiederholungen/);
    expect(conflict).toMatch(/ web .*andere Daten unter bekannter Kennung/);
    expect(rejected).toMatch(/ web .*Klärung nötig .*Das Ziel lehnt diesen Lead so ab, wie er ist/);
    expect(unreadable).toMatch(
      new RegExp(`^ *${refused} .* web .*unlesbar, aufbewahrt .*kein gültiges JSON`),
    );
    const shown = await commandLine.run("dlq", "show", String(id), "--lang", "de");
    expect(shown.stdout).toMatch(/Grund +Das Ziel lehnt[^]*Einzelheiten +crm answered 400/);
  });

  it("writes nothing to stdout about an id that does not exist, not even JSON", async () => {
    const nobody = "00000000-0000-4000-8000-000000000000";
    for (const command of [
      ["runs", "show", nobody],
      ["audit", "show", nobody],
      ["dlq", "show", "999999"],
      ["dlq", "retry", "999999"],
    ]) {
      const { code, stdout, stderr } = await commandLine.run(...command, "--json");
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toContain(command[2]);
    }
  });

  it("will not settle anything without a reason", async () => {
    const { dlq_id: id } = await refusedLead("no-note");
    expect((await commandLine.run("dlq", "resolve", String(id))).code).toBe(2);
    expect((await commandLine.run("dlq", "resolve", "--help")).stdout).toMatch(
      /--reason <text> .*\(required\)/,
    );
    expect((await commandLine.run("dlq", "dead", String(id), "--reason", "  ")).code).toBe(2);
    expect(await entryOf(id)).toMatchObject({ status: "open" });
  });

  it("settles all that a filter matches after counting them, as an operation that stays in its list", async () => {
    const entries = [await refusedLead("bulk-1"), await refusedLead("bulk-2")];
    const filter = ["--code", "destination_rejected", "--from", "2020-01-01T00:00Z"];
    expect((await commandLine.run("dlq", "resolve", ...filter)).code).toBe(2);
    expect((await commandLine.run("dlq", "resolve", "1", ...filter, "--reason", "x")).code).toBe(2);
    const counted = await commandLine.json<{ total: number }>("dlq", "resolve", ...filter, "--dry-run");
    expect(counted.total).toBeGreaterThanOrEqual(2);
    const ended = await commandLine.run("dlq", "resolve", ...filter, "--reason", "von Hand", "--lang", "de");
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("Sammelaktion") as string });
    expect(ended.stdout).toBe(
      `fertig: ${counted.total} von ${counted.total} geändert, 0 übersprungen, 0 von der Datenbank abgelehnt\n`,
    );
    for (const { dlq_id: id } of entries)
      expect(await entryOf(id)).toMatchObject({ status: "resolved", note: "von Hand" });
    const { items } = await commandLine.json<{ items: { operation_id: string; actor: string }[] }>(
      "operation",
      "list",
    );
    expect(items[0]?.actor).toMatch(/^cli:./);
    const shown = await commandLine.run("operation", "show", items[0]?.operation_id ?? "");
    expect(shown.stdout).toMatch(/settle by hand[^]*done: /);
    expect((await commandLine.run("operation", "pause", items[0]?.operation_id ?? "")).code).toBe(1);
  });

  it("edits a body and sends it, and shows beforehand what would be sent", async () => {
    const entry = await refusedLead("edit");
    const body = join(commandLine.folder, "body.json");
    await writeFile(body, '{"name":"Erika","lead":90071992547409931234}');
    const dry = await commandLine.run("dlq", "dry-run", String(entry.dlq_id));
    expect(dry.stdout).toMatch(/^POST http[^]*webhook-id: [^]*"data":/);
    sink.behave(() => ({ kind: "answer", status: 200 }));
    const edited = await commandLine.run(
      "dlq",
      "edit",
      String(entry.dlq_id),
      "--file",
      body,
      "--reason",
      "typo",
    );
    expect(edited).toMatchObject({
      code: 0,
      stdout: `${entry.dlq_id}: edited; entry ${entry.dlq_id} is due now.\n`,
    });
    await until("it to be resolved", async () => (await statusOfEntry(entry.dlq_id)) === "resolved");
    expect(sink.requests.at(-1)?.body).toContain("90071992547409931234");
    const again = await commandLine.run(
      "runs",
      "replay",
      entry.run_id,
      "--to",
      "crm",
      "--reason",
      "lost there",
    );
    expect(again).toMatchObject({ code: 0, stdout: "is delivered to crm once more.\n" });
    await until("it to arrive again", () => sink.countOf(`${entry.run_id}:crm`) === 3);
  });

  it("finds leads by everything that the API finds them by", async () => {
    const found = async (...filter: string[]): Promise<number> =>
      (await commandLine.json<{ items: unknown[] }>("runs", "list", "--limit", "500", ...filter)).items
        .length;
    const all = await found();
    expect(await found("--from", "2020-01-01", "--test", "false", "--refused=false")).toBeLessThanOrEqual(
      all,
    );
    expect(await found("--to", "2020-01-01")).toBe(0);
    expect(await found("--email", "nobody@example.com", "--unfinished")).toBe(0);
    const wrong = await commandLine.run("runs", "list", "--from", "2026-02-30");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("2026-07-15")]);
  });

  it("counts, and counting afresh changes nothing", async () => {
    const { items } = await commandLine.json<{ items: { received_count: number }[] }>("kpi", "show");
    expect(items[0]?.received_count).toBeGreaterThan(0);
    expect((await commandLine.json<{ items: unknown[] }>("kpi", "show", "--to", "2020-01-01")).items).toEqual(
      [],
    );
    expect(
      (await commandLine.json<{ items: unknown[] }>("kpi", "show", "--from", "2020-01-01")).items,
    ).toEqual(items);
    expect(await commandLine.json("kpi", "rebuild")).toEqual({ wrong_days: [], wrong_sla_days: [] });
  });

  it("prints plain lines into a pipe: no colours, no frames, one line per lead", async () => {
    await post("plain", '{"name":"\\u001b[31mErika"}');
    const { stdout, stderr } = await commandLine.run("runs", "list", "--limit", "1");
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(stdout).not.toMatch(/[\u001b│─]/u);
    expect(stderr).toBe("Times: Europe/Berlin\n");
  });

  it("gives psql a URI of a role that can read and little more", async () => {
    const { url } = await commandLine.json<{ url: string }>("db", "url");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<{ super: string }>(
        "SELECT current_setting('is_superuser') AS super",
      );
      expect(rows).toEqual([{ super: "off" }]);
      await expect(client.query("SELECT * FROM internal.settings")).rejects.toMatchObject({ code: "42501" });
    } finally {
      await client.end();
    }
    expect((await commandLine.run("db", "url", "--superuser")).code).toBe(2);
  });

  it("doctor finds a destination that nobody answers at, a file that was not applied, and books that are wrong", async () => {
    await writeFile(
      join(commandLine.folder, "leadledger.yaml"),
      'destinations: { crm: { kind: http, url: "http://127.0.0.1:1/", allow_private: true }, inside: { kind: http, url: "http://127.0.0.1:1/" } }\n',
    );
    const before = await diagnose();
    expect(statusOf(before, "applied")).toBe("warn");
    expect(statusOf(before, "books")).toBe("ok");
    expect(statusOf(before, "destination:crm")).toBe("ok");

    const applied = await commandLine.json<{ changes: { name: string; change: string }[] }>("apply", "--yes");
    expect(applied.changes.map(({ name, change }) => `${name} ${change}`)).toEqual([
      "crm changed",
      "inside added",
      "web removed",
    ]);
    await breakTheBooks();
    const after = await diagnose();
    expect(after.ok).toBe(false);
    expect(statusOf(after, "applied")).toBe("ok");
    expect(statusOf(after, "destination:crm")).toBe("fail");
    expect(after.checks.find(({ check }) => check === "destination:inside")?.message).toContain(
      "allow_private",
    );
    expect(statusOf(after, "books")).toBe("fail");
    expect((await commandLine.json<{ wrong_days: string[] }>("kpi", "rebuild")).wrong_days).toHaveLength(1);
    expect(statusOf(await diagnose(), "books")).toBe("ok");
  });

  it("doctor warns once about a source that anyone may use, with its place in the file", async () => {
    await writeFile(
      join(commandLine.folder, "leadledger.yaml"),
      "sources:\n  open: { auth: { kind: none } }\n",
    );
    await commandLine.json("apply", "--yes");
    const named = (await diagnose()).checks.filter(
      ({ check, message }) => check === "source:open" && !message.includes("nobody"),
    );
    expect(named.map(({ message }) => message)).toEqual([expect.stringContaining("leadledger.yaml:2:")]);
  });

  async function diagnose(): Promise<Diagnosis> {
    const { code, stdout } = await commandLine.run("doctor", "--json");
    const diagnosis = JSON.parse(stdout) as Diagnosis;
    expect(code).toBe(diagnosis.ok ? 0 : 1);
    return diagnosis;
  }

  function statusOf(diagnosis: Diagnosis, name: string): string | undefined {
    return diagnosis.checks.find(({ check }) => check === name)?.status;
  }

  /** What no rule of the ledger allows: figures changed behind its back. */
  async function breakTheBooks(): Promise<void> {
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    await client.query("SET session_replication_role = replica");
    await client.query("UPDATE kpi_daily SET received_count = received_count + 1");
    await client.end();
  }

  it("verifies the books: in order 0, with findings 1, one a line, and 2 where it could not", async () => {
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    await client.query("INSERT INTO runs (source, idempotency_key) VALUES ('web', 'verified')");
    const intact = await commandLine.run("verify", "--lang", "de");
    expect(intact).toMatchObject({ code: 0, stderr: "" });
    expect(intact.stdout).toMatch(/^Geprüft: \d+ Leads, .* Die Bücher stimmen\.\n$/);

    await client.query("SET session_replication_role = replica");
    const { rows } = await client.query<{ event_id: string }>(
      `UPDATE audit_events SET actor = 'user:1' WHERE event_type = 'run_inserted' RETURNING event_id`,
    );
    await client.end();
    const found = await commandLine.run("verify", "--json");
    expect(found.code).toBe(1);
    expect(
      found.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject(
      rows.map(({ event_id: id }) => ({
        finding: "event_digest_wrong",
        event_id: Number(id),
        table: "audit_events",
      })),
    );
    const told = await commandLine.run("verify");
    expect(told.stdout).toContain(`✗ Log entry ${rows[0]?.event_id}: A log entry was changed`);

    commandLine.env["DATABASE_URL"] = "postgresql://leadledger@127.0.0.1:1/leadledger";
    expect(await commandLine.run("verify", "--json")).toMatchObject({ code: 2, stdout: "" });
  });

  it("says that the database cannot be reached with 3 and never shows its password", async () => {
    commandLine.env["DATABASE_URL"] = "postgresql://leadledger:geheim@127.0.0.1:1/leadledger";
    const list = await commandLine.run("runs", "list");
    expect(list.code).toBe(3);
    expect(list.stderr).toContain("127.0.0.1:1/leadledger");
    const doctor = await commandLine.run("doctor");
    expect(doctor.code).toBe(1);
    expect(list.stderr + list.stdout + doctor.stderr + doctor.stdout).not.toContain("geheim");
  });

  it("says what is missing without LEADLEDGER_KEY, and refuses a different one", async () => {
    delete commandLine.env["LEADLEDGER_KEY"];
    expect(await commandLine.run("runs", "list")).toMatchObject({ code: 2, stdout: "" });
    commandLine.env["LEADLEDGER_KEY"] = "2e".repeat(32);
    const other = await commandLine.run("runs", "list", "--lang", "de");
    expect(other).toMatchObject({ code: 2, stdout: "" });
    expect(other.stderr).toContain("gehört zu einem anderen LEADLEDGER_KEY");
  });
});
