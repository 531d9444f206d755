// Peer without HTTP: pgbench, written in C, 32 clients, one transaction per lead on the two bare tables.
import { execFile } from "node:child_process";
import { access, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { leadBody } from "../load/lead.ts";
import type { BenchDatabase } from "../machine/database-server.ts";
import { bareTablesSql, insertLeadSql } from "./bare-tables.ts";

const run = promisify(execFile);
const debianHome = "/usr/lib/postgresql";
const clients = 32;
const threads = 2;

/** null: not installed. */
export async function findPgbench(): Promise<string | null> {
  const versions = await readdir(debianHome).catch(() => []);
  for (const version of versions.toSorted((a, b) => Number(b) - Number(a))) {
    const path = join(debianHome, version, "bin", "pgbench");
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return null;
}

export interface PgbenchResult {
  readonly perSecond: number;
  readonly problems: readonly string[];
}

export async function runPgbench(
  pgbench: string,
  database: BenchDatabase,
  folder: string,
  seconds: { readonly warmUp: number; readonly measured: number },
): Promise<PgbenchResult> {
  await database.query(bareTablesSql);
  await database.query("GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC");
  const script = join(folder, "pgbench.sql");
  const sql = insertLeadSql("gen_random_uuid()", "gen_random_uuid()::text", ":payload::jsonb");
  await writeFile(script, `${sql.replaceAll(/\s+/g, " ")};\n`);
  const pass = async (durationSeconds: number): Promise<{ transactions: number; perSecond: number }> => {
    const args = ["-n", "-M", "prepared", "-c", String(clients), "-j", String(threads)];
    const data = ["-D", `payload=${leadBody(1, "4711")}`];
    const env = connectionEnvironment(database.url);
    const { stdout } = await run(pgbench, [...args, ...data, "-T", String(durationSeconds), "-f", script], {
      env,
    });
    return {
      transactions: Number(/transactions actually processed: (\d+)/.exec(stdout)?.[1]),
      perSecond: Number(/tps = ([\d.]+)/.exec(stdout)?.[1]),
    };
  };
  const warmUp = await pass(seconds.warmUp);
  const measured = await pass(seconds.measured);
  const [row] = await database.query<{ rows: number }>(
    "SELECT count(*)::int AS rows FROM runs JOIN audit_events USING (run_id)",
  );
  const expected = warmUp.transactions + measured.transactions;
  const problems = row?.rows === expected ? [] : [`${row?.rows ?? 0} leads stored, ${expected} transactions`];
  return { perSecond: measured.perSecond, problems };
}

/** Not on the command line, which error messages repeat. */
function connectionEnvironment(databaseUrl: string): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  };
}
