// Requests that were turned away: told in the audit log, and counted by the hour for alarms of the last day.
import type { Texts } from "../../domain/errors/explained.ts";
import { insertFirstEventsSql } from "../log/audit-events.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { withDeadlockRetry } from "../connection/database.ts";
import { eventTypeSql, payloadSql } from "../log/event-sql.ts";

export interface DeniedCount {
  readonly source: string;
  readonly code: string;
  readonly count: number;
  /** Of the newest; null: not known. */
  readonly reason: Texts | null;
}

/** What names are counted under that come on top of those below. */
export const otherSources = "(others)";
/** Names are the sender's choice; an hour has room for so many of them, with a code each. */
const pairsPerHourMax = 200;

const recordSql = `
  WITH input AS MATERIALIZED (
    SELECT source, code, count, reason, date_trunc('hour', clock_timestamp(), 'UTC') AS hour, clock_timestamp() AS at
    FROM set_config('leadledger.events', 'complete', true), unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[]) AS t (source, code, count, reason)),
  told AS (${insertFirstEventsSql(`
    SELECT NULL::uuid AS run_id, ${eventTypeSql("request_denied")} AS event_type, 'webhook' AS actor,
      ${payloadSql("request_denied", { source: "source", code: "code", count: "count" })} AS payload FROM input`)}
    RETURNING event_time, payload),
  counted AS (
    INSERT INTO internal.hour_deltas (bucket, source, denied)
    SELECT internal.kpi_bucket(t.event_time),
      coalesce((SELECT s.name FROM internal.sources s WHERE s.name = t.payload ->> 'source'), '${otherSources}'),
      sum((t.payload ->> 'count')::bigint)
    FROM told t GROUP BY 1, 2),
  forgotten AS (DELETE FROM internal.denied_requests WHERE hour < clock_timestamp() - interval '25 hours')
  INSERT INTO internal.denied_requests AS d (hour, source, error_code, requests, first_at, last_at, reason)
    SELECT hour, counted_as, code, sum(count), min(at), max(at), (array_agg(reason) FILTER (WHERE reason IS NOT NULL))[1]
    FROM input CROSS JOIN LATERAL (SELECT left(source, 255) AS name) AS named
    CROSS JOIN LATERAL (SELECT CASE
      WHEN EXISTS (SELECT FROM internal.denied_requests k WHERE k.hour = input.hour AND k.source = name AND k.error_code = code)
        OR (SELECT count(*) FROM internal.denied_requests k WHERE k.hour = input.hour) < ${pairsPerHourMax}
      THEN name ELSE '${otherSources}' END AS counted_as) AS place
    GROUP BY hour, counted_as, code ORDER BY counted_as, code
  ON CONFLICT (hour, source, error_code) DO UPDATE
    SET requests = d.requests + excluded.requests, reason = coalesce(excluded.reason, d.reason), last_at = greatest(d.last_at, excluded.last_at)`;

/** In one statement, and so in one transaction. */
export async function recordDeniedRequests(
  database: Database,
  counts: readonly DeniedCount[],
): Promise<void> {
  const values = [
    counts.map(({ source }) => source),
    counts.map(({ code }) => code),
    counts.map(({ count }) => count),
    counts.map(({ reason }) => (reason === null ? null : JSON.stringify(reason))),
  ];
  await withDeadlockRetry(() => database.query(recordSql, values));
}

export interface DeniedLately {
  readonly source: string;
  readonly error_code: string;
  /** Of the newest: what was looked for, and what was there. */
  readonly reason: Texts | null;
  readonly count: number;
  readonly first_at: Date;
  readonly last_at: Date;
  /** Whether there is a source of this name. */
  readonly is_configured: boolean;
}

/** Of the last 24 hours, to the hour: those first of sources that there are, and of these the most. */
export async function listDeniedLately(database: Queryable, limit: number): Promise<DeniedLately[]> {
  const { rows } = await database.query<DeniedLately>(
    `SELECT d.source, d.error_code, sum(d.requests)::bigint AS count, min(d.first_at) AS first_at,
       max(d.last_at) AS last_at,
       (array_agg(d.reason ORDER BY d.last_at DESC) FILTER (WHERE d.reason IS NOT NULL))[1] AS reason, s.name IS NOT NULL AS is_configured
     FROM internal.denied_requests d LEFT JOIN internal.sources s ON s.name = d.source AND s.enabled
     WHERE d.hour > clock_timestamp() - interval '25 hours' AND d.last_at > clock_timestamp() - interval '24 hours'
     GROUP BY d.source, d.error_code, s.name
     ORDER BY is_configured DESC, count DESC, d.source, d.error_code LIMIT $1`,
    [limit],
  );
  return rows;
}
