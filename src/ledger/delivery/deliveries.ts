// The table deliveries: claimed under a lease, settled under a fence. An outcome counts only for the newest attempt,
// and only from the node that holds it; what happened is derived from what the fenced change returned.
import type { Database, Queryable } from "../connection/database.ts";
import { longAnswerTimeoutMs, withDeadlockRetry } from "../connection/database.ts";
import { textArray, uuidArray } from "../connection/binary-arrays.ts";
import { deliveredBodySql } from "../intake/current-body-sql.ts";
import { markedSql } from "../intake/earlier-lead-sql.ts";
import {
  countFailedSql,
  countSkippedSql,
  entryKindSql,
  entryPayloadSql,
  fencedDeliveriesSql,
  perhapsArrivedSql,
  returningToldSql,
} from "./delivery-sql.ts";
import type { EarlierLead } from "../../domain/leads/same-person.ts";
import { eventTypeSql, payloadSql } from "../log/event-sql.ts";

export interface LeaseHolder {
  readonly node: string;
  readonly leaseMs: number;
}

/** A delivery that this node alone may attempt until its lease ends. */
export interface ClaimedDelivery {
  readonly runId: string;
  readonly destination: string;
  /** Which attempt this is, from 1; also the fence. */
  readonly attempt: number;
  /** An earlier attempt at it may have arrived. */
  readonly mayHaveArrived: boolean;
  readonly source: string;
  readonly receivedAt: Date;
  readonly test: boolean;
  /** Which revision of the lead it is; null: the lead as it came first. */
  readonly revision: number | null;
  /** JSON text of the lead, exact; null when the run has no body (it was made by hand). */
  readonly leadJson: string | null;
  /** Of the same person, where its source marks that. */
  readonly samePerson: EarlierLead | null;
}

/** Names an attempt of the fast lane. */
export interface DeliveryAttempt {
  readonly runId: string;
  readonly destination: string;
  readonly attempt: number;
}

export interface SettledAttempt extends DeliveryAttempt {
  /** JSON text: the event's payload. */
  readonly event: string;
  /** Of one that arrived: the event says more of it, which is kept in `internal.receipts`, too. */
  readonly hasReceipt?: boolean;
}

export interface FailedAttempt extends SettledAttempt {
  readonly delayMs: number;
  /** false: we ended the attempt ourselves, so it takes no step of the schedule away. */
  readonly counts: boolean;
}

export interface MovedAttempt extends DeliveryAttempt {
  /** JSON text: the event's payload; null: the database refuses the event, and an entry without it is better than none. */
  readonly event: string | null;
  readonly errorCode: string;
  readonly reason: string;
  /** null: waits for a person. */
  readonly nextRetryDelayMs: number | null;
}

/** What became of it could not be written down: a person looks before it is sent once more. */
export const unsettledCode = "delivery_unsettled";

const removedCode = "destination_removed";
const removedReason =
  "the destination was removed from the configuration before this lead was delivered to it";

const nobodySendsItSql = "(leased_by IS NULL OR due_at <= statement_timestamp())";

interface ClaimedRow {
  run_id: string;
  destination: string;
  attempt: number;
  may_have_arrived: boolean;
  source: string;
  received_at: Date;
  test: boolean;
  revision: number | null;
  body: string | null;
  same_person: EarlierLead | null;
}

/** Leases up to `limit` due deliveries of a destination to the node, the longest due first; not those of the runs in `except`. */
export async function claimDeliveries(
  database: Queryable,
  destination: string,
  limit: number,
  holder: LeaseHolder,
  except: readonly string[] = [],
): Promise<ClaimedDelivery[]> {
  const { rows } = await database.query<ClaimedRow>({
    name: "claim-deliveries",
    text: claimSql(`${firstDueSql} FOR UPDATE SKIP LOCKED`),
    values: [destination, except, limit, holder.node, milliseconds(holder.leaseMs)],
  });
  return rows.map(claimedDelivery);
}

/** The runs whose deliveries `claimDeliveries` would lease. */
export async function findDueDeliveries(
  database: Queryable,
  destination: string,
  limit: number,
  except: readonly string[],
): Promise<string[]> {
  const { rows } = await database.query<{ run_id: string }>(firstDueSql, [destination, except, limit]);
  return rows.map((row) => row.run_id);
}

