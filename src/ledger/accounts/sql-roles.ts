// The roles that people, BI tools and workers of one's own connect with. What they may do: sql-role-rights.ts.
import { createHash } from "node:crypto";
import pg from "pg";
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { takeLock } from "../connection/held-lock.ts";
import { insufficientPrivilege, sqlState } from "../connection/postgres-error.ts";
import { scramVerifier } from "./scram-verifier.ts";
import { readTimezone } from "../settings/settings.ts";
import { SqlRoleError } from "./sql-role-error.ts";
import type { RoleKind } from "./sql-role-rights.ts";
import {
  closeToPublic,
  demandSurroundings,
  grantRights,
  schemaOf,
  takeRights,
  tryStatement,
} from "./sql-role-rights.ts";

export interface SqlRoleNames {
  /** May SELECT the tables meant for people, INSERT and UPDATE runs, dlq and kpi_daily, INSERT audit_events. */
  readonly sql: string;
  /** May SELECT the tables meant for people. */
  readonly read: string;
  /** May SELECT the views for BI tools; made when somebody asks for it. */
  readonly bi: string;
}

export interface SqlRoleOptions {
  /** The password that a role shall have: at least 20 printable ASCII characters, always the same. */
  readonly password: (role: string) => string;
}

interface SqlRole {
  readonly kind: RoleKind;
  readonly name: string;
  readonly password: string;
  /** Without these the role does harm, or does not find the tables. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings that a role which an administrator made earlier may do without. */
  readonly wishes?: Readonly<Record<string, string>>;
  /** So many at once; absent: no limit of its own. */
  readonly connectionsMax?: number;
}

interface RoleState {
  readonly exists: boolean;
  /** Superuser, CREATEROLE and the like, or a member of another role. */
  readonly excess: boolean;
  readonly settings: readonly string[];
}

const nameBytesMax = 63;
/** As many as the pools of two tools have, and a fifth of what the embedded server has for all. */
const biConnectionsMax = 20;
/** A guard against accidents: whoever connects may set another one. */
const biStatementTimeoutMs = 300_000;
const rolesLockWaitMs = 10_000;
/** Whoever has the lock is mostly another node that does the same. */
const alignWaitMs = 1_000;
/**
 * The reporting time zone, so that whoever asks for the day of a time, or whose tool knows no zones (ODBC), sees the day
 * that the figures count it on.
 */
export const zoneSetting = "TimeZone";

/** Roles belong to the whole server, so their names say which database they are for. */
export function sqlRoleNames(database: string): SqlRoleNames {
  const base = nameBase(database);
  return { sql: `${base}_sql`, read: `${base}_read`, bi: `${base}_bi` };
}

/** Of the role that sees one client of an agency alone. With digits, so that it is no other database's either. */
export function clientRoleName(database: string, client: string): string {
  const mark = createHash("sha256").update(`${database}\0${client}`).digest("hex");
  const name = `${nameBase(database)}_bi_${client}_${mark.slice(0, 6)}`;
  return Buffer.byteLength(name) <= nameBytesMax ? name : `leadledger_bi_${mark.slice(0, 32)}`;
}

function nameBase(database: string): string {
  const prefix = database === "leadledger" ? "leadledger" : `leadledger_${database}`;
  const fits = Buffer.byteLength(`${prefix}_read`) <= nameBytesMax;
  return fits ? prefix : `leadledger_${createHash("sha256").update(database).digest("hex").slice(0, 24)}`;
}

/**
 * Makes the roles for SQL and for reading, or brings them to the state described here (docs/contract.md, Command line).
 * Throws SqlRoleError when the program's role may not do that and it is not done yet.
 */
export async function ensureSqlRoles(database: Database, options: SqlRoleOptions): Promise<SqlRoleNames> {
  const databaseName = await nameOfDatabase(database);
  const names = sqlRoleNames(databaseName);
  await ensureRoles(database, databaseName, describeRoles(names, options));
  return names;
}

/**
 * The same of the role for BI tools, and returns its name. `client`: it sees this client of an agency alone; '' is who
 * names none, null: it sees all. Throws as `ensureSqlRoles` does.
 */
