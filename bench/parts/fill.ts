// Fills a database with leads of the past, by SQL: rows, payloads and digests as the product would have written them.
import type pg from "pg";
import { loadDatabase, loadKpiDaily } from "../machine/built-product.ts";
import type { BenchDatabase } from "../machine/database-server.ts";

const batchRuns = 25_000;
/** They were received evenly and in order over so many days up to yesterday. */
const days = 400;

// Triggers and foreign keys are skipped (session_replication_role), because they would do one by one what is written
// here in full: digests, event times in order, states that are legal. The KPIs are counted afresh afterwards.
const fillSql = `
  WITH past AS MATERIALIZED (
    SELECT n, now() - interval '1 day' - interval '${days} days' * (1 - n / $4::float8) AS received_at,
      md5('fill' || n) AS noise
    FROM generate_series($1::bigint, $2::bigint) AS n),
  made AS MATERIALIZED (
    SELECT n, received_at, noise,
      (lpad(to_hex((extract(epoch FROM received_at) * 1000)::bigint), 12, '0') || '7' || substr(noise, 1, 3)
        || '8' || substr(noise, 4, 15))::uuid AS run_id
    FROM past),
  runs AS (
    INSERT INTO public.runs (run_id, idempotency_key, source, received_at, status, processed_at, outcome, email_hash, phone_hash)
    SELECT run_id, 'fill-' || n, 'website', received_at, 'processed', received_at + interval '30 milliseconds', 'delivered',
      substr(sha256(('e' || n)::bytea), 1, 16), substr(sha256(('p' || n)::bytea), 1, 16)
    FROM made),
  story AS MATERIALIZED (
    SELECT nextval('public.audit_events_event_id_seq') AS event_id, run_id, received_at + after AS event_time, event_type, actor,
      CASE event_type
        WHEN 'lead_received' THEN jsonb_build_object('at', received_at, 'source', 'website', 'sha256', noise || noise,
          'body', $3::jsonb || jsonb_build_object('anfrage_nr', 'fill-' || n, 'email', noise || '@example.com'))
        WHEN 'lead_delivered' THEN jsonb_build_object('destination', 'crm', 'lane', 'fast', 'attempt', 1, 'outcome', 'delivered',
          'http_status', 200, 'duration_ms', 3)
        ELSE jsonb_build_object('outcome', 'delivered') END AS payload,
      uuid_send(gen_random_uuid()) AS salt
    FROM made, (VALUES ('lead_received', 'webhook', interval '0'), ('lead_delivered', 'delivery', interval '29 milliseconds'),
      ('lead_processed', 'delivery', interval '30 milliseconds')) AS told (event_type, actor, after)),
  digested AS (
    SELECT *, internal.audit_payload_digest(salt, payload) AS payload_digest FROM story)
  INSERT INTO public.audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
  OVERRIDING SYSTEM VALUE
  SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
    internal.audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
  FROM digested`;

/** From so many runs to so many; `sizeMax` is where later calls will end. `exampleBody` is the JSON text of a lead. */
export async function fill(
  client: pg.Client,
  range: { readonly from: number; readonly to: number; readonly sizeMax: number },
  exampleBody: string,
  onProgress: (runs: number) => void,
): Promise<void> {
  await client.query("SET session_replication_role = replica; SET synchronous_commit = off");
  try {
    for (let from = range.from; from < range.to; from += batchRuns) {
      const to = Math.min(from + batchRuns, range.to);
      await client.query(fillSql, [from, to - 1, exampleBody, range.sizeMax]);
      onProgress(to);
    }
  } finally {
    await client.query("RESET session_replication_role; RESET synchronous_commit");
  }
}

/** Counts the KPIs of what was filled in, and leaves the tables as autovacuum would have by then. */
export async function settleFilled(database: BenchDatabase): Promise<void> {
  const { openDatabase } = await loadDatabase();
  const { rebuildKpis } = await loadKpiDaily();
  const ledger = openDatabase({ url: database.url, connectionsMax: 1, applicationName: "bench" });
  try {
    await rebuildKpis(ledger, "system");
  } finally {
    await ledger.close();
  }
  await database.query("VACUUM (ANALYZE)");
}
