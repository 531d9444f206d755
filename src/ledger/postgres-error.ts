// Tells PostgreSQL's errors apart: which may simply be tried again, which blame one row, which mean that the
// database is out of reach.
import pg from "pg";

export type DatabaseTrouble =
  /** Deadlock or serialisation failure: the same transaction may succeed at once. */
  | "retry"
  /** No connection, failing over, read-only, out of connections: nothing is known to be wrong with the data. */
  | "unreachable"
  /** Somebody else holds a lock for too long, a person in psql perhaps. */
  | "locked"
  /** The statement or its data was refused. */
  | "refused";

const retryStates = new Set(["40P01", "40001"]);
const lockTimeoutState = "55P03";
const unreachableStates = new Set(["25006", "57P01", "57P02", "57P03", "53300", "53100", "53200", "53400"]);

export function databaseTrouble(error: unknown): DatabaseTrouble {
  const state = sqlState(error);
  if (state === null) return "unreachable";
  if (retryStates.has(state)) return "retry";
  if (state === lockTimeoutState) return "locked";
  if (unreachableStates.has(state) || state.startsWith("08")) return "unreachable";
  return "refused";
}

/** The SQLSTATE of an error that came from PostgreSQL; null for anything else, such as a broken connection. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError && error.code !== undefined ? error.code : null;
}

/** True when the database refused a change because the ledger's rules forbid it; its message names the rule. */
export function isLedgerRule(error: unknown): error is pg.DatabaseError {
  return sqlState(error)?.startsWith("LL") ?? false;
}

/** The message and hint of a refused change, for a person. */
export function ledgerRuleText(error: pg.DatabaseError): string {
  return error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
}
