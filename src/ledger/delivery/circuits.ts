// The table circuits: destinations that are left alone as a whole. Its events are written by the database, in the
// transaction of the change.
import { configurationCodes, needsMending } from "../../domain/attention/state-words.ts";
import type { CircuitState, Rest } from "../../domain/destinations/circuit.ts";
import { entryKindSql, entryPayloadSql } from "./delivery-sql.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { longAnswerTimeoutMs, transaction, withDeadlockRetry } from "../connection/database.ts";
import { milliseconds } from "./deliveries.ts";
import type { LeaseHolder } from "./deliveries.ts";
import { configurationRevisionSql } from "../settings/settings.ts";
import { noteWaitsSql } from "./dlq-attempts.ts";
import type { LeaderGuard } from "../connection/leader.ts";

/** A circuit as people and reports see it. */
export interface Circuit {
  readonly destination: string;
  readonly state: CircuitState;
  /** The code of what opened it, or of how the last probe failed. */
  readonly reason: string;
  readonly message: string;
  readonly opened_at: Date;
  /** null: closed. In the past: with the next lead. */
  readonly next_probe_at: Date | null;
  readonly failed_probes: number;
  /** How many of the last attempts had failed when it opened; null: one answer was reason enough. */
  readonly failed_attempts: number | null;
  readonly counted_attempts: number | null;
  readonly closed_at: Date | null;
}

/** What nodes go by. */
export interface CircuitSeen {
  readonly destination: string;
  readonly state: CircuitState;
  readonly epoch: number;
  /** Until one may try; negative: it may already. Of a closed one 0. */
  readonly probe_in_ms: number;
  /** null: it is not closed. */
  readonly closed_for_ms: number | null;
}

export interface Probe {
  readonly epoch: number;
  readonly failedProbes: number;
}

/** Of closed ones those are told for so long, so that every node ramps up. */
const closedToldSql = "interval '30 seconds'";

/** SQL: what `CircuitSeen` says, as a JSON list. */
export const circuitsSeenSql = `
  (SELECT coalesce(json_agg(json_build_object('destination', c.destination, 'state', c.state, 'epoch', c.epoch,
     'probe_in_ms', CASE c.state
       WHEN 'open' THEN extract(epoch FROM c.next_probe_at - statement_timestamp()) * 1000
       WHEN 'half_open' THEN extract(epoch FROM c.probe_until - statement_timestamp()) * 1000 ELSE 0 END,
     'closed_for_ms', extract(epoch FROM statement_timestamp() - c.closed_at) * 1000)), '[]')
   FROM internal.circuits c WHERE c.state <> 'closed' OR c.closed_at > statement_timestamp() - ${closedToldSql})`;

/** SQL: whether destination `t` is left alone at this moment. */
export const isLeftAloneSql =
  "EXISTS (SELECT FROM internal.circuits c WHERE c.destination = t.name AND c.state <> 'closed')";

const shownColumns =
  "destination, state, reason, message, opened_at, CASE WHEN state <> 'closed' THEN next_probe_at END AS next_probe_at, failed_probes, failed_attempts, counted_attempts, closed_at";

/** All that were ever open, by name; or of these destinations. Also for metrics. */
export async function listCircuits(
  database: Queryable,
  destinations: readonly string[] | null = null,
): Promise<Circuit[]> {
  const { rows } = await database.query<Circuit>({
    name: "list-circuits",
    text: `SELECT ${shownColumns} FROM internal.circuits WHERE $1::text[] IS NULL OR destination = ANY ($1) ORDER BY destination`,
    values: [destinations],
  });
  return rows;
}

