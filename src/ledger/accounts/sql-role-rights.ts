// What the roles for SQL may do, and no more: the one list of their rights, and what nobody else may do for their sake.
import pg from "pg";
import type { Queryable } from "../connection/database.ts";
import { insufficientPrivilege, sqlState } from "../connection/postgres-error.ts";
import { SqlRoleError } from "./sql-role-error.ts";

/** `bi` reads the views for BI tools; `bi_client` those that show one client of an agency alone. */
export type RoleKind = "sql" | "read" | "bi" | "bi_client";

interface Right {
  readonly privilege: "SELECT" | "INSERT" | "UPDATE" | "EXECUTE";
  /** Tables, or for EXECUTE functions. */
  readonly on: readonly string[];
}

const tables = ["public.runs", "public.audit_events", "public.dlq", "public.kpi_daily"] as const;

/** What a change by hand calls without naming it: conditions of triggers and expressions of indexes. They read nothing. */
const helpers = [
  "internal.ledger_is_own_change()",
  "internal.dlq_cause(text, text, text, text)",
  "internal.dlq_stage(text, timestamptz)",
] as const;

const reading: Right = {
  privilege: "SELECT",
  on: [...tables, "public.kpi_daily_sources", "public.kpi_daily_clients", "public.sla_daily"],
};

/** Of sql/bi-contract.sql; what else somebody has put into the schema is none of these roles' business. */
const biViews = [
  "contract",
  "leads_v1",
  "deliveries_v1",
  "attention_v1",
  "figures_daily_v1",
  "figures_hourly_v1",
  "destinations_hourly_v1",
  "durations_hourly_v1",
  "sla_daily_v1",
  "sources_v1",
] as const;

const rightsOf: Readonly<Record<RoleKind, readonly Right[]>> = {
  sql: [
    reading,
    { privilege: "INSERT", on: tables },
    { privilege: "UPDATE", on: ["public.runs", "public.dlq", "public.kpi_daily"] },
    { privilege: "EXECUTE", on: helpers },
  ],
  read: [reading],
  bi: [{ privilege: "SELECT", on: biViews.map((view) => `bi.${view}`) }],
  bi_client: [{ privilege: "SELECT", on: biViews.map((view) => `bi_client.${view}`) }],
};

/** Where a role finds what it may read. */
export const schemaOf: Readonly<Record<RoleKind, string>> = {
  sql: "public",
  read: "public",
  bi: "bi",
  bi_client: "bi_client",
};

interface RoleToGrant {
  readonly kind: RoleKind;
  readonly name: string;
}

/** Those that the role has already are not written again. Tables and functions are the program's own, so it may. */
export async function grantRights(client: Queryable, { kind, name }: RoleToGrant): Promise<void> {
  for (const { privilege, on } of rightsOf[kind]) {
    const kindOfObject = privilege === "EXECUTE" ? "function" : "table";
    const { rows } = await client.query<{ object: string }>(
      `SELECT object FROM unnest($2::text[]) AS object WHERE NOT has_${kindOfObject}_privilege($1, object, $3)`,
      [name, on, privilege],
    );
    if (rows.length === 0) continue;
    const objects = rows.map(({ object }) => object).join(", ");
    await client.query(
      `GRANT ${privilege} ON ${kindOfObject.toUpperCase()} ${objects} TO ${pg.escapeIdentifier(name)}`,
    );
  }
}

/** Takes from the role whatever it was granted on tables and functions. */
export async function takeRights(client: Queryable, role: string): Promise<void> {
  const { rows: granted } = await client.query<{ object: string }>(
    `SELECT DISTINCT object
     FROM (SELECT 'TABLE ' || oid::regclass, relacl FROM pg_class
       UNION ALL SELECT 'TABLE ' || attrelid::regclass, attacl FROM pg_attribute
       UNION ALL SELECT 'ROUTINE ' || oid::regprocedure, proacl FROM pg_proc) AS granted (object, acl),
       aclexplode(acl) AS item, pg_roles r
     WHERE r.rolname = $1 AND item.grantee = r.oid`,
    [role],
  );
  for (const { object } of granted)
    await client.query(`REVOKE ALL ON ${object} FROM ${pg.escapeIdentifier(role)}`);
}

