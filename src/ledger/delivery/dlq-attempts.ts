// Attempts from the DLQ: due entries are claimed under a lease, settled under a fence (retry_count), and come back
// when the node that had them is gone.
import type { Database, Queryable } from "../connection/database.ts";
import { withDeadlockRetry } from "../connection/database.ts";
import type { LeaseHolder } from "./deliveries.ts";
import { heldLeases, milliseconds, unsettledCode } from "./deliveries.ts";
import { markedSql } from "../intake/earlier-lead-sql.ts";
import type { EarlierLead } from "../../domain/leads/same-person.ts";
import { currentBodySql } from "../intake/current-body-sql.ts";
import { eventTypeSql } from "../log/event-sql.ts";
import { perhapsArrivedCodesSql, perhapsArrivedSql } from "./delivery-sql.ts";

/** An entry that this node alone may attempt until its lease ends. */
export interface ClaimedEntry {
  readonly dlqId: number;
  readonly runId: string;
  readonly destination: string;
  /** Which attempt from the DLQ this is, from 1; also the fence. */
  readonly retryCount: number;
  /** An earlier attempt at it may have arrived. */
  readonly mayHaveArrived: boolean;
  /** Steps of the schedule that these have not used up. */
  readonly waits: number;
  readonly source: string;
  readonly receivedAt: Date;
  readonly test: boolean;
  /** Which revision of the lead it is; null: the lead as it came first. */
  readonly revision: number | null;
  /** JSON text of the lead: the entry's own (a person may have edited it), otherwise the run's. */
  readonly leadJson: string | null;
  /** Of the same person, where its source marks that. */
  readonly samePerson: EarlierLead | null;
}

export interface EntryAttempt {
  readonly dlqId: number;
  readonly runId: string;
  readonly retryCount: number;
}

export interface SettledEntry extends EntryAttempt {
  /** JSON text: the event's payload; null: the database refuses the event, and an end without it is better than none. */
  readonly event: string | null;
  /** As of `SettledAttempt`. */
  readonly hasReceipt?: boolean;
  readonly end: EntryEnd;
}

export type EntryEnd =
  /** `skipped`: nothing was sent, because the destination does not want this lead. */
  | { readonly status: "resolved"; readonly skipped?: true }
  | {
      readonly status: "open";
      /** null: as they were before. */
      readonly errorCode: string | null;
      readonly reason: string | null;
      /** null: waits for a person. */
      readonly nextRetryDelayMs: number | null;
      /** The destination asked to be left alone: no step of the schedule is used up. */
      readonly waits?: boolean;
    }
  | { readonly status: "dead"; readonly errorCode: string; readonly reason: string };

interface ClaimedRow {
  same_person: EarlierLead | null;
  dlq_id: number;
  run_id: string;
  destination: string;
  retry_count: number;
  may_have_arrived: boolean;
  waits: number;
  source: string;
  received_at: Date;
  test: boolean;
  revision: number | null;
  body: string | null;
}

/**
 * Leases up to `limit` due entries of a destination to the node, the longest due first, but not those in `except`; they
 * become `retrying`. Waits for whoever has locked one of their runs.
 */
export async function claimDueEntries(
  database: Queryable,
  destination: string,
  limit: number,
  holder: LeaseHolder,
  except: readonly number[] = [],
): Promise<ClaimedEntry[]> {
  const { rows } = await withDeadlockRetry(() =>
    database.query<ClaimedRow>({
      name: "claim-due-entries",
      text: claimSql(`${firstDueSql} ${entryFreeSql}`),
      values: [destination, except, limit, holder.node, milliseconds(holder.leaseMs)],
    }),
  );
  return rows.map(claimedEntry);
}

/** The entries that `claimDueEntries` would lease. */
export async function findDueEntries(
  database: Queryable,
  destination: string,
  limit: number,
  except: readonly number[],
): Promise<number[]> {
  const { rows } = await database.query<{ dlq_id: number }>(firstDueSql, [destination, except, limit]);
  return rows.map((row) => row.dlq_id);
}