/** Opens it, or lets one that is open rest for longer; a probe under way is left to its node. */
export async function openCircuit(database: Queryable, destination: string, rest: Rest): Promise<void> {
  await withDeadlockRetry(() =>
    database.query({
      name: "open-circuit",
      text: `
        INSERT INTO internal.circuits AS c (destination, state, reason, message, next_probe_at, failed_attempts, counted_attempts)
        SELECT $1, 'open', $2, $3, clock_timestamp() + $4::interval, $5::integer, $6::integer
        FROM set_config('leadledger.actor', 'delivery', true) AS actor WHERE actor <> ''
        ON CONFLICT (destination) DO UPDATE SET state = 'open', reason = excluded.reason, message = excluded.message,
          opened_at = CASE c.state WHEN 'closed' THEN excluded.opened_at ELSE c.opened_at END,
          failed_probes = CASE c.state WHEN 'closed' THEN 0 ELSE c.failed_probes END,
          epoch = CASE c.state WHEN 'closed' THEN c.epoch + 1 ELSE c.epoch END,
          failed_attempts = excluded.failed_attempts, counted_attempts = excluded.counted_attempts,
          next_probe_at = excluded.next_probe_at, closed_at = NULL, entries_wait = true
        WHERE c.state = 'closed' OR c.state = 'open' AND c.next_probe_at < excluded.next_probe_at`,
      values: [
        destination,
        rest.reason,
        rest.message,
        milliseconds(rest.pauseMs),
        rest.failures?.failed ?? null,
        rest.failures?.of ?? null,
      ],
    }),
  );
}

/**
 * Lets this node, and no other, try with one lead, if it is time and one is due; null: not now. Nor does a node that has
 * not heard of the newest configuration: it would try with what somebody has just mended.
 */
export async function takeProbe(
  database: Queryable,
  destination: string,
  { node, leaseMs, configurationRevision }: LeaseHolder & { readonly configurationRevision: number },
): Promise<Probe | null> {
  const { rows } = await database.query<{ epoch: number; failed_probes: number }>({
    name: "take-probe",
    text: `
      UPDATE internal.circuits c
      SET state = 'half_open', probe_by = $2, probe_until = clock_timestamp() + $3::interval, epoch = c.epoch + 1
      WHERE c.destination = $1 AND coalesce(${configurationRevisionSql}, 0) <= $4
        AND (c.state = 'open' AND c.next_probe_at <= clock_timestamp() OR c.state = 'half_open' AND c.probe_until <= clock_timestamp())
        AND (EXISTS (SELECT FROM internal.deliveries WHERE destination = $1 AND due_at <= statement_timestamp())
          OR EXISTS (SELECT FROM public.dlq WHERE destination = $1 AND status = 'open' AND next_retry_at <= statement_timestamp()))
      RETURNING c.epoch, c.failed_probes`,
    values: [destination, node, milliseconds(leaseMs), configurationRevision],
  });
  const [row] = rows;
  return row === undefined ? null : { epoch: row.epoch, failedProbes: row.failed_probes };
}

/** `rest`: it failed, and opens again; null: it succeeded, and the circuit closes. Does nothing when another probe began. */
export async function endProbe(
  database: Queryable,
  destination: string,
  { epoch }: Probe,
  rest: Rest | null,
): Promise<void> {
  await withDeadlockRetry(() =>
    database.query({
      name: "end-probe",
      text: `
        UPDATE internal.circuits c SET probe_by = NULL, probe_until = NULL,
          state = CASE WHEN $3::text IS NULL THEN 'closed' ELSE 'open' END,
          closed_at = CASE WHEN $3::text IS NULL THEN clock_timestamp() END,
          failed_probes = CASE WHEN $3::text IS NULL THEN 0 ELSE c.failed_probes + 1 END,
          reason = coalesce($3, c.reason), message = coalesce($4, c.message),
          next_probe_at = CASE WHEN $3::text IS NULL THEN c.next_probe_at ELSE clock_timestamp() + $5::interval END
        FROM set_config('leadledger.actor', 'delivery', true) AS actor
        WHERE c.destination = $1 AND c.state = 'half_open' AND c.epoch = $2 AND actor <> ''`,
      values: [
        destination,
        epoch,
        rest?.reason ?? null,
        rest?.message ?? null,
        milliseconds(rest?.pauseMs ?? 0),
      ],
    }),
  );
}

/** The probe was not made: whoever comes first may try. */
export async function giveProbeBack(
  database: Queryable,
  destination: string,
  { epoch }: Probe,
): Promise<void> {
  await database.query({
    name: "give-probe-back",
    text: `UPDATE internal.circuits SET state = 'open', probe_by = NULL, probe_until = NULL
           WHERE destination = $1 AND state = 'half_open' AND epoch = $2`,
    values: [destination, epoch],
  });
}

