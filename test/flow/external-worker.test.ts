// The workers of examples/ beside a running LeadLedger: as the restricted role, with nothing but SQL.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { rebuildKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { ensureSqlRoles } from "../../src/ledger/accounts/sql-roles.ts";
import type { SqlRoleNames } from "../../src/ledger/accounts/sql-roles.ts";
import { ledgerDatabase, startTestApp, testSource } from "../support/app.ts";
import type { TestApp } from "../support/app.ts";
import { describeOnEachServer } from "../support/database.ts";
import type { FreshDatabase } from "../support/database.ts";
import { asRole, dropRoles, passwordOf } from "../support/ledger.ts";

const leadsPerWorkerKind = 40;
const examples = join(import.meta.dirname, "../../examples");
const hasPsql = (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, "psql")));

interface Kind {
  readonly name: string;
  readonly source: string;
  /** Appends what it gets to a file, a line per lead, and fails on "gets well" once and on "never works" always. */
  readonly program: string;
  readonly command: (program: string) => [string, string[]];
}

const javascript: Kind = {
  name: "in JavaScript",
  source: "shop-js",
  program: `
    import { appendFileSync, existsSync, writeFileSync } from "node:fs";
    const file = process.env.WORKER_SEEN;
    export default async function (lead) {
      appendFileSync(file, JSON.stringify(lead) + "\\n");
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (lead.name === "never works") throw new Error("the shop does not know this customer");
      if (lead.name !== "gets well" || existsSync(file + ".well")) return;
      writeFileSync(file + ".well", "");
      throw new Error("the shop is closed");
    }`,
  command: (program) => [process.execPath, [join(examples, "external-worker.mjs"), program]],
};

const shell: Kind = {
  name: "in bash with psql",
  source: "shop-sh",
  program: `#!/bin/sh
    lead="$(cat)"
    printf '%s\\n' "$lead" >> "$WORKER_SEEN"
    case "$lead" in
      *"never works"*) exit 1 ;;
      *"gets well"*) if [ ! -e "$WORKER_SEEN.well" ]; then : > "$WORKER_SEEN.well"; exit 1; fi ;;
    esac`,
  command: (program) => ["bash", [join(examples, "external-worker.sh"), program]],
};

