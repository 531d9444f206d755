// The table heartbeats: sources of which a test lead is expected regularly, and whether one came and was processed.
import { heartbeatGraceMs } from "../../domain/silence/silence-setting.ts";
import type { HeartbeatSender } from "../../domain/silence/silence-setting.ts";
import type { Queryable } from "../connection/database.ts";

const everySql = "(s.settings -> 'heartbeat' ->> 'everyMs')::bigint * interval '1 millisecond'";
/** Of sources that are switched on and not paused. */
const expectedSql = `s.enabled AND coalesce(s.settings ->> 'paused', 'false') = 'false' AND s.settings -> 'heartbeat' IS NOT NULL`;
const graceSql = `interval '${heartbeatGraceMs} milliseconds'`;

/** Begins and ends what is expected, and sees which test leads have been processed; whoever sent them. */
export async function noteHeartbeats(database: Queryable): Promise<void> {
  await database.query(
    `DELETE FROM internal.heartbeats h WHERE NOT EXISTS (
       SELECT FROM internal.sources s WHERE s.name = h.source AND ${expectedSql})`,
  );
  await database.query(
    `INSERT INTO internal.heartbeats (source, expected_since)
     SELECT s.name, clock_timestamp() FROM internal.sources s WHERE ${expectedSql} ON CONFLICT (source) DO NOTHING`,
  );
  await database.query(
    `WITH expected AS MATERIALIZED (
       SELECT h.source, greatest(h.alive_at, h.expected_since - ${everySql}) AS after
       FROM internal.heartbeats h JOIN internal.sources s ON s.name = h.source),
     alive AS MATERIALIZED (
       SELECT r.source, max(r.received_at) AS at FROM public.runs r JOIN expected e ON e.source = r.source
       WHERE r.test AND r.received_at > (SELECT min(after) FROM expected) AND r.received_at > e.after
         AND r.status = 'processed' GROUP BY r.source)
     UPDATE internal.heartbeats h SET alive_at = alive.at, unanswered_since = NULL, trouble = NULL FROM alive WHERE alive.source = h.source`,
  );
}

/** For which we send a test lead now: none came for as long as one is wanted, nor was ours sent since. */
export async function listDueHeartbeats(database: Queryable): Promise<string[]> {
  const us: HeartbeatSender = "leadledger";
  const { rows } = await database.query<{ source: string }>(
    `SELECT h.source FROM internal.heartbeats h JOIN internal.sources s ON s.name = h.source
     WHERE s.settings -> 'heartbeat' ->> 'sentBy' = $1
       AND coalesce(greatest(h.alive_at, h.sent_at), '-infinity') + ${everySql} <= clock_timestamp()
     ORDER BY h.source`,
    [us],
  );
  return rows.map(({ source }) => source);
}

/** `trouble`: what kept it from being accepted; null: nothing did. */
export async function noteHeartbeatSent(
  database: Queryable,
  source: string,
  trouble: string | null,
): Promise<void> {
  await database.query(
    `UPDATE internal.heartbeats SET sent_at = clock_timestamp(), trouble = $2,
       unanswered_since = coalesce(unanswered_since, clock_timestamp()) WHERE source = $1`,
    [source, trouble],
  );
}

export interface MissingHeartbeat {
  readonly source: string;
  readonly due_at: Date;
  readonly last_at: Date | null;
  readonly trouble: string | null;
}

/** The longest first. What ours could not do is missing at once. */
export async function listMissingHeartbeats(database: Queryable, limit: number): Promise<MissingHeartbeat[]> {
  const { rows } = await database.query<MissingHeartbeat>(
    `SELECT h.source, due.at AS due_at, h.alive_at AS last_at, h.trouble
     FROM internal.heartbeats h JOIN internal.sources s ON s.name = h.source
     CROSS JOIN LATERAL (SELECT coalesce(h.unanswered_since, coalesce(h.alive_at, h.expected_since) + ${everySql}) AS at) AS due
     WHERE ${expectedSql} AND (h.trouble IS NOT NULL OR due.at + ${graceSql} < clock_timestamp())
     ORDER BY due.at, h.source LIMIT $1`,
    [limit],
  );
  return rows;
}
