// Tells PostgreSQL's errors apart: which may simply be tried again, which blame one row, which mean that the
// database is out of reach.
import pg from "pg";

export type DatabaseTrouble =
  /** Deadlock or serialisation failure: the same transaction may succeed at once. */
  | "retry"
  /** No connection, failing over, read-only, out of connections: nothing is known to be wrong with the data. */
  | "unreachable"
  /** Somebody else holds a lock for too long, a person in psql perhaps; or has cancelled the statement. */
  | "locked"
  /** The statement or its data was refused. */
  | "refused";

/** The role may not do that. */
export const insufficientPrivilege = "42501";

const retryStates = new Set(["40P01", "40001"]);
const lockedStates = new Set(["55P03", "57014"]);
// Connection, its rights, its database (28, 3D), read-only, not accepting connections, resources, shutting down, the disk.
const unreachableStates = /^(?:08|28|3D|25006|53|55000|57P|58)/;

export function databaseTrouble(error: unknown): DatabaseTrouble {
  const state = sqlState(error);
  if (state === null) return "unreachable";
  if (retryStates.has(state)) return "retry";
  if (lockedStates.has(state)) return "locked";
  if (unreachableStates.test(state) || isFatal(error)) return "unreachable";
  return "refused";
}

/** The database would say so again: data exceptions (class 22), or something is too large (class 54). */
export function blamesTheData(error: unknown): boolean {
  return databaseTrouble(error) === "refused" && /^(22|54)/.test(sqlState(error) ?? "");
}

/** A text or a JSON value had U+0000, which PostgreSQL's texts do not hold (22021 and 22P05). */
export function holdsNul(error: unknown): boolean {
  const state = sqlState(error);
  return state === "22P05" || (state === "22021" && error instanceof Error && error.message.includes("0x00"));
}

/**
 * Whether an error of anything that was asked of the database says that it is away. Unlike `databaseTrouble` it does not
 * take an error that knows nothing of the database for one, so it also serves where other things may have failed.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (sqlState(error) !== null) return databaseTrouble(error) === "unreachable";
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Of several addresses that were tried, one after the other.
  const isOfSocket = ofSockets.has(syscall ?? "") || error instanceof AggregateError;
  return (isOfSocket && brokenLines.has(code ?? "")) || saidByDriver.test(error.message);
}

const ofSockets = new Set(["connect", "read", "write", "getaddrinfo"]);
const brokenLines = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOENT"],
  ...["ENOTFOUND", "EAI_AGAIN"],
]);
/** pg and pg-pool have no codes for these. */
const saidByDriver =
  /^(?:Connection terminated|Client (?:was closed|has encountered a connection error)|Query read timeout|timeout exceeded when trying to connect)/;

/** The session ended with it, so it is about the session. */
function isFatal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.severity === "FATAL" || error.severity === "PANIC");
}

/** The SQLSTATE of an error that came from PostgreSQL; null for anything else, such as a broken connection. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError && error.code !== undefined ? error.code : null;
}

/** What a caller who is limited to clients would have made or changed is somebody else's (sql/limited-views.sql). */
export function isBeyondLimits(error: unknown): boolean {
  return sqlState(error) === withCheckOptionViolation;
}

const withCheckOptionViolation = "44000";

/** The SQLSTATEs of the ledger's own rules, as the migrations raise them. */
export type LedgerRule = "LL001" | "LL002" | "LL003" | "LL004" | "LL005" | "LL006" | "LL007";

/** True when the database refused a change because the ledger's rules forbid it; its message names the rule. */
export function isLedgerRule(error: unknown): error is pg.DatabaseError {
  return sqlState(error)?.startsWith("LL") ?? false;
}

/** The message and hint of a refused change, for a person. */
export function ledgerRuleText(error: pg.DatabaseError): string {
  return error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
}
