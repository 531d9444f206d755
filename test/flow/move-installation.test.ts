// A whole installation moves: every row as it was, nothing told or counted twice, and life goes on with fresh ids.
import { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readArchive, writeArchive } from "../../src/exchange/archive.ts";
import {
  ArchiveError,
  readInstallation,
  writeInstallation,
} from "../../src/ledger/import-export/archive-rows.ts";
import type { ArchivePiece } from "../../src/ledger/import-export/archive-rows.ts";
import { rebuildKpis } from "../../src/ledger/figures/kpi-daily.ts";
import {
  movedTables,
  qualifiedTable,
  settingsBegunAnew,
  settingsLeftBehind,
  tablesLeftBehind,
} from "../../src/ledger/import-export/moved-tables.ts";
import { describeOnEachServer } from "../support/database.ts";
import { openTestLedger, receiveLead } from "../support/ledger.ts";
import type { TestLedger } from "../support/ledger.ts";

const about = { version: "test", key_fingerprint: "0123456789abcdef" };

describeOnEachServer("Moving an installation", (server) => {
  let old: TestLedger;
  let fresh: TestLedger;
  let archive: Buffer;
  beforeAll(async () => {
    [old, fresh] = [await openTestLedger(server), await openTestLedger(server)];
    await live(old);
    archive = await bytesOf(writeArchive(readInstallation(old.program), about));
  });
  afterAll(async () => {
    await Promise.all([old.close(), fresh.close()]);
  });

  it("knows of every table whether it moves", async () => {
    const { rows } = await old.program.query<{ name: string }>(
      "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('public', 'internal')",
    );
    const decided = [...movedTables, ...Object.keys(tablesLeftBehind)].map(qualifiedTable);
    expect(decided.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });

  it("refuses an archive that is not whole, and leaves no trace", async () => {
    const text = gunzipSync(archive).toString("utf8");
    const lines = text.trimEnd().split("\n");
    const broken = {
      cut: archive.subarray(0, archive.length - 40),
      "without its end": gzipSync(lines.slice(0, -1).join("\n") + "\n"),
      "with a changed word": gzipSync(text.replace("Anna", "Enna")),
      "without a row": gzipSync(lines.filter((_line, index) => index !== 4).join("\n") + "\n"),
      "with more behind it": gzipSync(`${text}{}\n`),
      "that is none": Buffer.from("run_id;status\n"),
    };
    for (const [what, bytes] of Object.entries(broken)) {
      const outcome = await readIn(fresh, bytes).catch((error: unknown) => error);
      expect([what, outcome instanceof ArchiveError && outcome.fault.kind]).toEqual([what, "damaged"]);
    }
    const { rows } = await fresh.program.query("SELECT 1 FROM runs UNION ALL SELECT 1 FROM audit_events");
    expect(rows).toEqual([]);
    const enabled = await fresh.program.query(
      "SELECT 1 FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'",
    );
    expect(enabled.rows).toEqual([]);
  });

  it("brings every row as it was, with one event that says so", async () => {
    const counts = await readIn(fresh, archive);
    expect(counts["runs"]).toBe(6);
    const empty = movedTables.filter((table) => counts[table] === 0);
    expect(empty.filter((table) => table !== "kpi_deltas")).toEqual([]);
    for (const table of movedTables) {
      const [before, after] = [await rowsOf(old, table), await rowsOf(fresh, table)];
      expect(before.length).toBe(counts[table]);
      if (table !== "audit_events") expect(after).toEqual(before);
      else {
        expect(after.slice(0, -1)).toEqual(before);
        expect(after.at(-1)).toContain("installation_imported,cli:mover");
      }
    }
  });

  it("keeps the rules in force and the figures right", async () => {
    const { rows } = await fresh.program.query(
      "SELECT 1 FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'",
    );
    expect(rows).toEqual([]);
    const figures = "SELECT k::text AS day FROM kpi_daily k ORDER BY day";
    await rebuildKpis(old.program, "cli:test");
    expect(await rebuildKpis(fresh.program, "cli:test")).toEqual([]);
    expect((await fresh.program.query(figures)).rows).toEqual((await old.program.query(figures)).rows);
  });

  it("gives a new lead, entry and event ids that nothing had", async () => {
    const highest =
      "SELECT (SELECT max(event_id) FROM audit_events) AS event, (SELECT max(dlq_id) FROM dlq) AS entry";
    const { rows: before } = await fresh.program.query<{ event: number; entry: number }>(highest);
    await receiveLead(fresh, ["crm"]);
    await fresh.by("system", "INSERT INTO dlq (reason) VALUES ('new')");
    const { rows: after } = await fresh.program.query<{ event: number; entry: number }>(highest);
    expect(after[0]?.event).toBeGreaterThan(before[0]?.event ?? 0);
    expect(after[0]?.entry).toBeGreaterThan(before[0]?.entry ?? 0);
  });

  it("is refused where something is already", async () => {
    await expect(readIn(fresh, archive)).rejects.toMatchObject({ fault: { kind: "not_empty" } });
  });

  it("is refused by a different version's tables, naming them", async () => {
    const other = await openTestLedger(server);
    const text = gunzipSync(archive).toString("utf8").replace('"0005_kpi_daily"', '"0005_other"');
    await expect(readIn(other, gzipSync(text))).rejects.toMatchObject({
      fault: { kind: "other_schema", missing: ["0005_other"], unknown: ["0005_kpi_daily"] },
    });
    await other.close();
  });

  it("of the first released tables is read in, though they had fewer columns", async () => {
    const other = await openTestLedger(server);
    const counts = await writeInstallation(other.program, "cli:mover", withFirstTables(old));
    for (const table of ["runs", "audit_events", "deliveries", "dlq", "kpi_daily"])
      expect([table, counts[table]]).toEqual([table, (await rowsOf(old, table)).length]);
    expect(await rebuildKpis(other.program, "cli:test")).toEqual([]);
    await other.close();
  });

  it("is refused where events do not match their digests", async () => {
    const [tampered, other] = [await openTestLedger(server), await openTestLedger(server)];
    await receiveLead(tampered, []);
    await tampered.program.query("ALTER TABLE audit_events DISABLE TRIGGER USER");
    await tampered.program.query(`UPDATE audit_events SET payload = '{"body":{"name":"Eve"}}'`);
    await tampered.program.query("ALTER TABLE audit_events ENABLE TRIGGER USER");
    const bytes = await bytesOf(writeArchive(readInstallation(tampered.program), about));
    await expect(readIn(other, bytes)).rejects.toMatchObject({
      fault: { kind: "digests_differ", events: 1 },
    });
    await Promise.all([tampered.close(), other.close()]);
  });
});

/** As a LeadLedger wrote it that had the migrations to 0011, and none of the columns that came later. */
async function* withFirstTables({ program }: TestLedger): AsyncGenerator<ArchivePiece> {
  const later = ["held_reason", "held_for", "taken_over_at", "sends"];
  let kept: readonly number[] = [];
  for await (const piece of readInstallation(program)) {
    if (piece.kind === "head") {
      yield { ...piece, migrations: piece.migrations.filter((name) => name <= "0011_kept_plans") };
    } else if (piece.kind === "table") {
      const { name, columns } = piece.table;
      kept = columns.flatMap((column, index) => (later.includes(column) ? [] : [index]));
      yield { kind: "table", table: { name, columns: kept.map((index) => columns[index] ?? "") } };
    } else {
      const rows = piece.rows.map((row) => JSON.parse(row) as readonly unknown[]);
      yield { kind: "rows", rows: rows.map((row) => JSON.stringify(kept.map((index) => row[index]))) };
    }
  }
}

/** Rows of all kinds, odd values too. */
async function live(ledger: TestLedger): Promise<void> {
  const { program, hand } = ledger;
  const by: TestLedger["by"] = (...args) => ledger.by(...args);
  await by(
    "system",
    `INSERT INTO internal.settings (name, value) VALUES ('timezone', '"Europe/Vienna"'), ('odd', 'null')`,
  );
  await by(
    "system",
    `INSERT INTO internal.sources (name, managed_by, settings, secrets) VALUES ('website', 'file', '{"limit": 1.50}', '\\x00ff');
     INSERT INTO internal.destinations (name, kind, managed_by, enabled, settings) VALUES ('crm', 'http', 'api', false, '{}')`,
  );
  const delivered = await receiveLead(ledger, ["crm"]);
  const failed = await receiveLead(ledger, ["crm", "mail"]);
  await receiveLead(ledger, ["crm"], { test: true });
  await receiveLead(ledger, ["crm"], { receivedAt: "2024-03-31T01:30:00.123456Z" });
  await by(
    "webhook",
    "INSERT INTO internal.further_person_hashes VALUES ($1, 'email', 2, decode(repeat('0a', 16), 'hex'))",
    [delivered],
  );
  await by(
    "system",
    `WITH view AS (INSERT INTO internal.person_views (viewer, hour) VALUES ('user:1', date_trunc('hour', now())) RETURNING *)
     INSERT INTO internal.person_shown (run_id, viewer, hour) SELECT $1, viewer, hour FROM view`,
    [delivered],
  );
  await by("delivery", "DELETE FROM internal.deliveries WHERE run_id = $1", [delivered]);
  await by(
    "delivery",
    "INSERT INTO dlq (run_id, kind, destination, error_code) VALUES ($1, 'delivery', 'crm', 'x')",
    [failed],
  );
  await by("cli:anna", "UPDATE dlq SET status = 'dead' WHERE run_id = $1", [failed]);
  await by(
    "user:1",
    `INSERT INTO dlq (run_id, kind, destination, error_code, reopened_from, next_retry_at)
     SELECT run_id, kind, destination, error_code, dlq_id, clock_timestamp() + interval '1 hour' FROM dlq`,
  );
  await by(
    "system",
    "INSERT INTO internal.incomplete_leads (run_id, source, error_code) VALUES (gen_random_uuid(), 'meta', 'completion_unreachable')",
  );
  await by("system", "INSERT INTO internal.clients (name, label) VALUES ('moebel-koeln', 'Möbel Köln')");
  await by(
    "system",
    `INSERT INTO internal.sections (name, settings, managed_by) VALUES ('mail', '{"from": "ledger@example.com"}', 'api')`,
  );
  await by(
    "system",
    `INSERT INTO internal.alert_recipients (name, kind, settings, secrets, confirmed_at, confirmed_by)
     VALUES ('team', 'slack', '{"language": "de"}', '\\x00ff', now(), 'code')`,
  );
  await by(
    "delivery",
    `INSERT INTO internal.receipts (run_id, destination, remote_id, proven, duplicate)
     SELECT run_id, 'crm', '42', false, 'known_person' FROM runs ORDER BY run_id LIMIT 1`,
  );
  await by("system", "INSERT INTO internal.skipped_daily VALUES ('crm', '2026-11-29', 3)");
  await by("system", "INSERT INTO internal.distribution_turns VALUES ('website', 'abc', 7)");
  await by("system", "INSERT INTO internal.distributed_daily VALUES ('website', 'crm', '2026-11-29', 3)");
  await by("system", "INSERT INTO internal.receipts_daily VALUES ('crm', '2026-11-29', 3, 0, 1, 2)");
  await by(
    "system",
    "INSERT INTO internal.sla_targets (name, managed_by, measure, share_millionths) VALUES ('all', 'api', 'success', 990000)",
  );
  await by(
    "system",
    `INSERT INTO internal.sla_daily (day, sla, measure, share_millionths, state, met_count, missed_count, pending_count, by_hand_count)
     VALUES ('2026-11-29', 'all', 'success', 990000, 'met', 3, 0, 0, 0)`,
  );
  await by(
    "user:1",
    "INSERT INTO internal.contacts (run_id, contacted_at, actor, via) SELECT run_id, clock_timestamp() - interval '1 hour', 'user:1', 'api' FROM runs ORDER BY run_id LIMIT 1",
  );
  await by(
    "system",
    "INSERT INTO internal.waiting_revisions (run_id, destination) VALUES (gen_random_uuid(), 'crm')",
  );
  await hand.query("INSERT INTO runs (source) VALUES ('zwei\nZeilen \u2028 „ä“')");
  await hand.query(
    `INSERT INTO audit_events (event_type, payload) VALUES ('note', 'null'), ('note', '{"n": 1.10e2, "t": "\\u2028\\t\\\\"}')`,
  );
  await by(
    "system",
    `INSERT INTO internal.users (login, display_name, role, language, created_by) VALUES ('anna@example.com', 'Anna', 'admin', 'de', 'system');
     INSERT INTO internal.api_keys (name, role, key_hash, prefix, created_by) VALUES ('bi', 'viewer', sha256('k'), 'll_', 'user:1');
     INSERT INTO internal.operations (operation_id, action, filter, reason, actor, up_to)
       VALUES (gen_random_uuid(), 'dlq.retry', '{"status": ["dead"]}', 'CRM is back', 'user:1', '9')`,
  );
  await rebuildKpis(program, "cli:test");
  await hand.query("INSERT INTO kpi_daily (day, received_count) VALUES ('2020-01-01', 5)");
  await by(
    "system",
    `SELECT set_config('leadledger.operation', 'erasure', true);
     UPDATE audit_events SET payload = NULL, salt = NULL WHERE event_type = 'run_inserted'`,
  );
  await receiveLead(ledger, ["mail"]);
}

/** As PostgreSQL writes them, in the order of the archive. */
async function rowsOf({ program }: TestLedger, table: string): Promise<string[]> {
  const { rows: keys } = await program.query<{ key: string }>(
    `SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS key FROM pg_index i
     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = $1::regclass AND i.indisprimary`,
    [qualifiedTable(table)],
  );
  const which =
    table === "settings"
      ? `WHERE name <> ALL ('{${[...settingsLeftBehind, ...settingsBegunAnew].join(",")}}')`
      : "";
  const { rows } = await program.query<{ row: string }>(
    `SELECT t::text AS row FROM ${qualifiedTable(table)} t ${which} ORDER BY ${keys[0]?.key ?? "1"}`,
  );
  return rows.map(({ row }) => row);
}

function readIn({ program }: TestLedger, bytes: Buffer): Promise<Record<string, number>> {
  return writeInstallation(program, "cli:mover", readArchive(Readable.from([bytes])));
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
