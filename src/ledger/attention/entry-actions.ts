// What people do to DLQ entries, one or many in one statement: deliver again, settle, give up. The caller's transaction
// names the actor; the events come from the database.
import { decideRetry, obstacleToClosing } from "../../domain/attention/entry-actions.ts";
import type { EntryAtHand, EntryObstacle } from "../../domain/attention/entry-actions.ts";
import { changedSinceClosedSql, currentBodySql, newestRevisionSql } from "../intake/current-body-sql.ts";
import type { Queryable } from "../connection/database.ts";

/** What became of one entry. */
export type EntryOutcome =
  | { readonly dlqId: number; readonly kind: "due" | "closed" }
  /** `by`: the new entry that tries it again. */
  | { readonly dlqId: number; readonly kind: "reopened"; readonly by: number }
  | {
      readonly dlqId: number;
      readonly kind: "obstacle";
      readonly obstacle: EntryObstacle;
      /** The entry that is in the way. */
      readonly other: number | null;
    };

/** `skip`: what somebody else has locked at this moment is left alone. */
export type OnLocks = "wait" | "skip_entries" | "skip_all";

export interface RetryTerms {
  /** null: at once. */
  readonly at: Date | null;
  /** null: the entry keeps the note that it has. */
  readonly note: string | null;
}

/** Makes entries due; closed ones are tried again by new entries. */
export async function retryEntries(
  client: Queryable,
  dlqIds: readonly number[],
  terms: RetryTerms,
  onLocks: OnLocks = "wait",
): Promise<EntryOutcome[]> {
  const { entries, missing } = await lockEntries(client, dlqIds, onLocks);
  const due: number[] = [];
  const reopening = new Map<string, EntryAtHand>();
  const outcomes: EntryOutcome[] = [...missing];
  for (const entry of entries) {
    const decision = decideRetry(entry);
    const place = `${entry.run_id}:${entry.destination}`;
    if (decision.kind === "obstacle") outcomes.push(obstacle(entry, decision.obstacle));
    else if (decision.kind === "make_due") due.push(entry.dlq_id);
    // Two closed entries of the same run and destination: one of them is tried again.
    else if (reopening.has(place)) outcomes.push(obstacle(entry, "another_entry_open"));
    else reopening.set(place, entry);
  }
  await makeDue(client, due, terms);
  outcomes.push(...due.map((dlqId): EntryOutcome => ({ dlqId, kind: "due" })));
  outcomes.push(
    ...(await reopen(
      client,
      [...reopening.values()].map(({ dlq_id }) => dlq_id),
      terms,
    )),
  );
  return outcomes;
}

/** Settles entries by a person's decision: `resolved` (done by hand, or discarded), or `dead` (given up). */
export async function closeEntries(
  client: Queryable,
  dlqIds: readonly number[],
  status: "resolved" | "dead",
  note: string | null,
  onLocks: OnLocks = "wait",
): Promise<EntryOutcome[]> {
  const { entries, missing } = await lockEntries(client, dlqIds, onLocks);
  const closing: number[] = [];
  const outcomes: EntryOutcome[] = [...missing];
  for (const entry of entries) {
    const found = obstacleToClosing(entry);
    if (found === null) closing.push(entry.dlq_id);
    else outcomes.push(obstacle(entry, found));
  }
  if (closing.length > 0) {
    await client.query(
      "UPDATE public.dlq SET status = $2, note = coalesce($3, note) WHERE dlq_id = ANY ($1::bigint[])",
      [closing, status, note],
    );
  }
  outcomes.push(...closing.map((dlqId): EntryOutcome => ({ dlqId, kind: "closed" })));
  return outcomes;
}

/** Locks the runs first, in order, as every change of the program does; then reads the entries under their own locks. */
export async function lockEntries(
  client: Queryable,
  dlqIds: readonly number[],
  onLocks: OnLocks,
): Promise<{ entries: EntryAtHand[]; missing: EntryOutcome[] }> {
  const { rows: locked } = await client.query<{ run_id: string }>(
    `SELECT run_id FROM public.runs
     WHERE run_id IN (SELECT run_id FROM public.dlq WHERE dlq_id = ANY ($1::bigint[]))
     ORDER BY run_id FOR NO KEY UPDATE ${onLocks === "skip_all" ? "SKIP LOCKED" : ""}`,
    [dlqIds],
  );
  const { rows: free } = await client.query<{ dlq_id: number }>(
    `SELECT dlq_id FROM public.dlq WHERE dlq_id = ANY ($1::bigint[]) AND (run_id IS NULL OR run_id = ANY ($2::uuid[]))
     ORDER BY dlq_id FOR UPDATE ${onLocks === "wait" ? "" : "SKIP LOCKED"}`,
    [dlqIds, locked.map(({ run_id }) => run_id)],
  );
  const { rows: entries } = await client.query<EntryAtHand>(entryAtHandSql, [
    free.map(({ dlq_id }) => dlq_id),
  ]);
  return { entries, missing: await whatIsMissing(client, dlqIds, entries) };
}