/** A person wants it tried now. Returns the circuit as it is then; null: it never was open. */
export function closeCircuit(database: Database, actor: Actor, destination: string): Promise<Circuit | null> {
  return transaction(database, actor, async (client) => {
    await closeWithin(client, destination);
    return (await listCircuits(client, [destination]))[0] ?? null;
  });
}

/** In the caller's transaction; also where the destination is gone, as then nothing waits for it. */
export async function closeWithin(client: Queryable, destination: string): Promise<void> {
  await client.query(
    `UPDATE internal.circuits SET state = 'closed', closed_at = clock_timestamp(), probe_by = NULL, probe_until = NULL,
       failed_probes = 0, epoch = epoch + 1
     WHERE destination = $1 AND state <> 'closed'`,
    [destination],
  );
}

/** Somebody changed the destination, perhaps what was wrong with it: the next lead may try at once. */
export async function probeSoon(client: Queryable, destination: string): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE internal.circuits SET next_probe_at = clock_timestamp(), failed_probes = 0
     WHERE destination = $1 AND state = 'open'`,
    [destination],
  );
  if (rowCount === 0) return;
  // What has waited for long is an entry, due with the probe as it was planned: one of them may be the lead that tries.
  await client.query(
    `WITH first AS MATERIALIZED (
       SELECT dlq_id, run_id FROM public.dlq
       WHERE destination = $1 AND status = 'open' AND next_retry_at > statement_timestamp() AND error_code = ANY ($2)
       ORDER BY next_retry_at LIMIT 1),
     locked AS MATERIALIZED (
       SELECT run_id FROM public.runs WHERE run_id IN (SELECT run_id FROM first) FOR NO KEY UPDATE)
     UPDATE public.dlq q SET next_retry_at = clock_timestamp()
     FROM first f, (SELECT count(*) FROM locked) AS all_locked WHERE q.dlq_id = f.dlq_id AND q.status = 'open'`,
    [destination, waitingCodes],
  );
}

/**
 * Somebody saw that it can be reached, and perhaps it is mended: one lead may try at once. Resolves with whether one may; a
 * pause that it asked for is kept.
 */
export async function probeIfMended(database: Database, actor: Actor, destination: string): Promise<boolean> {
  const [circuit] = await listCircuits(database, [destination]);
  if (circuit?.state !== "open" || !needsMending(circuit.reason)) return false;
  await transaction(database, actor, (client) => probeSoon(client, destination));
  return true;
}

/** What was not attempted for so long becomes an entry (docs/contract.md, Circuits). */
export const waitMaxMs = 15 * 60_000;
/** Of one destination, in one transaction. */
const batchRowsMax = 500;

/** The codes of entries that wait for a circuit to close. */
const waitingCodes = [
  "destination_unavailable",
  "destination_throttled",
  "destination_auth",
  ...configurationCodes,
] as const;

/** In one run; the next one comes soon. */
const batchesMax = 20;

/** Moves what waits for circuits too long to the DLQ, and makes due what waited for one that has closed. */
export async function tendCircuits(
  database: Database,
  guard: LeaderGuard,
  limits: { readonly waitMaxMs: number } = { waitMaxMs },
): Promise<void> {
  for (let batches = 0; batches < batchesMax; batches += 1) {
    if (!(await tendOnce(database, guard, limits))) return;
  }
}

/** A batch for each destination. Resolves with whether there may be more. */
async function tendOnce(
  database: Database,
  guard: LeaderGuard,
  limits: { readonly waitMaxMs: number },
): Promise<boolean> {
  const { rows } = await database.query<{ destination: string; is_closed: boolean }>(
    `SELECT destination, state = 'closed' AS is_closed FROM internal.circuits
     WHERE state = 'closed' AND entries_wait OR state <> 'closed' AND opened_at < clock_timestamp() - $1::interval
     ORDER BY destination`,
    [milliseconds(limits.waitMaxMs)],
  );
  let isMore = false;
  for (const { destination, is_closed: isClosed } of rows) {
    const count = await transaction(database, "delivery", async (client) => {
      await guard(client);
      return isClosed
        ? makeWaitingDue(client, destination)
        : moveWaitingToDlq(client, destination, limits.waitMaxMs);
    });
    if (count >= batchRowsMax) isMore = true;
  }
  return isMore;
}

/** The circuit's row is locked first, so that it neither closes nor opens meanwhile. */
async function moveWaitingToDlq(client: Queryable, destination: string, forMs: number): Promise<number> {
  const { rowCount: isOpen } = await client.query(
    "SELECT FROM internal.circuits WHERE destination = $1 AND state <> 'closed' FOR SHARE",
    [destination],
  );
  if (isOpen === 0) return 0;
  const { rowCount } = await client.query({
    query_timeout: longAnswerTimeoutMs,
    text: `WITH circuit AS MATERIALIZED (
       SELECT *, CASE WHEN reason IN ('destination_auth', 'destination_expression') THEN reason WHEN reason = ANY ($3) THEN 'destination_configuration' ELSE 'destination_unavailable' END AS error_code
       FROM internal.circuits WHERE destination = $1),
     waiting AS MATERIALIZED (
       SELECT r.run_id, r.source, r.status FROM public.runs r
       WHERE r.run_id IN (SELECT run_id FROM internal.deliveries
         WHERE destination = $1 AND due_at <= statement_timestamp() - $2::interval ORDER BY due_at LIMIT ${batchRowsMax})
       ORDER BY r.run_id FOR NO KEY UPDATE),
     moved AS MATERIALIZED (
       SELECT w.run_id, w.source, w.status, d.revision, d.replay FROM waiting w
         JOIN internal.deliveries d ON d.run_id = w.run_id AND d.destination = $1
           AND d.due_at <= statement_timestamp() - $2::interval
       FOR UPDATE OF d),
     made AS (
     INSERT INTO public.dlq (run_id, kind, destination, error_code, reason, payload, next_retry_at)
     SELECT m.run_id, ${entryKindSql("m", "m")}, $1, c.error_code,
       'not attempted, because ' || $1 || ' is left alone for now: ' || c.message,
       ${entryPayloadSql("m", "m.source")},
       greatest(c.next_probe_at, clock_timestamp())
     FROM moved m CROSS JOIN circuit c ORDER BY m.run_id RETURNING dlq_id)
     ${noteWaitsSql("SELECT dlq_id FROM made")}`,
    values: [destination, milliseconds(forMs), configurationCodes],
  });
  return rowCount ?? 0;
}

async function makeWaitingDue(client: Queryable, destination: string): Promise<number> {
  const { rowCount: isClosed } = await client.query(
    "SELECT FROM internal.circuits WHERE destination = $1 AND state = 'closed' FOR NO KEY UPDATE",
    [destination],
  );
  if (isClosed === 0) return 0;
  const { rows } = await client.query<{ dlq_id: number }>(
    `WITH waiting AS MATERIALIZED (
       SELECT dlq_id, run_id FROM public.dlq
       WHERE destination = $1 AND status = 'open' AND next_retry_at > statement_timestamp() AND error_code = ANY ($2)
       ORDER BY next_retry_at LIMIT ${batchRowsMax}),
     locked AS MATERIALIZED (
       SELECT run_id FROM public.runs WHERE run_id IN (SELECT run_id FROM waiting) ORDER BY run_id FOR NO KEY UPDATE),
     due AS (
       UPDATE public.dlq q SET next_retry_at = clock_timestamp()
       FROM waiting w, (SELECT count(*) FROM locked) AS all_locked
       WHERE q.dlq_id = w.dlq_id AND q.status = 'open' AND q.next_retry_at > statement_timestamp()
       RETURNING q.dlq_id)
     SELECT dlq_id FROM waiting`,
    [destination, waitingCodes],
  );
  if (rows.length < batchRowsMax)
    await client.query("UPDATE internal.circuits SET entries_wait = false WHERE destination = $1", [
      destination,
    ]);
  return rows.length;
}
