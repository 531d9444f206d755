// Whether the database finishes a commit: one that nobody needs, but that is written, flushed and waited for like any
// other. A server whose synchronous standby is missing answers every question, and lets every commit wait for ever.
import { isAnswerOverdue } from "./cancel-statement.ts";
import { CommitInDoubtError } from "./commit-in-doubt.ts";
import type { Queryable } from "./database.ts";
import { sqlState } from "./postgres-error.ts";

export type CommitCheck =
  | { readonly kind: "finished" }
  /** A standby, or a fence that somebody has put up. */
  | { readonly kind: "read_only" }
  /** Not within the time; by now it has been cancelled. */
  | { readonly kind: "waits" }
  | { readonly kind: "failed"; readonly error: unknown };

// A message in the write-ahead log that belongs to the transaction: it leaves no row, and logical replication hands it
// on only to those who ask for messages. A read-only transaction may write one, so that is asked for as well.
const readOnlySql = "current_setting('transaction_read_only') AS read_only";
const commitSql = `SELECT ${readOnlySql},
  CASE current_setting('transaction_read_only') WHEN 'off' THEN pg_logical_emit_message(true, 'leadledger', '') END`;
/** No right to call it, or no such function, on a server that only resembles PostgreSQL. */
const notOffered = new Set(["42501", "42883", "0A000"]);

/** One round trip. Never rejects. */
export async function checkCommit(database: Queryable, limitMs: number): Promise<CommitCheck> {
  const asked = await askFor(database, commitSql, limitMs);
  const isOffered = asked.kind !== "failed" || !notOffered.has(sqlState(asked.error) ?? "");
  return isOffered ? asked : askFor(database, `SELECT ${readOnlySql}`, limitMs);
}

async function askFor(database: Queryable, text: string, limitMs: number): Promise<CommitCheck> {
  try {
    const { rows } = await database.query<{ read_only: string }>({ text, query_timeout: limitMs });
    return { kind: rows[0]?.read_only === "off" ? "finished" : "read_only" };
  } catch (error) {
    if (error instanceof CommitInDoubtError || isAnswerOverdue(error)) return { kind: "waits" };
    return { kind: "failed", error };
  }
}
