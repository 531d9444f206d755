// One connection's session: made ready once, then asked. Knows what stands between it and the server.
import type pg from "pg";
import { CommitInDoubtError, watchForDoubt } from "./commit-in-doubt.ts";
import type { DoubtWatch } from "./commit-in-doubt.ts";
import { mendSettingsSql, prepareSessionSql, wrongFromStartSql } from "./session-settings.ts";

/** Settings that LeadLedger cannot work with, and cannot change from here. */
export class UnsuitableSettingsError extends Error {
  readonly code = "database_settings_unsuitable";
  readonly names: readonly string[];

  constructor(names: readonly string[], mendSql: readonly string[], isPooled: boolean) {
    super(
      `The database sets what LeadLedger cannot work with: ${names.join(", ")}. ` +
        (isPooled
          ? "The connection goes through a pooler, which forgets what LeadLedger sets for itself. "
          : "This role may not set it otherwise. ") +
        `Nothing was changed. An administrator has to run:\n${mendSql.join("\n")}` +
        (isPooled
          ? "\nThen the pooler has to make new connections (PgBouncer: RECONNECT on its console, or a restart)."
          : ""),
    );
    this.names = names;
  }
}

export interface Session {
  /** The line ends at a pooler: the next statement may meet another server process. */
  readonly isPooled: boolean;
  /** false: a statement that was prepared under a name may not be there the next time. */
  readonly keepsStatements: boolean;
  readonly doubts: DoubtWatch;
}

interface Told {
  readonly pid: number;
  readonly role: string;
  readonly database: string;
  readonly wrong: readonly string[];
}

const sessions = new WeakMap<pg.ClientBase, Session>();

/**
 * To be called once, before anything else is asked of the connection: one round trip, through a pooler three. Throws
 * UnsuitableSettingsError, or what the database says.
 */
export async function prepareSession(client: pg.ClientBase): Promise<Session> {
  const doubts = watchForDoubt(client);
  // pg answers with a result for each of several statements, which its types do not say.
  const results = (await client.query(prepareSessionSql)) as unknown as readonly pg.QueryResult<Told>[];
  const told = results.at(-1)?.rows[0];
  if (told === undefined) throw new Error("the database did not say what its settings are");
  const { processID } = client as unknown as { readonly processID: number | null };
  const isPooled = told.pid !== processID;
  const wrong = isPooled ? [...told.wrong, ...(await wrongFromStart(client))] : told.wrong;
  if (wrong.length > 0) throw unsuitable(told, [...new Set(wrong)], isPooled);
  const session = { isPooled, keepsStatements: !isPooled || (await poolerKeepsStatements(client)), doubts };
  sessions.set(client, session);
  return session;
}

async function wrongFromStart(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<{ wrong: string[] }>(wrongFromStartSql);
  return rows[0]?.wrong ?? [];
}

function unsuitable({ role, database }: Told, names: readonly string[], isPooled: boolean): Error {
  const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  return new UnsuitableSettingsError(names, mendSettingsSql(quoted(role), quoted(database), names), isPooled);
}

const probe = "leadledger-probe";

/**
 * A pooler that keeps prepared statements (PgBouncer from 1.21 on, with max_prepared_statements) gives them names of its
 * own at the server. Where the name has come through unchanged, the statement stays with one server process, and the
 * next execution may meet a different one.
 */
async function poolerKeepsStatements(client: pg.ClientBase): Promise<boolean> {
  try {
    const { rows } = await client.query<{ name: string }>({
      name: probe,
      text: `SELECT name FROM pg_catalog.pg_prepared_statements WHERE statement LIKE '%${probe}%'`,
    });
    return rows.length > 0 && rows.every(({ name }) => name !== probe);
  } catch {
    // Somebody else's is there already, which a pooler that knows about them would not let us notice.
    return false;
  }
}

/** Null for a connection that was not made ready. */
export function sessionOf(client: pg.ClientBase): Session | null {
  return sessions.get(client) ?? null;
}

/** Throws CommitInDoubtError where the server says so about a commit that it reports as done. */
export async function ask<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  text: string | pg.QueryConfig,
  values?: unknown[],
): Promise<pg.QueryResult<Row>> {
  const session = sessions.get(client);
  const result =
    typeof text === "string"
      ? await client.query<Row>(text, values)
      : await client.query<Row>(session?.keepsStatements === false ? unnamed(text) : text);
  if (session?.doubts.take() === true) throw new CommitInDoubtError();
  return result;
}

function unnamed({ name: _name, ...config }: pg.QueryConfig): pg.QueryConfig {
  return config;
}
