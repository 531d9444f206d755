// The table runs as people read it: lists, and one run with what still has to happen to it.
import type { LeadSign } from "../../domain/destinations/receipt-words.ts";
import type { RunOutcome, RunStatus } from "../../domain/leads/run.ts";
import type { Queryable } from "../connection/database.ts";
import { signsSql } from "./receipt-sql.ts";
import { entryDecides, entryGivenUp, entryNeedsDecision } from "../attention/entry-state-sql.ts";

export interface Run {
  readonly run_id: string;
  readonly idempotency_key: string;
  readonly source: string;
  readonly received_at: Date;
  readonly status: RunStatus;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly processed_at: Date | null;
  readonly outcome: RunOutcome | null;
  readonly refused: boolean;
  readonly test: boolean;
  /** The earliest automatic attempt of the DLQ entries that decide its state; null: none is planned. */
  readonly next_retry_at: Date | null;
  /** Of these entries: how many are open or retrying. */
  readonly open_entries: number;
  /** One of them is open and has no attempt planned: a person must decide. */
  readonly needs_decision: boolean;
  /** One of them is dead and was not tried again by another entry. */
  readonly given_up: boolean;
  /** Entries open or retrying that do not decide its state: other data under its key, a later replay, made by hand. */
  readonly other_open_entries: number;
  /** Accepted, and a delivery is held: its source is paused. */
  readonly is_held: boolean;
  /** What is to know of its deliveries that arrived. */
  readonly signs: LeadSign[];
}

/** What is selected of runs, from the table or a piece of it. */
export function runColumns(source: string): string {
  return `r.run_id, r.idempotency_key, r.source, r.received_at, r.status, r.error_code, r.error_message,
    r.processed_at, r.outcome, r.refused, r.test, q.next_retry_at, coalesce(q.open_entries, 0) AS open_entries,
    coalesce(q.needs_decision, false) AS needs_decision, coalesce(q.given_up, false) AS given_up,
    (SELECT count(*) FROM public.dlq d WHERE d.run_id = r.run_id AND NOT (${entryDecides}) AND d.status IN ('open', 'retrying'))
      AS other_open_entries,
    r.status = 'accepted' AND EXISTS (SELECT FROM internal.deliveries h WHERE h.run_id = r.run_id AND h.held_reason IS NOT NULL) AS is_held,
    (${signsSql("r.run_id")}) AS signs
  FROM ${source} r LEFT JOIN LATERAL (
    SELECT min(d.next_retry_at) AS next_retry_at,
      count(*) FILTER (WHERE d.status IN ('open', 'retrying')) AS open_entries,
      bool_or(${entryNeedsDecision}) AS needs_decision,
      bool_or(${entryGivenUp}) AS given_up
    FROM public.dlq d WHERE d.run_id = r.run_id AND ${entryDecides}) AS q ON r.status = 'failed'`;
}

/** `runId` must be a UUID. */
export async function findRun(database: Queryable, runId: string): Promise<Run | null> {
  const { rows } = await database.query<Run>(`SELECT ${runColumns("public.runs")} WHERE r.run_id = $1`, [
    runId,
  ]);
  return rows[0] ?? null;
}