export async function ensureBiRole(
  database: Database,
  client: string | null,
  { password }: SqlRoleOptions,
): Promise<string> {
  const databaseName = await nameOfDatabase(database);
  const kind = client === null ? "bi" : "bi_client";
  const name = client === null ? sqlRoleNames(databaseName).bi : clientRoleName(databaseName, client);
  await ensureRoles(
    database,
    databaseName,
    [describeBiRole(kind, name, password(name))],
    async (queryable) => {
      if (client !== null)
        await queryable.query(
          `INSERT INTO internal.bi_readers AS b (role, client) VALUES ($1, $2)
         ON CONFLICT (role) DO UPDATE SET client = excluded.client WHERE b.client <> excluded.client`,
          [name, client],
        );
    },
  );
  return name;
}

async function ensureRoles(
  database: Database,
  databaseName: string,
  roles: readonly SqlRole[],
  note: (client: Queryable) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await transaction(database, "system", async (client) => {
    await takeLock(client, "roles", rolesLockWaitMs);
    const zone = await readTimezone(client);
    const missing: string[] = [];
    for (const role of roles) {
      if (!(await makeRole(client, database, databaseName, role, zone))) {
        missing.push(
          ...roleStatements(await readState(client, databaseName, role), databaseName, role, zone),
        );
      }
    }
    if (missing.length > 0) throw new SqlRoleError("The database's roles for SQL are missing", missing);
    await note(client);
    for (const role of roles) {
      await takeRights(client, role.name);
      await grantRights(client, role);
      await demandSurroundings(client, databaseName, role);
    }
    await closeToPublic(client, databaseName);
  });
}

/**
 * Brings those of the roles that exist to the rights and the time zone described here, as far as the program's role
 * may: after an update, after a change of the reporting time zone, after a restore without its rights. Writes
 * only what differs. What is left undone sql-role-faults.ts tells. Throws LockHeldError, or what the database threw.
 */
export async function alignSqlRoles(database: Database): Promise<void> {
  const databaseName = await nameOfDatabase(database);
  await transaction(database, "system", async (client) => {
    await takeLock(client, "roles", alignWaitMs);
    await closeToPublic(client, databaseName);
    const zone = await readTimezone(client);
    for (const role of await ourRoles(client, databaseName)) {
      const state = await readState(client, databaseName, role);
      if (!state.exists) continue;
      await grantRights(client, role);
      if (!state.settings.includes(`${zoneSetting}=${zone}`))
        await tryStatement(client, zoneStatement(role.name, databaseName, zone));
    }
  });
}

/** Whether they exist or not. */
export async function ourRoles(
  database: Queryable,
  databaseName: string,
): Promise<readonly { readonly kind: RoleKind; readonly name: string }[]> {
  const names = sqlRoleNames(databaseName);
  const { rows } = await database.query<{ role: string }>(
    "SELECT role FROM internal.bi_readers ORDER BY role",
  );
  return [
    ...(["sql", "read", "bi"] as const).map((kind) => ({ kind, name: names[kind] })),
    ...rows.map(({ role }) => ({ kind: "bi_client" as const, name: role })),
  ];
}

async function nameOfDatabase(database: Queryable): Promise<string> {
  const { rows } = await database.query<{ name: string }>("SELECT current_database() AS name");
  return rows[0]?.name ?? "";
}

function describeRoles(names: SqlRoleNames, { password }: SqlRoleOptions): SqlRole[] {
  return [
    {
      kind: "sql",
      name: names.sql,
      password: password(names.sql),
      // A transaction that somebody forgot to end holds locks that deliveries wait for.
      settings: { search_path: "public", idle_in_transaction_session_timeout: "5min" },
      // What others have made the default would lose changes at a crash, or have them refused.
      wishes: { default_transaction_isolation: "read committed", synchronous_commit: "on" },
    },
    {
      kind: "read",
      name: names.read,
      password: password(names.read),
      settings: { search_path: "public", default_transaction_read_only: "on" },
    },
  ];
}

function describeBiRole(kind: "bi" | "bi_client", name: string, password: string): SqlRole {
  return {
    kind,
    name,
    password,
    settings: { search_path: schemaOf[kind], default_transaction_read_only: "on" },
    wishes: {
      statement_timeout: `${biStatementTimeoutMs}ms`,
      idle_in_transaction_session_timeout: "5min",
      // Intake is not to wait for processors that a report has.
      max_parallel_workers_per_gather: "0",
      // Days are looked up in an index; what would be compiled for them takes longer than they do.
      random_page_cost: "1.1",
      jit: "off",
    },
    connectionsMax: biConnectionsMax,
  };
}

