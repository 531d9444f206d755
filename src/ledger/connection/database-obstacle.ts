// What stands between the program and its database, as a code of its own for everything that ordinarily happens: from
// the error alone where that says it, by asking the database where its words would have to be read (they come in the
// server's language).
import pg from "pg";
import { insufficientPrivilege, sqlState } from "./postgres-error.ts";

export const databaseObstacleCodes = [
  // The way there
  "database_unreachable",
  "database_host_unknown",
  "database_socket_missing",
  "database_starting",
  "database_connections_exhausted",
  // Being let in
  "database_password_wrong",
  "database_role_refused",
  "database_host_refused",
  "database_missing",
  "database_tls_unsupported",
  "database_certificate_untrusted",
  "database_tls_failed",
  // What may be done there
  "database_standby",
  "database_read_only",
  "database_owned_by_other",
  "database_schema_not_writable",
  "database_create_not_allowed",
  "database_rights_missing",
  "database_locked",
  "database_statement_cancelled",
  // What the server runs out of
  "database_disk_full",
  "database_out_of_memory",
  "database_io_error",
] as const;

export type DatabaseObstacleCode = (typeof databaseObstacleCodes)[number];

/** An obstacle that was looked into; its message has the particulars: the role, the SQL that helps. */
export class DatabaseObstacle extends Error {
  override readonly name = "DatabaseObstacle";
  readonly code: DatabaseObstacleCode;

  constructor(code: DatabaseObstacleCode, particulars: string, cause?: unknown) {
    super(particulars, { cause });
    this.code = code;
  }
}

/** null: nothing that ordinarily stands in the way. */
export function databaseObstacle(error: unknown): DatabaseObstacleCode | null {
  if (error instanceof DatabaseObstacle) return error.code;
  const state = sqlState(error);
  if (state !== null) return byState(state, error as pg.DatabaseError);
  if (!(error instanceof Error)) return null;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === "listen" || syscall === "open") return null;
  if (code !== undefined) return byErrorCode(code, syscall);
  return messages.find(([pattern]) => pattern.test(error.message))?.[1] ?? null;
}

/** Appendix A of PostgreSQL's manual. */
function byState(state: string, error: pg.DatabaseError): DatabaseObstacleCode | null {
  const exact = states[state];
  if (exact !== undefined) return exact;
  // Neither sentence has a state of its own; in another language it is the role, which is more frequent.
  if (state === "28000")
    return /pg_hba\.conf|certificate/.test(error.message) ? "database_host_refused" : "database_role_refused";
  if (/^58|^XX00[12]/.test(state)) return "database_io_error";
  return /^(?:08|28|3D|53|57P|55000)/.test(state) ? "database_unreachable" : null;
}

const states: Readonly<Record<string, DatabaseObstacleCode>> = {
  "25006": "database_read_only",
  "28P01": "database_password_wrong",
  "3D000": "database_missing",
  "40001": "database_locked",
  "40P01": "database_locked",
  [insufficientPrivilege]: "database_rights_missing",
  "53100": "database_disk_full",
  "53200": "database_out_of_memory",
  "53300": "database_connections_exhausted",
  "55P03": "database_locked",
  "57014": "database_statement_cancelled",
  "57P01": "database_starting",
  "57P02": "database_starting",
  "57P03": "database_starting",
};

function byErrorCode(code: string, syscall: string | undefined): DatabaseObstacleCode | null {
  if (untrusted.has(code)) return "database_certificate_untrusted";
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) return "database_tls_failed";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "database_host_unknown";
  if (code === "ENOENT" || code === "EACCES") return syscall === "connect" ? "database_socket_missing" : null;
  return unreachable.has(code) ? "database_unreachable" : null;
}

const unreachable = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EPIPE", "EADDRNOTAVAIL"],
]);

/** As Node names what OpenSSL found in a certificate. */
const untrusted = new Set([
  ...["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"],
  ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  ...["CERT_SIGNATURE_FAILURE", "CERT_REVOKED", "CERT_UNTRUSTED", "ERR_TLS_CERT_ALTNAME_INVALID"],
]);

