// A migrated database for a test, open as the program and, by hand, as the restricted roles for SQL.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { expect } from "vitest";
import { openDatabase, transaction } from "../../src/ledger/connection/database.ts";
import type { Actor, Database, Queryable } from "../../src/ledger/connection/database.ts";
import { migrate } from "../../src/ledger/migrate.ts";
import { ensureSqlRoles } from "../../src/ledger/accounts/sql-roles.ts";
import type { SqlRoleNames } from "../../src/ledger/accounts/sql-roles.ts";
import { freshDatabase } from "./database.ts";
import type { TestServer } from "./database.ts";

export interface TestLedger {
  /** As the program's role. */
  readonly program: Database;
  /** As the role that people and workers of their own use. */
  readonly hand: Database;
  readonly reader: Database;
  readonly roles: SqlRoleNames;
  readonly url: string;
  readonly superuserUrl: string;
  /** Runs `text` in a transaction of the program with this actor. */
  by(actor: Actor, text: string, values?: unknown[]): Promise<pg.QueryResult<Record<string, unknown>>>;
  close(): Promise<void>;
}

export function passwordOf(role: string): string {
  return `password-of-${role}-long-enough`;
}

export async function openTestLedger(server: TestServer): Promise<TestLedger> {
  const fresh = await freshDatabase(server, { migrate });
  const program = open(fresh.url);
  const roles = await ensureSqlRoles(program, { password: passwordOf });
  const hand = open(asRole(fresh.url, roles.sql));
  const reader = open(asRole(fresh.url, roles.read));
  return {
    program,
    hand,
    reader,
    roles,
    url: fresh.url,
    superuserUrl: fresh.superuserUrl,
    by: (actor, text, values) => transaction(program, actor, (client) => client.query(text, values)),
    async close() {
      await Promise.all([program.close(), hand.close(), reader.close()]);
      await fresh.drop();
      await dropRoles(server, [roles.sql, roles.read, roles.bi]);
    },
  };
}

/** The connection of `role` to the database of `url`. */
export function asRole(url: string, role: string, password = passwordOf(role)): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = password;
  return changed.href;
}

export function open(url: string, connectionsMax = 12): Database {
  return openDatabase({ url, connectionsMax, applicationName: "leadledger test" });
}

/** As where the database is not the program's own, so that everybody may make temporary tables. */
export async function allowTemporary({ superuserUrl, roles }: TestLedger): Promise<void> {
  const superuser = open(superuserUrl, 1);
  const { name } = await one<{ name: string }>(superuser, "SELECT current_database() AS name");
  const grantees = [roles.sql, roles.read].map((role) => pg.escapeIdentifier(role)).join(", ");
  await superuser.query(`GRANT TEMPORARY ON DATABASE ${name} TO ${grantees}`);
  await superuser.close();
}

/** Roles belong to the server and outlive the database that they were made for. */
export async function dropRoles(server: TestServer, roles: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  for (const role of roles) await client.query(`DROP ROLE IF EXISTS ${pg.escapeIdentifier(role)}`);
  await client.end();
}

/** What the single row of a query holds. */
export async function one<Row extends pg.QueryResultRow>(
  database: Queryable,
  text: string,
  values: unknown[] = [],
): Promise<Row> {
  const { rows } = await database.query<Row>(text, values);
  const row = rows[0];
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows instead of one: ${text}`);
  return row;
}

/** Expects the database to refuse with this SQLSTATE; returns the error, for a look at its words. */
export async function refusal(attempt: Promise<unknown>, sqlState: string): Promise<pg.DatabaseError> {
  const outcome = await attempt.then(
    () => "nothing was refused",
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ code: sqlState });
  return outcome as pg.DatabaseError;
}

/** A lead as intake leaves it: a run, its lead_received event, and a delivery per destination leased to node n1. */
export async function receiveLead(
  ledger: TestLedger,
  destinations: readonly string[],
  run: { readonly receivedAt?: string; readonly test?: boolean } = {},
): Promise<string> {
  const runId = randomUUID();
  await ledger.by(
    "webhook",
    `WITH run AS (
       INSERT INTO runs (run_id, received_at, test, source, idempotency_key)
       VALUES ($1::uuid, coalesce($3::timestamptz, clock_timestamp()), $4, 'website', $1::uuid::text)),
     told AS (INSERT INTO audit_events (run_id, event_type, payload) VALUES ($1::uuid, 'lead_received', '{"body":{"name":"Anna"}}'))
     INSERT INTO internal.deliveries (run_id, destination, attempt, leased_by, due_at)
     SELECT $1::uuid, destination, 1, 'n1', clock_timestamp() + interval '1 minute' FROM unnest($2::text[]) AS destination`,
    [runId, destinations, run.receivedAt ?? null, run.test ?? false],
  );
  return runId;
}

/** The types of a run's events, in the order in which the contract reads them. */
export async function story(ledger: TestLedger, runId: string): Promise<string[]> {
  const { rows } = await ledger.program.query<{ event_type: string }>(
    "SELECT event_type FROM audit_events WHERE run_id = $1 ORDER BY event_time",
    [runId],
  );
  return rows.map((row) => row.event_type);
}
