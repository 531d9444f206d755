// What has come from each source lately.
import type { Queryable } from "../connection/database.ts";
import { figuresSinceSql } from "./day-figures.ts";
import { todaySql } from "../connection/reporting-time-sql.ts";

export interface SourceActivity {
  readonly source: string;
  /** What people call it; null: by its name. */
  readonly label: string | null;
  /** false: leads came from it or were denied, but there is no source of this name. */
  readonly is_configured: boolean;
  readonly is_paused: boolean;
  readonly last_received_at: Date | null;
  readonly received_today: number;
  readonly failed_today: number;
}

/** Of sources that are switched on, and of `others`; by name. */
export async function listSourceActivity(
  database: Queryable,
  others: readonly string[],
  limit: number,
): Promise<SourceActivity[]> {
  const { rows } = await database.query<SourceActivity>({
    name: "source-activity",
    text: `
      WITH today AS MATERIALIZED (SELECT ${todaySql} AS day),
      figures AS MATERIALIZED (
        SELECT source, sum(received)::bigint AS received, sum(failed)::bigint AS failed, max(last_received_at) AS last_received_at
        FROM (${figuresSinceSql("(SELECT today.day FROM today)")}) AS f GROUP BY source),
      named AS (
        SELECT name FROM internal.sources WHERE enabled UNION SELECT source FROM figures UNION SELECT unnest($1::text[])),
      listed AS MATERIALIZED (SELECT name COLLATE "C" AS name FROM named ORDER BY 1 LIMIT $2)
      SELECT listed.name AS source, s.settings ->> 'label' AS label, s.name IS NOT NULL AS is_configured,
        coalesce(s.settings -> 'paused' IN ('true', '"refuse"'), false) AS is_paused,
        greatest(f.last_received_at, k.last_received_at) AS last_received_at,
        coalesce(f.received, 0) AS received_today, coalesce(f.failed, 0) AS failed_today
      FROM listed LEFT JOIN internal.sources s ON s.name = listed.name AND s.enabled
      LEFT JOIN figures f ON f.source = listed.name
      LEFT JOIN LATERAL (
        SELECT k.last_received_at FROM internal.kpi_daily_sources k WHERE k.source = listed.name
        ORDER BY k.day DESC LIMIT 1) AS k ON true
      ORDER BY 1`,
    values: [others, limit],
  });
  return rows;
}
