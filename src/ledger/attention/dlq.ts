// The table dlq as people read it: lists, and one entry. What they do to entries is in work-entry.ts.
import type { DlqKind, DlqStatus } from "../../domain/leads/run.ts";
import type { Queryable } from "../connection/database.ts";
import { dlqConditions } from "./dlq-filter.ts";
import type { DlqFilter } from "./dlq-filter.ts";

export type ListedEntry = Omit<DlqEntry, "payload">;

export interface DlqEntry {
  readonly dlq_id: number;
  readonly run_id: string | null;
  readonly reason: string;
  readonly payload: unknown;
  readonly retry_count: number;
  readonly next_retry_at: Date | null;
  readonly status: DlqStatus;
  readonly kind: DlqKind;
  readonly destination: string | null;
  /** Of its run; without a run what the payload says. */
  readonly source: string | null;
  readonly error_code: string | null;
  readonly resolution: string | null;
  readonly note: string | null;
  readonly reopened_from: number | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
}

/** Of an entry in a list: payloads are large. */
export const dlqListColumns = `q.dlq_id, q.run_id, q.reason, q.retry_count, q.next_retry_at, q.status, q.kind,
  q.destination, q.source, q.error_code, q.resolution, q.note, q.reopened_from, q.created_at, q.closed_at`;
export const dlqColumns = `${dlqListColumns}, q.payload`;

/** The newest entries that the filter matches, newest first. */
export async function listDlqEntries(
  database: Queryable,
  filter: DlqFilter,
  limit: number,
): Promise<DlqEntry[]> {
  const { sql, values } = dlqConditions(filter, 2);
  const { rows } = await database.query<DlqEntry>(
    `SELECT ${dlqColumns} FROM public.dlq q WHERE ${sql} ORDER BY dlq_id DESC LIMIT $1`,
    [limit, ...values],
  );
  return rows;
}
