// A worker of one's own in JavaScript: it takes the leads of one source, hands each to a function, and tells LeadLedger
// how that went. Several may run at once.
//
//   npm install pg
//   WORKER_DATABASE_URL="$(leadledger db url)" WORKER_SOURCE=shop node external-worker.mjs ./my-handler.mjs
//
// my-handler.mjs: `export default async function (lead) { … }`; whatever it throws counts as "could not be processed".
// In leadledger.yaml the source has one destination, `to: [own-worker]`, and that destination is of `kind: external`.
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import pg from "pg";

const source = process.env.WORKER_SOURCE;
const destination = process.env.WORKER_DESTINATION ?? "own-worker";
const retryAfter = process.env.WORKER_RETRY_AFTER ?? "5 minutes";
const attemptsMax = Number(process.env.WORKER_ATTEMPTS_MAX ?? 6);
const { default: handle } = await import(pathToFileURL(resolve(process.argv[2] ?? "")).href);

/** The lock on the row is the claim. Work that takes longer than a few seconds should not be done under it. */
async function takeNewLead(client) {
  await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    const found = await client.query(
      `SELECT run_id FROM runs WHERE status = 'accepted' AND source = $1
       ORDER BY received_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
      [source],
    );
    const runId = found.rows[0]?.run_id;
    if (runId !== undefined) await processLead(client, runId);
    await client.query("COMMIT");
    return runId !== undefined;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function processLead(client, runId) {
  const received = await client.query(
    `SELECT (payload -> 'body')::text AS body FROM audit_events
     WHERE run_id = $1 AND event_type IN ('lead_received', 'lead_corrected') ORDER BY event_time DESC LIMIT 1`,
    [runId],
  );
  const body = received.rows[0]?.body ?? "null";
  const failure = await attempt(body);
  if (failure === null) {
    await client.query("UPDATE runs SET status = 'processed' WHERE run_id = $1", [runId]);
    return;
  }
  await client.query(
    `INSERT INTO dlq (run_id, kind, destination, error_code, reason, payload, next_retry_at)
     VALUES ($1, 'delivery', $2, 'worker_failed', $3, jsonb_build_object('source', $4::text, 'body', $5::jsonb),
       clock_timestamp() + $6::interval)`,
    [runId, destination, failure, source, body, retryAfter],
  );
}

/** An entry is claimed by its state and a lease; retry_count tells whether it is still this worker's when it is done. */
async function takeDueEntry(client) {
  const claimed = await client.query(
    `UPDATE dlq SET status = 'retrying', lease_until = clock_timestamp() + interval '10 minutes'
     WHERE dlq_id = (
       SELECT dlq_id FROM dlq WHERE destination = $1 AND status = 'open' AND next_retry_at <= clock_timestamp()
       ORDER BY next_retry_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING dlq_id, retry_count, (payload -> 'body')::text AS body`,
    [destination],
  );
  const entry = claimed.rows[0];
  if (entry === undefined) return false;
  const failure = await attempt(entry.body ?? "null");
  const status = failure === null ? "resolved" : entry.retry_count < attemptsMax ? "open" : "dead";
  await client.query(
    `UPDATE dlq SET status = $3, reason = coalesce($4, reason),
       resolution = CASE $3 WHEN 'resolved' THEN 'delivered' END,
       next_retry_at = CASE $3 WHEN 'open' THEN clock_timestamp() + $5::interval END
     WHERE dlq_id = $1 AND status = 'retrying' AND retry_count = $2`,
    [entry.dlq_id, entry.retry_count, status, failure, retryAfter],
  );
  return true;
}

/** What went wrong, in words; null: nothing. */
async function attempt(body) {
  try {
    // JSON.parse rounds numbers beyond 2^53: parse `body` with a lossless parser if your ids are that long.
    await handle(JSON.parse(body));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const client = new pg.Client({ connectionString: process.env.WORKER_DATABASE_URL });
await client.connect();
for (;;) {
  try {
    const busy = [await takeNewLead(client), await takeDueEntry(client)];
    if (!busy.includes(true)) await delay(1_000);
  } catch (error) {
    // 40P01 (deadlock) and 40001 pass by themselves: nothing was committed, so the lead is simply taken again.
    if (!["40P01", "40001"].includes(error.code)) throw error;
  }
}