/** Leases these entries, as far as they are due still and nobody has locked them or their runs. */
export async function claimTheseEntries(
  database: Queryable,
  destination: string,
  dlqIds: readonly number[],
  holder: LeaseHolder,
): Promise<ClaimedEntry[]> {
  const { rows } = await withDeadlockRetry(() =>
    database.query<ClaimedRow>(
      claimSql(`${dueSql} AND q.dlq_id = ANY ($2::bigint[]) LIMIT $3 ${entryAndRunFreeSql}`),
      [destination, dlqIds, dlqIds.length, holder.node, milliseconds(holder.leaseMs)],
    ),
  );
  return rows.map(claimedEntry);
}

/** An entry that the database refuses to lease waits for a person, who reads `reason`; nothing if it is not open. */
export async function giveUpEntry(database: Queryable, dlqId: number, reason: string): Promise<void> {
  await withDeadlockRetry(() =>
    database.query(
      `WITH the_run AS MATERIALIZED (
         SELECT r.run_id FROM set_config('leadledger.actor', 'delivery', true) AS actor, public.runs r
         WHERE r.run_id = (SELECT run_id FROM public.dlq WHERE dlq_id = $1) AND actor <> '' FOR NO KEY UPDATE OF r)
       UPDATE public.dlq q SET next_retry_at = NULL, error_code = '${unsettledCode}', reason = $2
       FROM the_run WHERE q.dlq_id = $1 AND q.status = 'open'`,
      [dlqId, reason],
    ),
  );
}

// $1 destination, $2 entries to leave alone (or to look at), $3 how many.
const dueSql = `
  SELECT q.dlq_id FROM public.dlq q JOIN public.runs r USING (run_id)
  WHERE q.destination = $1 AND q.status = 'open' AND q.next_retry_at <= statement_timestamp()`;
const firstDueSql = `${dueSql} AND q.dlq_id <> ALL ($2::bigint[]) ORDER BY q.next_retry_at LIMIT $3`;

const entryFreeSql = "FOR UPDATE OF q SKIP LOCKED";
// The change of state needs the run's lock as well. That is not skipped as long as all is well: several destinations
// have entries of the same run, and each of them would be put off because another is taken at that moment.
const entryAndRunFreeSql = "FOR UPDATE OF q SKIP LOCKED FOR NO KEY UPDATE OF r SKIP LOCKED";

/** `dueEntriesSql` (with $1 to $3) locks and names what is leased to node $4 for the interval $5. */
function claimSql(dueEntriesSql: string): string {
  return `
    WITH due AS MATERIALIZED (${dueEntriesSql}),
    mine AS MATERIALIZED (
      SELECT dlq_id FROM set_config('leadledger.actor', 'delivery', true) AS actor, due WHERE actor <> '')
    UPDATE public.dlq q
    SET status = 'retrying', leased_by = $4, lease_until = clock_timestamp() + $5::interval
    FROM mine, public.runs r
    WHERE q.dlq_id = mine.dlq_id AND r.run_id = q.run_id
    RETURNING q.dlq_id, q.run_id, q.destination, q.retry_count, r.source, r.received_at, r.test,
      coalesce((SELECT w.steps FROM internal.entry_waits w WHERE w.dlq_id = q.dlq_id), 0) AS waits,
      (q.payload ->> 'revision')::integer AS revision, ${mayHaveArrivedSql} AS may_have_arrived,
      coalesce(q.payload -> 'body', ${currentBodySql("q.run_id")})::text AS body, ${markedSql("r")} AS same_person`;
}

// How often an entry was recovered before: nobody else reschedules as `system`.
const recoveriesSql = `
  SELECT count(*) FROM public.audit_events e
  WHERE e.run_id = q.run_id AND e.event_type = ${eventTypeSql("dlq_rescheduled")} AND e.actor = 'system'
    AND e.payload ->> 'dlq_id' = q.dlq_id::text`;

/** Of an entry `q`: what its code says needs no look at the events; a lost attempt was recovered by the system. */
const mayHaveArrivedSql = `coalesce(q.error_code = ANY (${perhapsArrivedCodesSql}), false)
  OR ${perhapsArrivedSql("q.run_id", "q.destination", "(q.payload ->> 'revision')")}
  OR q.retry_count > 1 AND (${recoveriesSql}) > 0`;