/** Of the entries $1; another client's destination is none for them. Under locks it must be a later statement, so that it sees what was committed meanwhile. */
export const entryAtHandSql = `
  SELECT q.dlq_id, q.run_id, q.kind, q.status, q.resolution, q.error_code, q.destination, n.dlq_id AS reopened_by,
    coalesce(q.payload ? 'body', false) AS has_body,
    CASE WHEN q.destination IS NULL THEN NULL WHEN t.name IS NULL THEN 'removed' WHEN NOT t.sends THEN 'not_sent'
      WHEN t.settings -> 'paused' = 'true' THEN 'paused' ELSE 'usable' END AS destination_state,
    EXISTS (SELECT FROM public.dlq o WHERE o.run_id = q.run_id AND o.destination = q.destination
      AND o.dlq_id <> q.dlq_id AND o.status IN ('open', 'retrying')) AS another_open,
    EXISTS (SELECT FROM internal.deliveries d
      WHERE d.run_id = q.run_id AND d.destination = q.destination) AS delivery_waits
  FROM public.dlq q
    LEFT JOIN internal.destinations t ON t.name = q.destination AND t.enabled
      AND (q.run_id IS NULL OR t.client = internal.client_of_source(q.source))
    LEFT JOIN public.dlq n ON n.reopened_from = q.dlq_id
  WHERE q.dlq_id = ANY ($1::bigint[]) ORDER BY q.dlq_id`;

async function whatIsMissing(
  client: Queryable,
  dlqIds: readonly number[],
  entries: readonly EntryAtHand[],
): Promise<EntryOutcome[]> {
  const found = new Set(entries.map(({ dlq_id }) => dlq_id));
  const missing = dlqIds.filter((id) => !found.has(id));
  if (missing.length === 0) return [];
  const { rows } = await client.query<{ dlq_id: number }>(
    "SELECT dlq_id FROM public.dlq WHERE dlq_id = ANY ($1::bigint[])",
    [missing],
  );
  const locked = new Set(rows.map(({ dlq_id }) => dlq_id));
  return missing.map((dlqId) => ({
    dlqId,
    kind: "obstacle",
    other: null,
    obstacle: locked.has(dlqId) ? "entry_locked" : "dlq_entry_unknown",
  }));
}

async function makeDue(
  client: Queryable,
  dlqIds: readonly number[],
  { at, note }: RetryTerms,
): Promise<void> {
  if (dlqIds.length === 0) return;
  await client.query(
    `UPDATE public.dlq SET next_retry_at = coalesce($2, clock_timestamp()), note = coalesce($3, note)
     WHERE dlq_id = ANY ($1::bigint[])`,
    [dlqIds, at, note],
  );
}

/** The body is the closed entry's, unless the lead was edited or revised since. */
async function reopen(
  client: Queryable,
  dlqIds: readonly number[],
  { at, note }: RetryTerms,
): Promise<EntryOutcome[]> {
  if (dlqIds.length === 0) return [];
  const { rows } = await client.query<{ dlq_id: number; reopened_from: number }>(
    `INSERT INTO public.dlq (run_id, kind, destination, error_code, reason, payload, reopened_from, next_retry_at, note)
     SELECT q.run_id, CASE WHEN q.kind = 'delivery' AND r.status = 'processed' THEN 'replay' ELSE q.kind END,
       q.destination, q.error_code, q.reason,
       CASE WHEN ${changedSinceClosedSql("q")}
         THEN coalesce(q.payload, '{}') || jsonb_strip_nulls(jsonb_build_object('revision', ${newestRevisionSql("q.run_id")}))
           || jsonb_build_object('body', ${currentBodySql("q.run_id")}) ELSE q.payload END,
       q.dlq_id, coalesce($2, clock_timestamp()), $3
     FROM public.dlq q JOIN public.runs r USING (run_id) WHERE q.dlq_id = ANY ($1::bigint[])
     ORDER BY q.run_id, q.dlq_id
     RETURNING dlq_id, reopened_from`,
    [dlqIds, at, note],
  );
  return rows.map(({ dlq_id, reopened_from }) => ({ dlqId: reopened_from, kind: "reopened", by: dlq_id }));
}

function obstacle(entry: EntryAtHand, found: EntryObstacle): EntryOutcome {
  const { dlq_id: dlqId, reopened_by } = entry;
  return {
    dlqId,
    kind: "obstacle",
    obstacle: found,
    other: found === "entry_reopened_already" ? reopened_by : null,
  };
}
