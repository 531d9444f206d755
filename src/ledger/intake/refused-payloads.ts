// Payloads that cannot be leads, or not under their key, are kept: as a failed run with an entry, or an entry alone.
import { keptFirstResolution } from "../../domain/attention/conflict.ts";
import type { IntakeResult, RefusedPayload } from "../../domain/leads/lead.ts";
import type { Queryable } from "../connection/database.ts";
import { eventTypeSql } from "../log/event-sql.ts";

export interface KeyedRefusal {
  readonly key: string;
  readonly refusal: RefusedPayload;
}

/** Makes the runs of refused payloads whose key is new; returns the run ids that were made. */
export async function insertRefusedRuns(
  client: Queryable,
  refusals: readonly KeyedRefusal[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ run_id: string }>(
    `WITH input AS MATERIALIZED (
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
         AS t (run_id, source, idempotency_key, received_at, error_code, message, payload)),
     inserted AS (
       INSERT INTO public.runs (run_id, source, idempotency_key, received_at, refused)
       SELECT run_id, source, idempotency_key, least(received_at, clock_timestamp()), true
       FROM input ORDER BY source COLLATE "C", idempotency_key COLLATE "C"
       ON CONFLICT (source, idempotency_key) DO NOTHING
       RETURNING run_id),
     told AS (
       INSERT INTO public.audit_events (run_id, event_type, payload)
       SELECT run_id, ${eventTypeSql("lead_rejected")}, payload::jsonb - '{body,body_base64}'::text[]
         || jsonb_build_object('error_code', error_code, 'message', message)
       FROM input JOIN inserted USING (run_id))
     SELECT run_id FROM inserted`,
    [
      refusals.map(({ refusal }) => refusal.runId),
      refusals.map(({ refusal }) => refusal.source),
      refusals.map(({ key }) => key),
      refusals.map(({ refusal }) => refusal.receivedAt),
      refusals.map(({ refusal }) => refusal.errorCode),
      refusals.map(({ refusal }) => refusal.message),
      refusals.map(({ refusal }) => refusal.payload),
    ],
  );
  return new Set(rows.map((row) => row.run_id));
}

/** A payload that becomes a DLQ entry of the run; `index` is its place among the arrivals. */
export interface KeptPayload {
  readonly index: number;
  readonly runId: string;
  /** The run id that this payload came with: a different one where its key was known. */
  readonly arrivalId: string;
  readonly kind: "refused" | "conflict";
  readonly errorCode: string;
  readonly reason: string;
  readonly payload: string;
  /** It is settled from the start, and this is its answer; absent: it waits for a person. */
  readonly settledAs?: IntakeResult;
}

/** Makes the entries, or finds those that the same bodies have already, and notes the results. */
export async function keepPayloads(
  client: Queryable,
  kept: readonly KeptPayload[],
  settled: Map<number, IntakeResult>,
): Promise<void> {
  if (kept.length === 0) return;
  const values = [
    kept.map((item) => item.runId),
    kept.map((item) => item.kind),
    kept.map((item) => item.errorCode),
    kept.map((item) => item.reason),
    kept.map((item) => item.payload),
    kept.map((item) => (item.arrivalId === item.runId ? null : item.arrivalId)),
    kept.map((item) => item.settledAs !== undefined),
  ];
  await client.query(
    `INSERT INTO public.dlq (run_id, kind, error_code, reason, payload, status, resolution)
     SELECT run_id, kind, error_code, reason, payload::jsonb || CASE WHEN arrival_id IS NULL THEN '{}'
       ELSE jsonb_build_object('arrival_id', arrival_id) END,
       CASE WHEN settled THEN 'resolved' ELSE 'open' END, CASE WHEN settled THEN '${keptFirstResolution}' END
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[])
       AS t (run_id, kind, error_code, reason, payload, arrival_id, settled)
     ORDER BY run_id ON CONFLICT DO NOTHING`,
    values,
  );
  const { rows } = await client.query<{ position: number; dlq_id: number }>(
    `SELECT t.position::int, q.dlq_id
     FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS t (run_id, error_code, payload, position)
     JOIN public.dlq q ON q.run_id = t.run_id AND q.error_code = t.error_code AND q.kind IN ('refused', 'conflict')
       AND coalesce(q.payload -> 'body', q.payload -> 'sha256', 'null')
         = coalesce(t.payload::jsonb -> 'body', t.payload::jsonb -> 'sha256', 'null')`,
    [values[0], values[2], values[4]],
  );
  for (const { position, dlq_id } of rows) {
    const item = kept[position - 1];
    if (item === undefined) continue;
    settled.set(item.index, item.settledAs ?? resultOf(item, dlq_id));
  }
}

function resultOf({ kind, runId, errorCode, reason: message }: KeptPayload, dlqId: number): IntakeResult {
  return kind === "conflict"
    ? { kind: "key_reused", runId, dlqId }
    : { kind: "refused", runId, dlqId, errorCode, message };
}