describeOnEachServer("a worker of one's own", (server) => {
  let database: FreshDatabase;
  let app: TestApp;
  let roles: SqlRoleNames;
  let folder: string;
  const workers: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "leadledger-worker-"));
    database = await ledgerDatabase(server);
    app = await startTestApp(database, {
      sources: [javascript, shell].map(({ source }) => testSource(source, { to: [`worker-of-${source}`] })),
      destinations: [javascript, shell].map(({ source }) => ({
        name: `worker-of-${source}`,
        kind: "external",
        paused: false,
      })),
    });
    roles = await ensureSqlRoles(app.installation.database, { password: passwordOf });
  });

  afterAll(async () => {
    await Promise.all(workers.map(stop));
    await app.stop();
    await database.drop();
    await dropRoles(server, [roles.sql, roles.read]);
    await rm(folder, { recursive: true });
  });

  it.each(hasPsql ? [javascript, shell] : [javascript])(
    "$name works on accepted leads beside a second one, fails one into the DLQ, heals it, and the books balance",
    async (kind) => {
      const names = Array.from(
        { length: leadsPerWorkerKind },
        (_, index) => `Kundin ${index} „Müller“ $(x) 'y'`,
      );
      const leads = [...names, "gets well", "never works"];
      await Promise.all(leads.map((name) => send(kind.source, name)));
      const seen = join(folder, `${kind.source}.seen`);
      const program = join(folder, `${kind.source}.mjs`);
      await writeFile(program, kind.program);
      await chmod(program, 0o755);
      const both = [start(kind, program, seen), start(kind, program, seen)];

      await vi.waitFor(
        async () => expect(await states(kind.source)).toEqual({ processed: leads.length - 1, failed: 1 }),
        {
          timeout: 50_000,
          interval: 100,
        },
      );
      const counts = await seenCounts(seen);
      for (const name of names) expect([name, counts.get(name)]).toEqual([name, 1]);
      expect(counts.get("gets well")).toBe(2);
      expect(await story(kind.source, "gets well")).toEqual([
        "webhook lead_received",
        `db:${roles.sql} dlq_created`,
        `db:${roles.sql} lead_failed`,
        `db:${roles.sql} dlq_retrying`,
        `db:${roles.sql} dlq_resolved`,
        `db:${roles.sql} lead_processed`,
      ]);
      await vi.waitFor(async () => expect(await lastEvent(kind.source, "never works")).toBe("dlq_dead"), {
        timeout: 20_000,
        interval: 100,
      });
      expect(await outcomes(kind.source)).toEqual([{ outcome: "delivered", runs: leads.length - 1 }]);
      expect(both.map((worker) => worker.exitCode)).toEqual([null, null]);
      expect(await rebuildKpis(app.installation.database, "system")).toEqual([]);
      expect(await query("SELECT run_id FROM internal.deliveries")).toEqual([]);
    },
  );

  it("that dies with an entry in hand loses it to the others when its lease ends", async () => {
    // One that is still at work would be done with the lead before the entry is made.
    await Promise.all(workers.map(stop));
    const { run_id: runId } = await send(javascript.source, "left behind");
    const [entry] = await query<{ dlq_id: number }>(
      `INSERT INTO dlq (run_id, kind, destination, status, lease_until)
       VALUES ($1, 'delivery', 'nobody-here', 'retrying', clock_timestamp() - interval '1 second') RETURNING dlq_id`,
      [runId],
    );
    await vi.waitFor(
      async () => {
        const rows = await query(
          "SELECT status, next_retry_at IS NOT NULL AS due FROM dlq WHERE dlq_id = $1",
          [entry?.dlq_id],
        );
        expect(rows).toEqual([{ status: "open", due: true }]);
      },
      { timeout: 30_000, interval: 100 },
    );
  });

  function start(kind: Kind, program: string, seen: string): ChildProcess {
    const [command, args] = kind.command(program);
    const worker = spawn(command, args, {
      // A group of its own: the shell's sleep ends with it.
      detached: true,
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        PATH: process.env.PATH,
        WORKER_DATABASE_URL: asRole(database.url, roles.sql),
        WORKER_SOURCE: kind.source,
        WORKER_DESTINATION: `worker-of-${kind.source}`,
        WORKER_RETRY_AFTER: "200 milliseconds",
        WORKER_ATTEMPTS_MAX: "2",
        WORKER_SEEN: seen,
      },
    });
    workers.push(worker);
    return worker;
  }

  async function stop(worker: ChildProcess): Promise<void> {
    if (worker.exitCode !== null || worker.signalCode !== null || worker.pid === undefined) return;
    const exited = once(worker, "exit");
    process.kill(-worker.pid, "SIGTERM");
    await exited;
  }

  async function send(source: string, name: string): Promise<{ run_id: string }> {
    const response = await fetch(`${app.url}/webhook/lead/${source}`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": encodeURIComponent(name) },
      body: JSON.stringify({ name, id: 1 }),
    });
    expect(response.status).toBe(202);
    return (await response.json()) as { run_id: string };
  }

  async function query<Row extends Record<string, unknown>>(
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    return (await app.installation.database.query<Row>(text, values)).rows;
  }

  async function states(source: string): Promise<Record<string, number>> {
    const rows = await query<{ status: string; runs: number }>(
      "SELECT status, count(*)::int AS runs FROM runs WHERE source = $1 GROUP BY status",
      [source],
    );
    return Object.fromEntries(rows.map(({ status, runs }) => [status, runs]));
  }

  function outcomes(source: string): Promise<Record<string, unknown>[]> {
    return query(
      "SELECT outcome, count(*)::int AS runs FROM runs WHERE source = $1 AND status = 'processed' GROUP BY outcome",
      [source],
    );
  }

  async function story(source: string, name: string): Promise<string[]> {
    const rows = await query<{ line: string }>(
      `SELECT actor || ' ' || event_type AS line FROM audit_events JOIN runs USING (run_id)
       WHERE source = $1 AND idempotency_key = $2 ORDER BY event_time`,
      [source, encodeURIComponent(name)],
    );
    return rows.map(({ line }) => line);
  }

  async function lastEvent(source: string, name: string): Promise<string | undefined> {
    return (await story(source, name)).at(-1)?.split(" ")[1];
  }
});

async function seenCounts(file: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const line of (await readFile(file, "utf8")).trim().split("\n")) {
    const { name } = JSON.parse(line) as { name: string };
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