function claimedEntry(row: ClaimedRow): ClaimedEntry {
  return {
    dlqId: row.dlq_id,
    runId: row.run_id,
    destination: row.destination,
    retryCount: row.retry_count,
    mayHaveArrived: row.may_have_arrived,
    waits: row.waits,
    source: row.source,
    receivedAt: row.received_at,
    test: row.test,
    revision: row.revision,
    leadJson: row.body,
    samePerson: row.same_person,
  };
}

/** Writes how attempts ended. Returns how many of the outcomes counted. */
export async function settleEntries(
  database: Database,
  entries: readonly SettledEntry[],
  node: string,
): Promise<number> {
  const { rows } = await withDeadlockRetry(() =>
    database.query<{ settled: number }>({
      name: "settle-entries",
      text: "SELECT internal.ledger_settle_entries($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS settled",
      values: [
        entries.map(({ dlqId }) => dlqId),
        entries.map(({ runId }) => runId),
        entries.map(({ retryCount }) => retryCount),
        entries.map(({ event }) => event),
        entries.map(({ end }) => end.status),
        entries.map(({ end }) => (end.status === "resolved" ? null : end.errorCode)),
        entries.map(({ end }) => (end.status === "resolved" ? null : end.reason)),
        entries.map(({ end }) => (end.status === "open" ? end.nextRetryDelayMs : null)),
        node,
        entries.map(({ end }) => end.status === "open" && end.waits === true),
        entries.map(({ end }) => end.status === "resolved" && end.skipped === true),
        entries.some(({ hasReceipt }) => hasReceipt === true),
      ],
    }),
  );
  return rows[0]?.settled ?? 0;
}

/**
 * Extends the leases. Tells of each entry that is still held whether its lease was: one that somebody has locked is left
 * as it is, because waiting for it would cost the others theirs.
 */
export async function renewEntryLeases(
  database: Queryable,
  entries: readonly EntryAttempt[],
  holder: LeaseHolder,
): Promise<Map<number, boolean>> {
  const { rows } = await database.query<{ dlq_id: number; extended: boolean }>({
    name: "renew-entry-leases",
    // OFFSET keeps the planner from reading all that is at work once for every element of the arrays.
    text: `
      WITH held AS MATERIALIZED (
        SELECT q.dlq_id, q.retry_count FROM unnest($1::bigint[], $2::int[]) AS t (dlq_id, retry_count),
          LATERAL (SELECT * FROM public.dlq q WHERE q.dlq_id = t.dlq_id OFFSET 0) AS q
        WHERE q.retry_count = t.retry_count AND q.status = 'retrying' AND q.leased_by = $3),
      unlocked AS MATERIALIZED (
        SELECT q.dlq_id FROM held h JOIN public.dlq q ON q.dlq_id = h.dlq_id AND q.retry_count = h.retry_count
          AND q.status = 'retrying' AND q.leased_by = $3
        FOR UPDATE OF q SKIP LOCKED),
      extended AS (
        UPDATE public.dlq q SET lease_until = clock_timestamp() + $4::interval
        FROM unlocked u WHERE q.dlq_id = u.dlq_id
        RETURNING q.dlq_id)
      SELECT dlq_id, true AS extended FROM extended
      UNION ALL SELECT dlq_id, false FROM held
      WHERE (SELECT count(*) FROM held) > (SELECT count(*) FROM unlocked)`,
    values: [
      entries.map(({ dlqId }) => dlqId),
      entries.map(({ retryCount }) => retryCount),
      holder.node,
      milliseconds(holder.leaseMs),
    ],
  });
  return heldLeases(rows.map((row) => [row.dlq_id, row.extended]));
}

