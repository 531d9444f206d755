// Pieces of SQL that several statements about deliveries share.
import { perhapsArrivedCodes } from "../../domain/destinations/outcome.ts";
import { deliveredBodySql } from "../intake/current-body-sql.ts";
import { eventTypeSql } from "../log/event-sql.ts";

/** The kind of the entry that a delivery becomes. Aliases of the tables deliveries and runs. */
export function entryKindSql(delivery: string, run: string): string {
  return `CASE WHEN ${delivery}.replay OR ${run}.status = 'processed' THEN 'replay' ELSE 'delivery' END`;
}

/** The payload of that entry: what the delivery would have brought. `source`: an expression. */
export function entryPayloadSql(delivery: string, source: string): string {
  return `jsonb_build_object('source', ${source}, 'body', ${deliveredBodySql(delivery)})
    || CASE WHEN ${delivery}.revision IS NULL THEN '{}' ELSE jsonb_build_object('revision', ${delivery}.revision) END`;
}

/** Counts leads that their destinations do not want. `skippedSql`: the columns run_id and destination. */
export function countSkippedSql(skippedSql: string): string {
  return `
    INSERT INTO internal.skipped_daily AS k (destination, day, leads)
    SELECT s.destination, (statement_timestamp() AT TIME ZONE internal.reporting_timezone())::date, count(*)
    FROM (${skippedSql}) AS s JOIN public.runs r USING (run_id) WHERE NOT r.test GROUP BY s.destination ORDER BY s.destination
    ON CONFLICT (destination, day) DO UPDATE SET leads = k.leads + excluded.leads`;
}

/** Counts attempts that failed, for the figures by hour. `toldSql`: their events, with the columns of audit_events. */
export function countFailedSql(toldSql: string): string {
  return `
    INSERT INTO internal.hour_deltas (bucket, destination, failed_attempts)
    SELECT internal.kpi_bucket(t.event_time), t.payload ->> 'destination', count(*)
    FROM (${toldSql}) AS t JOIN public.runs r USING (run_id) WHERE NOT r.test GROUP BY 1, 2`;
}

/** What `countFailedSql` needs of an INSERT that tells of them. */
export const returningToldSql = "RETURNING run_id, event_time, payload";

export const perhapsArrivedCodesSql = `'{${perhapsArrivedCodes.join(",")}}'::text[]`;

/**
 * Whether an attempt at a delivery may have arrived, by what was written of it; all three are expressions. In order,
 * so that its plan goes by the run's own events however few there were when it was made.
 */
export function perhapsArrivedSql(run: string, destination: string, revision: string): string {
  return `coalesce((SELECT true FROM public.audit_events e
    WHERE e.run_id = ${run} AND e.event_type IN (${eventTypeSql("delivery_failed")}, ${eventTypeSql("lead_delivered")})
      AND e.payload ->> 'destination' = ${destination}
      AND e.payload ->> 'revision' IS NOT DISTINCT FROM (${revision})::text
      AND (e.event_type = ${eventTypeSql("lead_delivered")} OR e.payload ->> 'outcome' = ANY (${perhapsArrivedCodesSql})
        OR e.payload -> 'perhaps_arrived' = 'true')
    ORDER BY e.event_time DESC LIMIT 1), false)`;
}

/**
 * Parameters: $1 run ids, $2 destinations, $3 attempts, $4 events as JSON text, $5 the node.
 * `fenced`: the attempts whose outcome still counts, their runs locked first and in order; `place` is where an attempt
 * stands in the arrays, so that more of it is read from there: a join of the batch with itself is planned for the few
 * rows that arrays are thought to have, and costs the square of what they do have. The actor comes with the rows, so it
 * is set before any trigger asks for it.
 */
export const fencedDeliveriesSql = `
  input AS MATERIALIZED (
    SELECT t.run_id, t.destination, t.attempt, t.event::jsonb AS event, t.place, actor
    FROM set_config('leadledger.actor', 'delivery', true) AS actor,
      unnest($1::uuid[], $2::text[], $3::int[], $4::text[]) WITH ORDINALITY AS t (run_id, destination, attempt, event, place)),
  locked AS MATERIALIZED (
    SELECT run_id FROM public.runs WHERE run_id IN (SELECT run_id FROM input) ORDER BY run_id FOR NO KEY UPDATE),
  fenced AS MATERIALIZED (
    SELECT i.run_id, i.destination, i.event, i.actor, i.place, d.replay, d.revision
    FROM (SELECT count(*) FROM locked) AS all_locked, input i
      JOIN internal.deliveries d ON d.run_id = i.run_id AND d.destination = i.destination
        AND d.attempt = i.attempt AND d.leased_by = $5
    FOR UPDATE OF d)`;
