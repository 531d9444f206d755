// Deliveries that are held because the source of their lead is paused: who has them, and their release when it goes on.
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";
import { eventSql } from "../log/event-sql.ts";

const batchRunsMax = 500;
const heldCountedMax = 10_000;

/** Steps from name to name, however many each of them holds. */
const holdersSql = `
  WITH RECURSIVE holder AS (
    (SELECT held_for FROM internal.deliveries WHERE held_reason = 'source_paused' ORDER BY held_for LIMIT 1)
    UNION ALL
    SELECT (SELECT d.held_for FROM internal.deliveries d
            WHERE d.held_reason = 'source_paused' AND d.held_for > holder.held_for ORDER BY d.held_for LIMIT 1)
    FROM holder WHERE holder.held_for IS NOT NULL)
  SELECT holder.held_for AS source FROM holder WHERE holder.held_for IS NOT NULL`;

/** Makes due what is held for sources that are not paused any more, the oldest first. Returns how many were released. */
export async function releaseResumed(database: Database, guard: LeaderGuard): Promise<number> {
  const { rows: resumed } = await database.query<{ source: string }>(
    `SELECT source FROM (${holdersSql}) AS holding
     WHERE NOT EXISTS (SELECT FROM internal.sources s
       WHERE s.name = source AND s.enabled AND s.settings -> 'paused' = 'true')`,
  );
  let released = 0;
  for (const { source } of resumed) {
    let count: number;
    do {
      count = await transaction(database, "system", async (client) => {
        await guard(client);
        return releaseSome(client, source);
      });
      released += count;
    } while (count > 0);
  }
  return released;
}

async function releaseSome(client: Queryable, source: string): Promise<number> {
  const { rows } = await client.query<{ run_id: string }>(
    `SELECT r.run_id FROM public.runs r WHERE r.run_id IN (
       SELECT run_id FROM internal.deliveries WHERE held_reason = 'source_paused' AND held_for = $1
       ORDER BY run_id LIMIT ${batchRunsMax})
     ORDER BY r.run_id FOR NO KEY UPDATE`,
    [source],
  );
  const { rowCount } = await client.query(
    `WITH released AS (
       UPDATE internal.deliveries SET held_reason = NULL, held_for = NULL, due_at = clock_timestamp()
       WHERE run_id = ANY ($1::uuid[]) AND held_reason = 'source_paused' AND held_for = $2
       RETURNING run_id, destination)
     INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT run_id, ${eventSql("delivery_released", { destination: "destination", reason: "'source_paused'" })}
     FROM released ORDER BY run_id, destination`,
    [rows.map(({ run_id: runId }) => runId), source],
  );
  return rowCount ?? 0;
}

export interface HeldForDecision {
  readonly source: string;
  /** Leads; of 10,000 deliveries, whosever they are. */
  readonly count: number;
  readonly since: Date;
  readonly is_long: boolean;
}

/** What is held until a person releases or withdraws it, by source. More than a day is long: nobody may have seen it. */
export async function listHeldForDecision(database: Queryable, limit: number): Promise<HeldForDecision[]> {
  const { rows } = await database.query<HeldForDecision>(
    `SELECT held_for AS source, count(DISTINCT run_id) AS count, min(created_at) AS since,
       min(created_at) < clock_timestamp() - interval '1 day' AS is_long
     FROM (
       SELECT held_for, run_id, created_at FROM internal.deliveries WHERE held_reason = 'same_person'
       ORDER BY held_for, run_id LIMIT ${heldCountedMax}) AS held
     GROUP BY held_for ORDER BY held_for LIMIT $1`,
    [limit],
  );
  return rows;
}

export interface PausedSource {
  readonly source: string;
  /** Its senders get 503; what they do not send again is lost. */
  readonly refuses: boolean;
  /** Leads that wait for it to go on; 10,000 are counted at most. */
  readonly held: number;
  /** When the first of them was made; null: none waits. */
  readonly held_since: Date | null;
  readonly is_long: boolean;
}

/** By name. Held for more than a day is long: somebody may have forgotten it. */
export async function listPausedSources(database: Queryable, limit: number): Promise<PausedSource[]> {
  const { rows } = await database.query<PausedSource>(
    `SELECT s.name AS source, s.settings -> 'paused' = '"refuse"' AS refuses, held.count AS held, held.since AS held_since,
       coalesce(held.since < clock_timestamp() - interval '1 day', false) AS is_long
     FROM internal.sources s CROSS JOIN LATERAL (
       SELECT count(*), min(created_at) AS since FROM (
         SELECT d.created_at FROM internal.deliveries d WHERE d.held_reason = 'source_paused' AND d.held_for = s.name
         ORDER BY d.run_id LIMIT ${heldCountedMax}) AS d) AS held
     WHERE s.enabled AND s.settings -> 'paused' IN ('true', '"refuse"') ORDER BY s.name LIMIT $1`,
    [limit],
  );
  return rows;
}