/** The rights on schema and database may take others to give or to take away. Throws SqlRoleError. */
export async function demandSurroundings(
  client: Queryable,
  databaseName: string,
  { kind, name: role }: RoleToGrant,
): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const schema = schemaOf[kind];
  const demands = [
    {
      met: "has_database_privilege($1, current_database(), 'CONNECT')",
      statement: `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(databaseName)} TO ${name};`,
    },
    {
      met: `has_schema_privilege($1, '${schema}', 'USAGE')`,
      statement: `GRANT USAGE ON SCHEMA ${schema} TO ${name};`,
    },
  ];
  for (const { met, statement } of demands) {
    if (await isMet(client, met, role)) continue;
    await tryStatement(client, statement);
    if (!(await isMet(client, met, role)))
      throw new SqlRoleError(`The role ${role} cannot reach the tables`, [statement]);
  }
  // Whoever may create functions beside the ledger's could be called by them, with the owner's rights.
  if (!(await isMet(client, "NOT has_schema_privilege($1, 'public', 'CREATE')", role))) {
    throw new SqlRoleError("Everybody may create objects in the schema public", [
      `REVOKE CREATE ON SCHEMA public FROM PUBLIC, ${name};`,
    ]);
  }
}

/**
 * Functions of ours that everybody may execute: those that run with the owner's rights, and those made for triggers,
 * which somebody's own table could have, too. None, unless a dump was restored without its rights. Others that the
 * owner made in `public` for other purposes are left alone.
 */
export const executableByPublicSql = `
  SELECT p.oid::regprocedure::text AS routine
  FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS item
  WHERE item.grantee = 0 AND item.privilege_type = 'EXECUTE'
    AND p.proowner = (SELECT relowner FROM pg_class WHERE oid = 'public.runs'::regclass)
    AND (p.pronamespace = 'internal'::regnamespace OR p.pronamespace = 'public'::regnamespace
      AND (p.prosecdef OR p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype)))
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')`;

/**
 * Takes from everybody what they need not have: executing functions of ours, and making temporary tables, which have
 * triggers and fill the disk. The latter only where the database is ours: elsewhere, other programs may need them.
 */
export async function closeToPublic(client: Queryable, databaseName: string): Promise<void> {
  const { rows } = await client.query<{ routine: string }>(executableByPublicSql);
  for (const { routine } of rows)
    await tryStatement(client, `REVOKE EXECUTE ON ROUTINE ${routine} FROM PUBLIC`);
  const { rows: databases } = await client.query<{ open: boolean }>(
    `SELECT pg_has_role(current_user, datdba, 'USAGE') AND EXISTS (
       SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) AS item
       WHERE item.grantee = 0 AND item.privilege_type = 'TEMPORARY') AS open
     FROM pg_database WHERE datname = current_database()`,
  );
  if (databases[0]?.open !== true) return;
  await tryStatement(client, `REVOKE TEMPORARY ON DATABASE ${pg.escapeIdentifier(databaseName)} FROM PUBLIC`);
}

async function isMet(client: Queryable, condition: string, role: string): Promise<boolean> {
  const { rows } = await client.query<{ met: boolean }>(`SELECT ${condition} AS met`, [role]);
  return rows[0]?.met === true;
}

/** Runs it where the program's role may, and leaves it where not. */
export async function tryStatement(client: Queryable, statement: string): Promise<void> {
  await client.query("SAVEPOINT attempt");
  try {
    await client.query(statement);
  } catch (error) {
    if (sqlState(error) !== insufficientPrivilege) throw error;
    await client.query("ROLLBACK TO SAVEPOINT attempt");
  }
}