/** What pg and pg-pool say without a code. */
const messages: readonly (readonly [RegExp, DatabaseObstacleCode])[] = [
  [/server does not support SSL/, "database_tls_unsupported"],
  [/establishing an SSL connection/, "database_tls_failed"],
  [/password must be a (?:non-empty )?string/, "database_password_wrong"],
  [/SCRAM|SASL/, "database_password_wrong"],
  [/timeout exceeded when trying to connect|timeout expired|Query read timeout/, "database_unreachable"],
  [/Connection terminated|Client was closed|connection error|invalid response/, "database_unreachable"],
];

const connectTimeoutMs = 5_000;

/**
 * The same error, or what it comes from: which of two reasons the database is read-only for, which right is missing.
 * Opens a connection of its own where the error says too little. Never throws.
 */
export async function lookInto(error: unknown, url: string): Promise<unknown> {
  const code = databaseObstacle(error);
  if (code !== "database_read_only" && code !== "database_rights_missing") return error;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (
      (await (code === "database_read_only"
        ? findReadOnly(client, error)
        : findMissingRight(client, error))) ?? error
    );
  } catch {
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Before anything is changed: what would stand in the way of migrations. Throws DatabaseObstacle. */
export async function refuseUnfitDatabase(client: pg.Client): Promise<void> {
  const obstacle = (await findReadOnly(client)) ?? (await findMissingRight(client));
  if (obstacle !== null) throw obstacle;
}

async function findReadOnly(client: pg.Client, cause?: unknown): Promise<DatabaseObstacle | null> {
  const { rows } = await client.query<{ standby: boolean; off: boolean; by: string | null }>(
    `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'off' AS off,
       (SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only') AS by`,
  );
  const [found] = rows;
  if (found === undefined || (found.off && !found.standby)) return null;
  return found.standby
    ? new DatabaseObstacle("database_standby", "pg_is_in_recovery() = true", cause)
    : new DatabaseObstacle(
        "database_read_only",
        `default_transaction_read_only = on (${found.by ?? "?"})`,
        cause,
      );
}

/** In the order in which a person would mend it. */
async function findMissingRight(client: pg.Client, cause?: unknown): Promise<DatabaseObstacle | null> {
  const { rows } = await client.query<{
    role: string;
    database: string;
    owner: string | null;
    superuser: boolean;
    schema: boolean;
    create: boolean;
  }>(
    `SELECT quote_ident(current_user) AS role, quote_ident(current_database()) AS database,
       quote_ident(o.rolname) AS owner, coalesce(o.rolsuper, false) AS superuser,
       to_regnamespace('public') IS NULL OR has_schema_privilege('public', 'CREATE') AS schema,
       to_regnamespace('internal') IS NOT NULL OR has_database_privilege(current_database(), 'CREATE') AS create
     FROM (SELECT) AS this LEFT JOIN LATERAL (
       SELECT r.rolname, r.rolsuper FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
       WHERE c.relnamespace = to_regnamespace('public') AND c.relname IN ('schema_migrations', 'runs', 'settings')
         AND NOT pg_has_role(current_user, c.relowner, 'USAGE') LIMIT 1
     ) o ON true`,
  );
  const [found] = rows;
  if (found === undefined) return null;
  const { role, database, owner } = found;
  if (owner !== null) {
    // A superuser's rights are given to nobody.
    const help = found.superuser
      ? `owner: ${owner}; pg_restore --no-owner --role=${role}`
      : `GRANT ${owner} TO ${role};`;
    return new DatabaseObstacle("database_owned_by_other", help, cause);
  }
  if (!found.schema) {
    const grant = `GRANT USAGE, CREATE ON SCHEMA public TO ${role}; GRANT CREATE ON DATABASE ${database} TO ${role};`;
    return new DatabaseObstacle("database_schema_not_writable", grant, cause);
  }
  if (!found.create)
    return new DatabaseObstacle(
      "database_create_not_allowed",
      `GRANT CREATE ON DATABASE ${database} TO ${role};`,
      cause,
    );
  return null;
}