/** Leases the deliveries of these runs, as far as they are due still. */
export async function claimTheseDeliveries(
  database: Queryable,
  destination: string,
  runIds: readonly string[],
  holder: LeaseHolder,
): Promise<ClaimedDelivery[]> {
  const { rows } = await database.query<ClaimedRow>(
    claimSql(`
      SELECT run_id, destination FROM internal.deliveries
      WHERE destination = $1 AND due_at <= statement_timestamp() AND run_id = ANY ($2::uuid[])
      LIMIT $3 FOR UPDATE SKIP LOCKED`),
    [destination, runIds, runIds.length, holder.node, milliseconds(holder.leaseMs)],
  );
  return rows.map(claimedDelivery);
}

/**
 * Extends the leases. Tells of each that is still held, as `{run_id}:{destination}`, whether it was: one that somebody
 * has locked is left as it is, because waiting for it would cost the others theirs.
 */
export async function renewDeliveryLeases(
  database: Queryable,
  attempts: readonly DeliveryAttempt[],
  holder: LeaseHolder,
): Promise<Map<string, boolean>> {
  const { rows } = await database.query<{ run_id: string; destination: string; extended: boolean }>({
    name: "renew-delivery-leases",
    // OFFSET keeps the planner from reading all that is leased once for every element of the arrays.
    text: `
      WITH held AS MATERIALIZED (
        SELECT d.run_id, d.destination, d.attempt
        FROM unnest($1::uuid[], $2::text[], $3::int[]) AS t (run_id, destination, attempt),
          LATERAL (SELECT * FROM internal.deliveries d
                   WHERE d.run_id = t.run_id AND d.destination = t.destination OFFSET 0) AS d
        WHERE d.attempt = t.attempt AND d.leased_by = $4),
      unlocked AS MATERIALIZED (
        SELECT d.run_id, d.destination FROM held h JOIN internal.deliveries d ON d.run_id = h.run_id
          AND d.destination = h.destination AND d.attempt = h.attempt AND d.leased_by = $4
        FOR UPDATE OF d SKIP LOCKED),
      extended AS (
        UPDATE internal.deliveries d SET due_at = clock_timestamp() + $5::interval
        FROM unlocked u WHERE d.run_id = u.run_id AND d.destination = u.destination
        RETURNING d.run_id, d.destination)
      SELECT run_id, destination, true AS extended FROM extended
      UNION ALL SELECT run_id, destination, false FROM held
      WHERE (SELECT count(*) FROM held) > (SELECT count(*) FROM unlocked)`,
    values: [...columns(attempts), holder.node, milliseconds(holder.leaseMs)],
  });
  return heldLeases(
    rows.map(({ run_id: runId, destination, extended }) => [`${runId}:${destination}`, extended]),
  );
}

/**
 * Gives leases back unused: anyone may take these deliveries at once. The attempts were not made, so they do not
 * count: a restart must not cost a lead its retries. The fence holds without the number, as nobody holds the lease.
 */
export async function releaseDeliveries(
  database: Queryable,
  attempts: readonly DeliveryAttempt[],
  node: string,
): Promise<void> {
  await withDeadlockRetry(() =>
    database.query({
      name: "release-deliveries",
      text: `
        UPDATE internal.deliveries d SET due_at = clock_timestamp(), leased_by = NULL, attempt = d.attempt - 1
        FROM unnest($1::uuid[], $2::text[], $3::int[]) AS t (run_id, destination, attempt)
        WHERE d.run_id = t.run_id AND d.destination = t.destination AND d.attempt = t.attempt AND d.leased_by = $4`,
      values: [...columns(attempts), node],
    }),
  );
}

/** They arrived: the deliveries end, and so may their runs. Returns how many of the outcomes counted. */
export function settleDelivered(
  database: Database,
  attempts: readonly SettledAttempt[],
  node: string,
): Promise<number> {
  const haveReceipts = attempts.some(({ hasReceipt }) => hasReceipt === true);
  return settle(database, {
    name: haveReceipts ? "settle-with-receipts" : "settle-delivered",
    text: haveReceipts ? withReceipts(settleDeliveredSql) : settleDeliveredSql,
    values: [
      uuidArray(attempts.map(({ runId }) => runId)),
      textArray(attempts.map(({ destination }) => destination)),
      attempts.map(({ attempt }) => attempt),
      textArray(attempts.map(({ event }) => event)),
      node,
    ],
  });
}

