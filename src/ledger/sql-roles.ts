// The two roles that people, BI tools and workers of one's own connect with: what they may do, and no more.
import { createHash } from "node:crypto";
import pg from "pg";
import type { Database, Queryable } from "./database.ts";
import { transaction } from "./database.ts";
import { sqlState } from "./postgres-error.ts";
import { scramVerifier } from "./scram-verifier.ts";

export interface SqlRoleNames {
  /** May SELECT the four tables, INSERT and UPDATE runs, dlq and kpi_daily, INSERT audit_events. */
  readonly sql: string;
  /** May SELECT the four tables. */
  readonly read: string;
}

export interface SqlRoleOptions {
  /** The password that a role shall have: at least 20 printable ASCII characters, always the same. */
  readonly password: (role: string) => string;
}

/** The program's own role may not make or change the roles, or they have rights that they must not have. */
export class SqlRoleError extends Error {
  readonly code = "sql_role_not_allowed";
  /** What an administrator has to run in this database, once; statements end with a semicolon. */
  readonly sql: string;

  constructor(message: string, sql: readonly string[]) {
    super(`${message}. An administrator has to run, connected to this database:\n${sql.join("\n")}`);
    this.sql = sql.join("\n");
  }
}

interface Role {
  readonly name: string;
  readonly password: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly rights: readonly string[];
}

interface RoleState {
  readonly exists: boolean;
  /** Superuser, CREATEROLE and the like, or a member of another role. */
  readonly excess: boolean;
  readonly settings: readonly string[];
}

const nameBytesMax = 63;
const rolesLock = 5_323_237_012;
const insufficientPrivilege = "42501";

/** Roles belong to the whole server, so their names say which database they are for. */
export function sqlRoleNames(database: string): SqlRoleNames {
  const prefix = database === "leadledger" ? "leadledger" : `leadledger_${database}`;
  const fits = Buffer.byteLength(`${prefix}_read`) <= nameBytesMax;
  const base = fits
    ? prefix
    : `leadledger_${createHash("sha256").update(database).digest("hex").slice(0, 24)}`;
  return { sql: `${base}_sql`, read: `${base}_read` };
}

/**
 * Makes both roles, or brings them to the state described here (DESIGN 2.5, `db url`). Throws SqlRoleError when the
 * program's role may not do that and it is not done yet.
 */
export async function ensureSqlRoles(database: Database, options: SqlRoleOptions): Promise<SqlRoleNames> {
  const { rows } = await database.query<{ name: string }>("SELECT current_database() AS name");
  const databaseName = rows[0]?.name ?? "";
  const names = sqlRoleNames(databaseName);
  const roles = describeRoles(names, options);
  await transaction(database, "system", async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [rolesLock]);
    const missing: string[] = [];
    for (const role of roles) {
      if (!(await makeRole(client, database, databaseName, role))) {
        missing.push(...roleStatements(await readState(client, databaseName, role), databaseName, role));
      }
    }
    if (missing.length > 0) throw new SqlRoleError("The database's roles for SQL are missing", missing);
    for (const role of roles) await grantRights(client, databaseName, role);
  });
  return names;
}

function describeRoles(names: SqlRoleNames, options: SqlRoleOptions): Role[] {
  const tables = "public.runs, public.audit_events, public.dlq, public.kpi_daily";
  return [
    {
      name: names.sql,
      password: options.password(names.sql),
      // A transaction that somebody forgot to end holds locks that deliveries wait for.
      settings: { search_path: "public", idle_in_transaction_session_timeout: "5min" },
      rights: [
        `SELECT ON ${tables}`,
        "INSERT, UPDATE ON public.runs, public.dlq, public.kpi_daily",
        "INSERT ON public.audit_events",
      ],
    },
    {
      name: names.read,
      password: options.password(names.read),
      settings: { search_path: "public", default_transaction_read_only: "on" },
      rights: [`SELECT ON ${tables}`],
    },
  ];
}

/** Returns false when this takes an administrator. Without the right to change a role, a finished one will do. */
async function makeRole(
  client: Queryable,
  database: Database,
  databaseName: string,
  role: Role,
): Promise<boolean> {
  const state = await readState(client, databaseName, role);
  if (state.excess) {
    throw new SqlRoleError(`The role ${role.name} has more rights than it must have`, excessStatements(role));
  }
  await client.query("SAVEPOINT role");
  try {
    for (const statement of roleStatements(state, databaseName, role)) await client.query(statement);
    return true;
  } catch (error) {
    if (sqlState(error) !== insufficientPrivilege) throw error;
    await client.query("ROLLBACK TO SAVEPOINT role");
    const wanted = Object.entries(role.settings).map(([name, value]) => `${name}=${value}`);
    return state.exists && wanted.every((each) => state.settings.includes(each)) && canLogIn(database, role);
  }
}

