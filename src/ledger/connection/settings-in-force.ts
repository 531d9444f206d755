// What the settings of a session really are: one of LeadLedger's own, and one that says nothing for itself, such as psql's.
import pg from "pg";
import type { Database } from "./database.ts";
import { durableCommit, noLimitSql, sessionSettings } from "./session-settings.ts";
import { sessionOf } from "./session.ts";

export interface OwnSession {
  /** Settings that are not as LeadLedger sets them. */
  readonly wrong: readonly string[];
  readonly isPooled: boolean;
  readonly keepsStatements: boolean;
}

/** One that is made now, where none rests in the pool. */
export async function readOwnSession(database: Database): Promise<OwnSession> {
  const client = await database.pool.connect();
  try {
    const { isPooled = false, keepsStatements = true } = sessionOf(client) ?? {};
    const { rows } = await client.query<{ wrong: string[] }>(
      `SELECT ARRAY(SELECT name || ' = ' || current_setting(name, true) FROM unnest($1::text[], $2::text[]) AS wanted (name, value)
         WHERE current_setting(name, true) <> value AND NOT (name = 'synchronous_commit' AND current_setting(name) = 'remote_apply')) AS wrong`,
      [namesOf(wantedOfAll), valuesOf(wantedOfAll)],
    );
    // Through a pooler this may be another session than the one that was set.
    return { isPooled, keepsStatements, wrong: isPooled ? [] : (rows[0]?.wrong ?? []) };
  } finally {
    client.release();
  }
}

export interface ForeignSetting {
  readonly name: string;
  readonly value: string;
  /** What LeadLedger uses; null: it is left as it is. */
  readonly wanted: string | null;
  /** As `pg_settings.source` names it: `database`, `user`, `database user`, `configuration file`, … */
  readonly source: string;
}

interface Wanted {
  readonly name: string;
  readonly value: string;
}

const commit: Wanted = { name: "synchronous_commit", value: durableCommit };
const wantedOfAll: readonly Wanted[] = [commit, ...sessionSettings];
/** What matters to whoever else writes here; formats, limits and plans are their own affair. */
const wantedOfOthers: readonly Wanted[] = [
  commit,
  ...sessionSettings.filter(({ neededFromStart }) => neededFromStart === true),
];
/** LeadLedger does not touch them. */
const wantedOfServer: readonly Wanted[] = [
  { name: "default_transaction_read_only", value: "off" },
  { name: "fsync", value: "on" },
  { name: "full_page_writes", value: "on" },
];
const connectTimeoutMs = 10_000;

/** In a session of its own with this URL that sets nothing. Stronger values of `synchronous_commit` are none. */
export async function readForeignSettings(url: string): Promise<ForeignSetting[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "leadledger doctor",
    connectionTimeoutMillis: connectTimeoutMs,
  });
  client.on("error", () => undefined);
  const wanted = [...wantedOfOthers, ...wantedOfServer];
  try {
    await client.connect();
    await client.query(noLimitSql);
    const { rows } = await client.query<ForeignSetting>(
      `SELECT s.name, s.reset_val AS value, CASE WHEN s.name <> ALL ($3::text[]) THEN wanted.value END AS wanted,
         s.source
       FROM unnest($1::text[], $2::text[]) AS wanted (name, value) JOIN pg_catalog.pg_settings s USING (name)
       WHERE s.reset_val <> wanted.value AND NOT (s.name = 'synchronous_commit' AND s.reset_val = 'remote_apply')
       ORDER BY s.name`,
      [namesOf(wanted), valuesOf(wanted), namesOf(wantedOfServer)],
    );
    return rows;
  } finally {
    await client.end();
  }
}

function namesOf(wanted: readonly Wanted[]): string[] {
  return wanted.map(({ name }) => name);
}

function valuesOf(wanted: readonly Wanted[]): string[] {
  return wanted.map(({ value }) => value);
}