const settleDeliveredSql = "SELECT internal.ledger_settle_delivered($1, $2, $3, $4, $5) AS settled";

/** Only where the number is known: the events are there by then. */
function withReceipts(settleSql: string): string {
  return `SELECT settled, CASE WHEN settled >= 0 THEN internal.ledger_keep_receipts($1, $4) END
    FROM (${settleSql} OFFSET 0) AS told`;
}

/** They failed, or were cut off by us, and are tried again in the fast lane. Returns how many of the outcomes counted. */
export function settleForFastRetry(
  database: Database,
  attempts: readonly FailedAttempt[],
  node: string,
): Promise<number> {
  return settle(database, {
    name: "settle-for-fast-retry",
    text: `
      WITH ${fencedDeliveriesSql},
      told AS (
        INSERT INTO public.audit_events (run_id, event_type, actor, payload)
        SELECT run_id, ${eventTypeSql("delivery_failed")}, actor, event FROM fenced ORDER BY run_id
        ${returningToldSql}),
      counted AS (${countFailedSql("SELECT * FROM told")}),
      later AS (
        UPDATE internal.deliveries d
        SET leased_by = NULL, due_at = clock_timestamp() + ($6::float8[])[f.place] * interval '1 millisecond',
          attempt = d.attempt - CASE WHEN ($7::boolean[])[f.place] THEN 0 ELSE 1 END,
          handed_back = d.handed_back OR NOT ($7::boolean[])[f.place]
        FROM fenced f
        WHERE d.run_id = f.run_id AND d.destination = f.destination)
      SELECT count(*)::int AS settled FROM fenced`,
    values: [
      ...columns(attempts),
      attempts.map(({ event }) => event),
      node,
      attempts.map(({ delayMs }) => delayMs),
      attempts.map(({ counts }) => counts),
    ],
  });
}

/**
 * The destination does not want these leads: the deliveries end as if it had never been asked. Where no other one got the
 * lead, its run is processed without a destination (`ledger_decide`). Returns how many of them counted.
 */
export function settleSkipped(
  database: Database,
  attempts: readonly SettledAttempt[],
  node: string,
): Promise<number> {
  return settle(database, {
    name: "settle-skipped",
    text: `
      WITH ${fencedDeliveriesSql},
      told AS (
        INSERT INTO public.audit_events (run_id, event_type, actor, payload)
        SELECT f.run_id, ${eventTypeSql("delivery_skipped")}, f.actor, f.event
        FROM fenced f, set_config('leadledger.skipping', 'on', true) AS skipping WHERE skipping <> ''
        ORDER BY f.run_id),
      counted AS (${countSkippedSql("SELECT run_id, destination FROM fenced")}),
      ended AS (
        DELETE FROM internal.deliveries d USING fenced f
        WHERE d.run_id = f.run_id AND d.destination = f.destination)
      SELECT count(*)::int AS settled FROM fenced`,
    values: [...columns(attempts), attempts.map(({ event }) => event), node],
  });
}

/** They failed and move to the DLQ. Returns how many of the outcomes counted. */
export function settleToDlq(
  database: Database,
  attempts: readonly MovedAttempt[],
  node: string,
): Promise<number> {
  return settle(database, {
    name: "settle-to-dlq",
    text: `
      WITH ${fencedDeliveriesSql},
      told AS (
        INSERT INTO public.audit_events (run_id, event_type, actor, payload)
        SELECT run_id, ${eventTypeSql("delivery_failed")}, actor, event FROM fenced WHERE event IS NOT NULL ORDER BY run_id
        ${returningToldSql}),
      counted AS (${countFailedSql("SELECT * FROM told")}),
      moved AS (
        -- the delivery itself goes with the entry's trigger: it lives in one place
        INSERT INTO public.dlq (run_id, kind, destination, error_code, reason, payload, next_retry_at)
        SELECT f.run_id, ${entryKindSql("f", "r")}, f.destination,
          ($6::text[])[f.place], ($7::text[])[f.place],
          ${entryPayloadSql("f", "r.source")},
          clock_timestamp() + ($8::float8[])[f.place] * interval '1 millisecond'
        FROM fenced f JOIN public.runs r USING (run_id)
        ORDER BY f.run_id)
      SELECT count(*)::int AS settled FROM fenced`,
    values: [
      ...columns(attempts),
      attempts.map(({ event }) => event),
      node,
      attempts.map(({ errorCode }) => errorCode),
      attempts.map(({ reason }) => reason),
      attempts.map(({ nextRetryDelayMs }) => nextRetryDelayMs),
    ],
  });
}