/** Returns false when this takes an administrator. Without the right to change a role, a finished one will do. */
async function makeRole(
  client: Queryable,
  database: Database,
  databaseName: string,
  role: SqlRole,
  zone: string,
): Promise<boolean> {
  const state = await readState(client, databaseName, role);
  if (state.excess) {
    throw new SqlRoleError(`The role ${role.name} has more rights than it must have`, excessStatements(role));
  }
  await client.query("SAVEPOINT role");
  try {
    for (const statement of roleStatements(state, databaseName, role, zone)) await client.query(statement);
    return true;
  } catch (error) {
    if (sqlState(error) !== insufficientPrivilege) throw error;
    await client.query("ROLLBACK TO SAVEPOINT role");
    const wanted = Object.entries(role.settings).map(([name, value]) => `${name}=${value}`);
    return state.exists && wanted.every((each) => state.settings.includes(each)) && canLogIn(database, role);
  }
}

async function readState(
  client: Queryable,
  databaseName: string,
  role: Pick<SqlRole, "name">,
): Promise<RoleState> {
  const { rows } = await client.query<{ excess: boolean; settings: string[] | null }>(
    `SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
         OR EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid) AS excess,
       (SELECT s.setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
        WHERE s.setrole = r.oid AND d.datname = $2) AS settings
     FROM pg_roles r WHERE r.rolname = $1`,
    [role.name, databaseName],
  );
  return {
    exists: rows[0] !== undefined,
    excess: rows[0]?.excess === true,
    settings: rows[0]?.settings ?? [],
  };
}

function roleStatements(state: RoleState, databaseName: string, role: SqlRole, zone: string): string[] {
  const name = pg.escapeIdentifier(role.name);
  const verifier = pg.escapeLiteral(scramVerifier(role.name, role.password));
  const limit = role.connectionsMax === undefined ? "" : ` CONNECTION LIMIT ${role.connectionsMax}`;
  return [
    `${state.exists ? "ALTER" : "CREATE"} ROLE ${name} LOGIN PASSWORD ${verifier}${limit};`,
    // What the role has set for itself would be in the way: a stricter isolation level, for example.
    `ALTER ROLE ${name} RESET ALL;`,
    `ALTER ROLE ${name} IN DATABASE ${pg.escapeIdentifier(databaseName)} RESET ALL;`,
    ...Object.entries({ ...role.settings, ...role.wishes, [zoneSetting]: zone }).map(([setting, value]) =>
      settingStatement(role.name, databaseName, setting, value),
    ),
  ];
}

export function zoneStatement(role: string, databaseName: string, zone: string): string {
  return settingStatement(role, databaseName, zoneSetting, zone);
}

function settingStatement(role: string, databaseName: string, setting: string, value: string): string {
  return `ALTER ROLE ${pg.escapeIdentifier(role)} IN DATABASE ${pg.escapeIdentifier(databaseName)} SET ${setting} = ${pg.escapeLiteral(value)};`;
}

function excessStatements(role: SqlRole): string[] {
  const name = pg.escapeIdentifier(role.name);
  return [
    `ALTER ROLE ${name} NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;`,
    `DO $$ DECLARE one record; BEGIN FOR one IN SELECT m.roleid::regrole AS granted FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = ${pg.escapeLiteral(role.name)} LOOP EXECUTE format('REVOKE %s FROM %I', one.granted, ${pg.escapeLiteral(role.name)}); END LOOP; END $$;`,
  ];
}

async function canLogIn(database: Database, role: SqlRole): Promise<boolean> {
  const url = new URL(database.pool.options.connectionString ?? "");
  url.username = encodeURIComponent(role.name);
  url.password = encodeURIComponent(role.password);
  const client = new pg.Client({
    connectionString: url.href,
    connectionTimeoutMillis: database.pool.options.connectionTimeoutMillis,
  });
  // A connection that the server refuses also emits an error event, which nobody else would hear.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
