// The table dlq as people work with it: lists, one entry, and what a person may do with it.
import type { DlqKind, DlqStatus } from "../domain/run.ts";
import type { Actor, Database, Queryable } from "./database.ts";
import { transaction } from "./database.ts";
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

export async function findDlqEntry(database: Queryable, dlqId: number): Promise<DlqEntry | null> {
  const { rows } = await database.query<DlqEntry>(
    `SELECT ${dlqColumns} FROM public.dlq q WHERE dlq_id = $1`,
    [dlqId],
  );
  return rows[0] ?? null;
}

export type RetryResult =
  /** It is due now: `dlqId` is the entry itself, or the new one that tries a closed one again. */
  | { readonly kind: "due"; readonly dlqId: number }
  | { readonly kind: "not_found" }
  | { readonly kind: "already_retrying" }
  /** Nothing to send anywhere: a refused or conflicting payload, or an entry without run or destination. */
  | { readonly kind: "not_deliverable" }
  /** It was tried again before, by that entry. */
  | { readonly kind: "reopened_already"; readonly by: number };

/** Makes an entry due now; a closed one is tried again by a new entry. */
export function retryDlqEntry(
  database: Database,
  actor: Actor,
  dlqId: number,
  note: string | null,
): Promise<RetryResult> {
  return transaction(database, actor, async (client) => {
    const entry = await lockEntry(client, dlqId);
    if (entry === null) return { kind: "not_found" };
    if (entry.destination === null || entry.run_id === null) return { kind: "not_deliverable" };
    switch (entry.status) {
      case "retrying":
        return { kind: "already_retrying" };
      case "open":
        await client.query(
          "UPDATE public.dlq SET next_retry_at = clock_timestamp(), note = coalesce($2, note) WHERE dlq_id = $1",
          [dlqId, note],
        );
        return { kind: "due", dlqId };
      case "resolved":
      case "dead":
        return reopen(client, dlqId, note);
    }
  });
}

export type CloseResult =
  | { readonly kind: "closed" }
  | { readonly kind: "not_found" }
  | { readonly kind: "closed_already"; readonly status: DlqStatus };

/** Settles an entry by a person's decision: `resolved` (done by hand, or discarded), or `dead` (given up). */
export function closeDlqEntry(
  database: Database,
  actor: Actor,
  dlqId: number,
  status: "resolved" | "dead",
  note: string | null,
): Promise<CloseResult> {
  return transaction(database, actor, async (client) => {
    const entry = await lockEntry(client, dlqId);
    if (entry === null) return { kind: "not_found" };
    if (entry.status === "resolved" || entry.status === "dead")
      return { kind: "closed_already", status: entry.status };
    await client.query("UPDATE public.dlq SET status = $2, note = coalesce($3, note) WHERE dlq_id = $1", [
      dlqId,
      status,
      note,
    ]);
    return { kind: "closed" };
  });
}

/** Locks the run first, as every change of the program does, then reads the entry. */
async function lockEntry(client: Queryable, dlqId: number): Promise<DlqEntry | null> {
  await client.query(
    "SELECT 1 FROM public.runs WHERE run_id = (SELECT run_id FROM public.dlq WHERE dlq_id = $1) FOR NO KEY UPDATE",
    [dlqId],
  );
  const { rows } = await client.query<DlqEntry>(
    `SELECT ${dlqColumns} FROM public.dlq q WHERE dlq_id = $1 FOR UPDATE`,
    [dlqId],
  );
  return rows[0] ?? null;
}

async function reopen(client: Queryable, dlqId: number, note: string | null): Promise<RetryResult> {
  const { rows: earlier } = await client.query<{ dlq_id: number }>(
    "SELECT dlq_id FROM public.dlq WHERE reopened_from = $1",
    [dlqId],
  );
  if (earlier[0] !== undefined) return { kind: "reopened_already", by: earlier[0].dlq_id };
  const { rows } = await client.query<{ dlq_id: number }>(
    `INSERT INTO public.dlq (run_id, kind, destination, error_code, reason, payload, reopened_from, next_retry_at, note)
     SELECT q.run_id, CASE WHEN q.kind = 'delivery' AND r.status = 'processed' THEN 'replay' ELSE q.kind END,
       q.destination, q.error_code, q.reason, q.payload, q.dlq_id, clock_timestamp(), $2
     FROM public.dlq q JOIN public.runs r USING (run_id) WHERE q.dlq_id = $1
     RETURNING dlq_id`,
    [dlqId, note],
  );
  return { kind: "due", dlqId: rows[0]?.dlq_id ?? dlqId };
}