/** Gives entries back unused: they are open and due at once. */
export async function releaseEntries(
  database: Queryable,
  entries: readonly EntryAttempt[],
  node: string,
): Promise<void> {
  // A node that stops in order is no sign of trouble, so this is not told as the recoveries below are. The attempt was
  // not made, so it uses up no step of the schedule.
  await returnToOpen(
    database,
    "release-entries",
    "delivery",
    `q.leased_by = $1 AND (q.dlq_id, q.retry_count) IN (SELECT * FROM unnest($2::bigint[], $3::int[])) ${entryFreeSql}`,
    [node, entries.map(({ dlqId }) => dlqId), entries.map(({ retryCount }) => retryCount)],
  );
}

/**
 * Returns entries whose node is gone to `open`, due at once, but not those in `except`; a worker of the user's own has no
 * lease and is left alone. An entry whose attempts end again and again without an outcome waits for a person: it is not
 * sent for ever. Returns how many.
 */
export async function recoverExpiredEntries(
  database: Queryable,
  except: readonly number[] = [],
): Promise<number> {
  return returnToOpen(
    database,
    "recover-expired-entries",
    "system",
    `${expiredSql} AND q.dlq_id <> ALL ($1::bigint[]) ${entryFreeSql}`,
    [except],
  );
}

/** The entries that `recoverExpiredEntries` would return to `open`. */
export async function findExpiredEntries(
  database: Queryable,
  limit: number,
  except: readonly number[],
): Promise<number[]> {
  const { rows } = await database.query<{ dlq_id: number }>(
    `SELECT q.dlq_id FROM public.dlq q
     WHERE q.status = 'retrying' AND ${expiredSql} AND q.dlq_id <> ALL ($1::bigint[]) ORDER BY q.lease_until LIMIT $2`,
    [except, limit],
  );
  return rows.map((row) => row.dlq_id);
}

/** The same for these alone, as far as nobody has locked them or their runs. Returns how many. */
export async function recoverTheseEntries(database: Queryable, dlqIds: readonly number[]): Promise<number> {
  return returnToOpen(
    database,
    "recover-these-entries",
    "system",
    `${expiredSql} AND q.dlq_id = ANY ($1::bigint[]) ${entryAndRunFreeSql}`,
    [dlqIds],
  );
}

/** SQL: these entries have waited and used up no step of their schedule. */
export function noteWaitsSql(entriesSql: string): string {
  return `INSERT INTO internal.entry_waits AS w (dlq_id, steps) SELECT dlq_id, 1 FROM (${entriesSql}) AS waited
    ON CONFLICT (dlq_id) DO UPDATE SET steps = w.steps + 1`;
}

const expiredSql = "q.lease_until < statement_timestamp()";

/** Attempts of one entry that may end without an outcome, because a node died for example. */
export const lostAttemptsMax = 5;

const unsettledReason =
  "attempts ended without an outcome that could be written down; the destination may have this lead";

async function returnToOpen(
  database: Queryable,
  name: string,
  actor: "delivery" | "system",
  which: string,
  values: unknown[],
): Promise<number> {
  const { rowCount } = await withDeadlockRetry(() =>
    database.query({
      name,
      text: `WITH returned AS MATERIALIZED (
         SELECT q.dlq_id FROM set_config('leadledger.actor', '${actor}', true) AS actor,
           public.dlq q JOIN public.runs r USING (run_id)
         WHERE q.status = 'retrying' AND q.lease_until IS NOT NULL AND actor <> '' AND ${which}),
       counted AS MATERIALIZED (
         SELECT q.dlq_id, ${actor === "system" ? `(${recoveriesSql}) >= ${lostAttemptsMax}` : "false"} AS too_often
         FROM public.dlq q JOIN returned USING (dlq_id)),
       waited AS (${noteWaitsSql(actor === "delivery" ? "SELECT dlq_id FROM counted" : "SELECT dlq_id FROM counted WHERE false")})
       UPDATE public.dlq q
       SET status = 'open',
         next_retry_at = CASE WHEN NOT too_often THEN clock_timestamp() END,
         error_code = CASE WHEN too_often THEN '${unsettledCode}' ELSE q.error_code END,
         reason = CASE WHEN too_often THEN '${unsettledReason}' ELSE q.reason END
       FROM counted WHERE q.dlq_id = counted.dlq_id`,
      values,
    }),
  );
  return rowCount ?? 0;
}
