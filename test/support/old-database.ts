// A database as an older build left it, restored from the dump that is kept of it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import { sqlRoleNames } from "../../src/ledger/accounts/sql-roles.ts";
import type { SqlRoleNames } from "../../src/ledger/accounts/sql-roles.ts";
import { emptyDatabase } from "./database.ts";
import type { FreshDatabase, TestServer } from "./database.ts";
import { dropRoles, passwordOf } from "./ledger.ts";

export interface OldDatabase extends FreshDatabase {
  /** The roles of `db url`, as far as that build made them; {@link passwordOf} knows their passwords. */
  readonly roles: SqlRoleNames;
}

/** What the database was called in which test/upgrade/…/make.sh made it; its roles are named after it. */
const madeAs = sqlRoleNames("old");

/** `build` is a folder of test/upgrade. */
export async function restoreOldDatabase(server: TestServer, build: string): Promise<OldDatabase> {
  const dump = join(import.meta.dirname, "../upgrade", build, "database.sql.gz");
  const fresh = await emptyDatabase(server);
  const roles = sqlRoleNames(new URL(fresh.url).pathname.slice(1));
  await run(server.ownerUrl, makeRole(roles.sql), makeRole(roles.read));
  const text = gunzipSync(readFileSync(dump)).toString("utf8");
  // Rights are the only place where roles are named; where a lead says so, it stays.
  const adapted = text.replace(/^(?:GRANT|REVOKE) .*$/gm, (line) =>
    line.replaceAll(madeAs.sql, roles.sql).replaceAll(madeAs.read, roles.read),
  );
  await run(fresh.url, adapted);
  return {
    url: fresh.url,
    superuserUrl: fresh.superuserUrl,
    roles,
    async drop() {
      await fresh.drop();
      await dropRoles(server, [roles.sql, roles.read]);
    },
  };
}

function makeRole(name: string): string {
  return `CREATE ROLE ${pg.escapeIdentifier(name)} LOGIN PASSWORD ${pg.escapeLiteral(passwordOf(name))}`;
}

async function run(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
