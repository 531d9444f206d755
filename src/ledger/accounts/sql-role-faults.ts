// What is wrong with the roles for SQL and could not be mended by itself, or was opened since: for `doctor`.
import pg from "pg";
import type { Queryable } from "../connection/database.ts";
import { executableByPublicSql } from "./sql-role-rights.ts";
import { ourRoles, zoneSetting, zoneStatement } from "./sql-roles.ts";
import { readTimezone } from "../settings/settings.ts";

export interface SqlRoleFault {
  /** Functions or roles that have it. */
  readonly names: readonly string[];
  /** What the owner of the database, or an administrator, has to run where there are names. */
  readonly sql: string;
}

export interface SqlRoleFaults {
  /** Functions of ours that everybody may execute. */
  readonly executable: SqlRoleFault;
  /** Roles that may make temporary tables. */
  readonly temporary: SqlRoleFault;
  /** Roles that may make functions beside ours, which ours would call, with the owner's rights. */
  readonly creating: SqlRoleFault;
  /** Roles that see times in a different zone than the reporting time zone. */
  readonly otherZone: SqlRoleFault;
}

/** Of those roles that exist. */
export async function findSqlRoleFaults(database: Queryable): Promise<SqlRoleFaults> {
  const { rows: names } = await database.query<{ name: string }>("SELECT current_database() AS name");
  const databaseName = names[0]?.name ?? "";
  const zone = await readTimezone(database);
  const { rows: routines } = await database.query<{ routine: string }>(executableByPublicSql);
  const { rows: roles } = await database.query<RoleFound>(
    `SELECT r.rolname AS name, has_schema_privilege(r.oid, 'public', 'CREATE') AS creating,
       has_database_privilege(r.oid, current_database(), 'TEMPORARY') AS temporary,
       EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
         WHERE s.setrole = r.oid AND d.datname = current_database() AND $2 = ANY (s.setconfig)) AS zoned
     FROM pg_roles r WHERE r.rolname = ANY ($1) ORDER BY 1`,
    [(await ourRoles(database, databaseName)).map(({ name }) => name), `${zoneSetting}=${zone}`],
  );
  const temporary = roles.filter((role) => role.temporary).map(({ name }) => name);
  const creating = roles.filter((role) => role.creating).map(({ name }) => name);
  const executable = routines.map(({ routine }) => routine);
  const otherZone = roles.filter((role) => !role.zoned).map(({ name }) => name);
  return {
    executable: { names: executable, sql: `REVOKE EXECUTE ON ROUTINE ${executable.join(", ")} FROM PUBLIC;` },
    temporary: {
      names: temporary,
      sql: `REVOKE TEMPORARY ON DATABASE ${pg.escapeIdentifier(databaseName)} FROM ${publicAnd(temporary)};`,
    },
    creating: { names: creating, sql: `REVOKE CREATE ON SCHEMA public FROM ${publicAnd(creating)};` },
    otherZone: {
      names: otherZone,
      sql: otherZone.map((role) => zoneStatement(role, databaseName, zone)).join(" "),
    },
  };
}

interface RoleFound {
  readonly name: string;
  readonly creating: boolean;
  readonly temporary: boolean;
  readonly zoned: boolean;
}

function publicAnd(roles: readonly string[]): string {
  return ["PUBLIC", ...roles.map((role) => pg.escapeIdentifier(role))].join(", ");
}