/**
 * Moves what still waits for a destination that is gone to the DLQ, where a person decides; entries of it that would
 * heal themselves wait for that person too. What a node is sending at this moment is left to it, because it may well
 * arrive: its lease ends soon, and this is called again. Does nothing when the destination is back. Returns how many
 * deliveries were moved.
 */
export async function moveRemovedToDlq(client: Queryable, destination: string): Promise<number> {
  const { rowCount: removed } = await client.query(
    "SELECT FROM internal.destinations WHERE name = $1 AND NOT enabled FOR SHARE",
    [destination],
  );
  if (removed === 0) return 0;
  const { rowCount } = await client.query({
    query_timeout: longAnswerTimeoutMs,
    text: `WITH waiting AS MATERIALIZED (
       SELECT r.run_id, r.source, r.status FROM public.runs r
       WHERE r.run_id IN (SELECT run_id FROM internal.deliveries WHERE destination = $1 AND ${nobodySendsItSql})
       ORDER BY r.run_id FOR NO KEY UPDATE),
     -- Locked too, so that it is looked at anew: it may have arrived, or gone to the DLQ, while the run was waited for.
     moved AS MATERIALIZED (
       SELECT w.run_id, w.source, w.status, d.revision, d.replay FROM waiting w
         JOIN internal.deliveries d ON d.run_id = w.run_id AND d.destination = $1 AND ${nobodySendsItSql}
       FOR UPDATE OF d)
     INSERT INTO public.dlq (run_id, kind, destination, error_code, reason, payload)
     SELECT m.run_id, ${entryKindSql("m", "m")}, $1, '${removedCode}', '${removedReason}', ${entryPayloadSql("m", "m.source")}
     FROM moved m ORDER BY m.run_id`,
    values: [destination],
  });
  await client.query({
    query_timeout: longAnswerTimeoutMs,
    text: `UPDATE public.dlq SET next_retry_at = NULL, error_code = '${removedCode}', reason = '${removedReason}'
     WHERE destination = $1 AND status = 'open' AND next_retry_at IS NOT NULL`,
    values: [destination],
  });
  return rowCount ?? 0;
}

