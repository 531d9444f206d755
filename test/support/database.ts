// Suites that run on every server, and fresh, migrated databases for them.

import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { describe, inject } from "vitest";
import type { TestServer } from "./servers.ts";

export type { TestServer } from "./servers.ts";

export interface FreshDatabase {
  /** As the program's role, which owns the database. */
  readonly url: string;
  /** The same database as superuser. */
  readonly superuserUrl: string;
  /** Also while connections are open. */
  drop(): Promise<void>;
}

export interface FreshDatabaseOptions {
  /** Brings an empty database to the state every test starts from; closes its connections. */
  readonly migrate: (url: string) => Promise<unknown>;
  /** Names what `migrate` does where it does more than migrate; equal names share one template. */
  readonly template?: string;
}

/** Runs the suite once per PostgreSQL server of this run. */
export function describeOnEachServer(name: string, suite: (server: TestServer) => void): void {
  for (const server of inject("servers")) {
    describe(`${name} (${server.name})`, () => {
      suite(server);
    });
  }
}

/** Runs the suite on one server, where what it shows is the program's doing and the same on each of them. */
export function describeOnOneServer(name: string, suite: (server: TestServer) => void): void {
  const [server] = inject("servers");
  if (server === undefined) throw new Error("there is no server");
  describe(name, () => {
    suite(server);
  });
}

/** A new database, cloned from a template that is migrated once per server, also with several test workers. */
export async function freshDatabase(
  server: TestServer,
  { migrate, template = "migrated" }: FreshDatabaseOptions,
): Promise<FreshDatabase> {
  const source = await ensureTemplate(server, template, migrate);
  const database = `test_${randomBytes(6).toString("hex")}`;
  await asSuperuser(server, (client) => createDatabase(client, database, source));
  return {
    url: withDatabase(server.ownerUrl, database),
    superuserUrl: withDatabase(server.superuserUrl, database),
    drop: () =>
      asSuperuser(server, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      }),
  };
}

/** A database without any table of ours, for tests of the migrations themselves. */
export function emptyDatabase(server: TestServer): Promise<FreshDatabase> {
  return freshDatabase(server, { migrate: () => Promise.resolve(), template: "empty" });
}

async function ensureTemplate(
  server: TestServer,
  template: string,
  migrate: FreshDatabaseOptions["migrate"],
): Promise<string> {
  const name = `template_${await fingerprint(template)}`;
  const unfinished = `${name}_unfinished`;
  return asSuperuser(server, async (client) => {
    // The lock ends with the session, so a worker that dies here does not stop the others.
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [name]);
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 1) return name;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await createDatabase(client, unfinished, "template0");
    await migrate(withDatabase(server.ownerUrl, unfinished));
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
    return name;
  });
}

async function createDatabase(client: pg.Client, name: string, template: string): Promise<void> {
  // Copying page by page through the log, as PostgreSQL does otherwise, costs ten times as much on a server without fsync.
  await client.query(`CREATE DATABASE ${name} OWNER leadledger TEMPLATE ${template} STRATEGY FILE_COPY`);
}

/** Changes with migrations/ and sql/, so that a watching test run does not keep an old template. */
async function fingerprint(template: string): Promise<string> {
  const hash = createHash("sha256").update(template);
  for (const folder of ["migrations", "sql"].map((name) => join(import.meta.dirname, "../..", name))) {
    for (const name of (await readdir(folder)).toSorted()) hash.update(await readFile(join(folder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function asSuperuser<T>(server: TestServer, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
