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

export interface StandbyState {
  /** `synchronous_standby_names`; empty: commits wait for nobody. */
  readonly names: string;
  /** Standbys that are connected and may confirm commits. */
  readonly connected: number;
}

/** Of others' connections a role without pg_monitor sees only that they are there. */
export async function readStandbyState(database: Queryable): Promise<StandbyState> {
  const { rows } = await database.query<StandbyState>(
    `SELECT current_setting('synchronous_standby_names') AS names,
       (SELECT count(*)::int FROM pg_catalog.pg_stat_replication) AS connected`,
  );
  return rows[0] ?? { names: "", connected: 0 };
}

/** For who cannot begin without: a first start, a migration. */
const demandedWithinMs = 5_000;

/** Leads could not be taken into this database now, and whatever is changed in it would wait as long. */
export class CommitsHangError extends Error {
  readonly code = "database_commits_hang";

  constructor({ names, connected }: StandbyState) {
    super(
      `The database did not finish a commit within ${demandedWithinMs / 1_000} s` +
        (names === ""
          ? ". "
          : `: it waits for a standby (synchronous_standby_names = ${names}; standbys connected: ${connected}). `) +
        "Bring the standby back, or take it out of synchronous_standby_names.",
    );
  }
}

/** Throws CommitsHangError where a commit is not finished; what else is wrong comes to light by itself. */
export async function demandCommit(database: Queryable): Promise<void> {
  const { kind } = await checkCommit(database, demandedWithinMs);
  if (kind === "waits") throw new CommitsHangError(await readStandbyState(database));
}