async function readState(client: Queryable, databaseName: string, role: Role): Promise<RoleState> {
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

function roleStatements(state: RoleState, databaseName: string, role: Role): string[] {
  const name = pg.escapeIdentifier(role.name);
  const verifier = pg.escapeLiteral(scramVerifier(role.name, role.password));
  return [
    `${state.exists ? "ALTER" : "CREATE"} ROLE ${name} LOGIN PASSWORD ${verifier};`,
    // What the role has set for itself would be in the way: a stricter isolation level, for example.
    `ALTER ROLE ${name} RESET ALL;`,
    `ALTER ROLE ${name} IN DATABASE ${pg.escapeIdentifier(databaseName)} RESET ALL;`,
    ...Object.entries(role.settings).map(
      ([setting, value]) =>
        `ALTER ROLE ${name} IN DATABASE ${pg.escapeIdentifier(databaseName)} SET ${setting} = ${pg.escapeLiteral(value)};`,
    ),
  ];
}

function excessStatements(role: Role): string[] {
  const name = pg.escapeIdentifier(role.name);
  return [
    `ALTER ROLE ${name} NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;`,
    `DO $$ DECLARE one record; BEGIN FOR one IN SELECT m.roleid::regrole AS granted FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = ${pg.escapeLiteral(role.name)} LOOP EXECUTE format('REVOKE %s FROM %I', one.granted, ${pg.escapeLiteral(role.name)}); END LOOP; END $$;`,
  ];
}

async function canLogIn(database: Database, role: Role): Promise<boolean> {
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

/** The tables are the program's own, so it may grant them; the rights on schema and database may take others. */
async function grantRights(client: Queryable, databaseName: string, role: Role): Promise<void> {
  const name = pg.escapeIdentifier(role.name);
  const { rows: granted } = await client.query<{ relation: string }>(
    `SELECT DISTINCT relation::regclass::text AS relation
     FROM (SELECT oid AS relation, relacl AS acl FROM pg_class
       UNION ALL SELECT attrelid, attacl FROM pg_attribute) AS granted, aclexplode(acl) AS item, pg_roles r
     WHERE r.rolname = $1 AND item.grantee = r.oid`,
    [role.name],
  );
  for (const { relation } of granted) await client.query(`REVOKE ALL ON ${relation} FROM ${name}`);
  for (const right of role.rights) await client.query(`GRANT ${right} TO ${name}`);
  await demandSurroundings(client, databaseName, role);
}

async function demandSurroundings(client: Queryable, databaseName: string, role: Role): Promise<void> {
  const name = pg.escapeIdentifier(role.name);
  const demands = [
    {
      met: "has_database_privilege($1, current_database(), 'CONNECT')",
      statement: `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(databaseName)} TO ${name};`,
    },
    {
      met: "has_schema_privilege($1, 'public', 'USAGE')",
      statement: `GRANT USAGE ON SCHEMA public TO ${name};`,
    },
  ];
  for (const { met, statement } of demands) {
    if (await isMet(client, met, role)) continue;
    await tryStatement(client, statement);
    if (!(await isMet(client, met, role)))
      throw new SqlRoleError(`The role ${role.name} cannot reach the tables`, [statement]);
  }
  // Whoever may create functions beside the ledger's could be called by them, with the owner's rights.
  if (!(await isMet(client, "NOT has_schema_privilege($1, 'public', 'CREATE')", role))) {
    throw new SqlRoleError("Everybody may create objects in the schema public", [
      `REVOKE CREATE ON SCHEMA public FROM PUBLIC, ${name};`,
    ]);
  }
}

async function isMet(client: Queryable, condition: string, role: Role): Promise<boolean> {
  const { rows } = await client.query<{ met: boolean }>(`SELECT ${condition} AS met`, [role.name]);
  return rows[0]?.met === true;
}

async function tryStatement(client: Queryable, statement: string): Promise<void> {
  await client.query("SAVEPOINT attempt");
  try {
    await client.query(statement);
  } catch (error) {
    if (sqlState(error) !== insufficientPrivilege) throw error;
    await client.query("ROLLBACK TO SAVEPOINT attempt");
  }
}