/** Destinations that are not configured any more although something still waits for them. */
export async function findRemovedWithDeliveries(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT name FROM internal.destinations
     WHERE NOT enabled AND (
       EXISTS (SELECT 1 FROM internal.deliveries WHERE destination = name AND ${nobodySendsItSql})
       OR EXISTS (SELECT 1 FROM public.dlq
                  WHERE destination = name AND status = 'open' AND next_retry_at IS NOT NULL))`,
  );
  return rows.map((row) => row.name);
}

/**
 * Moves a due delivery that the database refuses to lease to the DLQ, where a person decides: nothing is sent that could
 * not be fenced. With `told` it leaves a delivery_failed event as well. Does nothing when somebody has it by now.
 */
export async function giveUpDelivery(
  database: Queryable,
  { runId, destination, reason, told }: UnclaimableDelivery,
): Promise<void> {
  await withDeadlockRetry(() =>
    database.query(
      `WITH the_run AS MATERIALIZED (
         SELECT r.run_id, r.source, r.status FROM set_config('leadledger.actor', 'delivery', true) AS actor, public.runs r
         WHERE r.run_id = $1 AND actor <> '' FOR NO KEY UPDATE OF r),
       given_up AS MATERIALIZED (
         SELECT d.run_id, d.destination, d.attempt, d.revision, d.replay, r.source, r.status FROM the_run r JOIN internal.deliveries d USING (run_id)
         WHERE d.destination = $2 AND d.due_at <= statement_timestamp() FOR UPDATE OF d),
       told AS (
         INSERT INTO public.audit_events (run_id, event_type, actor, payload)
         SELECT run_id, ${eventTypeSql("delivery_failed")}, 'delivery', ${payloadSql("delivery_failed", {
           destination: "destination",
           lane: "'fast'",
           attempt: "attempt",
           outcome: `'${unsettledCode}'`,
           http_status: "NULL",
           duration_ms: "0",
           message: "$3::text",
         })}
         FROM given_up WHERE $4::boolean
         ${returningToldSql}),
       counted AS (${countFailedSql("SELECT * FROM told")})
       INSERT INTO public.dlq (run_id, kind, destination, error_code, reason, payload)
       SELECT run_id, ${entryKindSql("given_up", "given_up")}, destination, '${unsettledCode}', $3::text,
         ${entryPayloadSql("given_up", "source")}
       FROM given_up`,
      [runId, destination, reason, told],
    ),
  );
}

export interface UnclaimableDelivery {
  readonly runId: string;
  readonly destination: string;
  /** A sentence for people that names the destination. */
  readonly reason: string;
  readonly told: boolean;
}

// $1 destination, $2 runs to leave alone, $3 how many.
const firstDueSql = `
  SELECT run_id, destination FROM internal.deliveries
  WHERE destination = $1 AND due_at <= statement_timestamp() AND run_id <> ALL ($2::uuid[])
  ORDER BY due_at LIMIT $3`;

/** Of a delivery `d`: by what its events say, or because an attempt ended without one. */
const mayHaveArrivedSql = `(${perhapsArrivedSql("d.run_id", "d.destination", "d.revision")}
  OR d.attempt - 1 > (SELECT count(*) FROM public.audit_events e
    WHERE e.run_id = d.run_id AND e.event_type = ${eventTypeSql("delivery_failed")}
      AND e.payload ->> 'destination' = d.destination AND e.payload ->> 'lane' = 'fast'
      AND e.payload ->> 'outcome' <> 'delivery_interrupted'
      AND e.payload ->> 'revision' IS NOT DISTINCT FROM d.revision::text))`;

/** `dueSql` (with $1 to $3) locks and names what is leased to node $4 for the interval $5. */
function claimSql(dueSql: string): string {
  return `
    WITH due AS MATERIALIZED (${dueSql})
    UPDATE internal.deliveries d
    SET attempt = d.attempt + 1, leased_by = $4, due_at = clock_timestamp() + $5::interval
    FROM due JOIN public.runs r USING (run_id)
    WHERE d.run_id = due.run_id AND d.destination = due.destination
    RETURNING d.run_id, d.destination, d.attempt,
      CASE WHEN d.attempt > 1 OR d.handed_back OR d.replay THEN ${mayHaveArrivedSql} ELSE false END AS may_have_arrived,
      r.source, r.received_at, r.test, d.revision,
      (${deliveredBodySql("d")})::text AS body, ${markedSql("r")} AS same_person`;
}

function claimedDelivery(row: ClaimedRow): ClaimedDelivery {
  return {
    runId: row.run_id,
    destination: row.destination,
    attempt: row.attempt,
    mayHaveArrived: row.may_have_arrived,
    source: row.source,
    receivedAt: row.received_at,
    test: row.test,
    revision: row.revision,
    leadJson: row.body,
    samePerson: row.same_person,
  };
}

/** The answer to a renewal names every held lease and, once more, those that were extended. */
export function heldLeases<Key>(rows: readonly (readonly [Key, boolean])[]): Map<Key, boolean> {
  const held = new Map<Key, boolean>();
  for (const [key, extended] of rows) held.set(key, extended || held.get(key) === true);
  return held;
}

async function settle(
  database: Database,
  statement: { name: string; text: string; values: unknown[] },
): Promise<number> {
  const { rows } = await withDeadlockRetry(() => database.query<{ settled: number }>(statement));
  return rows[0]?.settled ?? 0;
}

function columns(attempts: readonly DeliveryAttempt[]): [string[], string[], number[]] {
  return [
    attempts.map(({ runId }) => runId),
    attempts.map(({ destination }) => destination),
    attempts.map(({ attempt }) => attempt),
  ];
}

export function milliseconds(value: number): string {
  return `${value} milliseconds`;
}
