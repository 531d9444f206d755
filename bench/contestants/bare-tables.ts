// The two bare tables that Fastify and pgbench write to: what a careful engineer would make for the same purpose,
// without digests, counting, state rules, search for people, or deliveries.

export const bareTablesSql = `
  CREATE TABLE runs (
    run_id          uuid PRIMARY KEY,
    idempotency_key text NOT NULL,
    source          text NOT NULL,
    received_at     timestamptz NOT NULL DEFAULT now(),
    status          text NOT NULL DEFAULT 'accepted',
    UNIQUE (source, idempotency_key)
  );
  CREATE TABLE audit_events (
    event_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     uuid NOT NULL REFERENCES runs,
    event_time timestamptz NOT NULL DEFAULT now(),
    event_type text NOT NULL,
    actor      text NOT NULL,
    payload    jsonb NOT NULL
  );`;

/** One statement, and so one transaction and one round trip: the fastest way to write both rows. */
export function insertLeadSql(runId: string, key: string, payload: string): string {
  return `WITH run AS (
      INSERT INTO runs (run_id, idempotency_key, source) VALUES (${runId}, ${key}, 'website')
      ON CONFLICT (source, idempotency_key) DO NOTHING RETURNING run_id)
    INSERT INTO audit_events (run_id, event_type, actor, payload)
    SELECT run_id, 'lead_received', 'webhook', ${payload} FROM run`;
}
