// Figures of hours that are not what runs, entries and events say, counted afresh in one snapshot and with the differences that
// wait to be added. It asks none of the functions that keep them.
import { durationBoundsMs } from "../../domain/figures/duration-histogram.ts";
import type { Queryable } from "../connection/database.ts";

export interface WrongHour {
  readonly what: "hour_figures_wrong";
  /** ISO date in the reporting time zone. */
  readonly day: string;
  /** null: it is about a destination. */
  readonly source: string | null;
  readonly noted: string;
  readonly counted: string;
}

/** More of them say no more. */
const wrongHoursMax = 1_000;

/** `timezone`: the reporting one. To be asked in a REPEATABLE READ snapshot where somebody may be at work. */
export async function findWrongHours(snapshot: Queryable, timezone: string): Promise<WrongHour[]> {
  const boundsUs = durationBoundsMs.map((ms) => ms * 1000);
  const { rows } = await snapshot.query<WrongHour>(hoursSql, [timezone, boundsUs]);
  return rows;
}

/** Begin of the hour on the reporting zone's clock. */
const hourOf = (at: string) => `${at} - (${at} AT TIME ZONE $1 - date_trunc('hour', ${at} AT TIME ZONE $1))`;
const longest = "9223372036854775807";
const boundOf = (from: string, to: string) => `
  coalesce(($2::bigint[])[1 + width_bucket((extract(epoch FROM ${to} - ${from}) * 1000000)::bigint - 1, $2::bigint[])] / 1000, ${longest})`;

const sourceFigures =
  "received processed failed no_destination by_hand withdrawn duplicates conflicts refused".split(" ");
const destinationFigures = "delivered failed_attempts entries".split(" ");

/** Sums of the figures that were noted, or counted, as text. */
function sums(figures: readonly string[], which: "NOT counted" | "counted"): string {
  return `concat_ws(' ', ${figures.map((figure) => `coalesce(sum(${figure}) FILTER (WHERE ${which}), 0)`).join(", ")})`;
}

// Hours before hours_counted_from are filled in later. What was quarantined or denied nothing else tells of as it was counted.
// Of an erased event nobody knows the destination: the hour that it was in is not judged for destinations.
const hoursSql = `
  WITH kept AS MATERIALIZED (
    SELECT coalesce((SELECT (value #>> '{}')::timestamptz FROM internal.settings WHERE name = 'hours_counted_from'), 'infinity') AS since),
  left_alone AS MATERIALIZED (SELECT day FROM public.kpi_daily WHERE by_hand OR closed_at IS NOT NULL),
  told AS MATERIALIZED (
    SELECT e.event_type, e.event_time AS at, e.payload ->> 'destination' AS destination, r.run_id, r.source, r.received_at
    FROM public.audit_events e JOIN public.runs r ON r.run_id = e.run_id
    WHERE NOT r.test AND e.event_type IN ('lead_delivered', 'delivery_failed', 'duplicate_received') AND left(e.actor, 3) <> 'db:'),
  of_sources AS (
    SELECT ${hourOf("at")} AS hour, s.*, true AS counted FROM (
      SELECT received_at AS at, source, 1 AS received, (status = 'processed')::int AS processed, (status = 'failed')::int AS failed,
        coalesce(outcome = 'no_destination', false)::int AS no_destination, coalesce(outcome = 'resolved_by_hand', false)::int AS by_hand,
        coalesce(outcome = 'withdrawn', false)::int AS withdrawn, 0 AS duplicates, 0 AS conflicts, 0 AS refused
      FROM public.runs WHERE NOT test
      UNION ALL SELECT at, source, 0, 0, 0, 0, 0, 0, 1, 0, 0 FROM told WHERE event_type = 'duplicate_received'
      UNION ALL SELECT created_at, source, 0, 0, 0, 0, 0, 0, 0, (kind = 'conflict')::int, (kind = 'refused')::int
        FROM public.dlq WHERE NOT test AND source IS NOT NULL AND kind IN ('conflict', 'refused')) AS s
    UNION ALL
    SELECT hour, hour, source, received_count, processed_count, failed_count, no_destination_count, resolved_by_hand_count,
      withdrawn_count, duplicate_count, conflict_count, refused_count, false
    FROM internal.figures_hourly
    UNION ALL
    SELECT ${hourOf("bucket")}, bucket, source, received, processed, failed, no_destination, by_hand, withdrawn, 0, 0, 0, false
    FROM internal.kpi_deltas WHERE source IS NOT NULL
    UNION ALL
    SELECT ${hourOf("bucket")}, bucket, source, 0, 0, 0, 0, 0, 0, duplicates, conflicts, refused, false
    FROM internal.hour_deltas WHERE source IS NOT NULL),
  of_destinations AS (
    SELECT ${hourOf("at")} AS hour, d.*, true AS counted FROM (
      SELECT at, destination, (event_type = 'lead_delivered')::int AS delivered, (event_type = 'delivery_failed')::int AS failed_attempts,
        0 AS entries
      FROM told WHERE event_type <> 'duplicate_received' AND destination IS NOT NULL
      UNION ALL SELECT created_at, destination, 0, 0, 1 FROM public.dlq WHERE NOT test AND destination IS NOT NULL) AS d
    UNION ALL
    SELECT hour, hour, destination, delivered_count, failed_attempt_count, entry_count, false FROM internal.destination_figures_hourly
    UNION ALL
    SELECT ${hourOf("bucket")}, bucket, destination, delivered, failed_attempts, entries, false
    FROM internal.hour_deltas WHERE destination IS NOT NULL),
  durations AS (
    SELECT ${hourOf("received_at")} AS hour, measure, source, destination, ${boundOf("received_at", "at")} AS bound, 1 AS leads, true AS counted
    FROM (
      SELECT received_at, 'processed' AS measure, source, '' AS destination, processed_at AS at
      FROM public.runs WHERE NOT test AND processed_at IS NOT NULL
      UNION ALL
      SELECT received_at, 'first_delivery', source, '', min(at) FROM told WHERE event_type = 'lead_delivered'
      GROUP BY run_id, received_at, source
      UNION ALL
      SELECT received_at, 'delivery', source, destination, min(at) FROM told
      WHERE event_type = 'lead_delivered' AND destination IS NOT NULL GROUP BY run_id, received_at, source, destination) AS took
    UNION ALL
    SELECT hour, measure, source, destination, bucket_upper_ms, count, false FROM internal.durations_hourly
    UNION ALL
    SELECT ${hourOf("bucket")}, 'processed', source, '', within_ms, processed, false FROM internal.kpi_deltas WHERE within_ms IS NOT NULL
    UNION ALL
    SELECT ${hourOf("received_bucket")}, 'first_delivery', source, '', within_ms, anywhere_first, false
    FROM internal.hour_deltas WHERE anywhere_first > 0
    UNION ALL
    SELECT ${hourOf("received_bucket")}, 'delivery', source, destination, within_ms, here_first, false
    FROM internal.hour_deltas WHERE here_first > 0),
  erased AS MATERIALIZED (
    SELECT ${hourOf("at")} AS hour, ${hourOf("received_at")} AS received_hour
    FROM told WHERE event_type <> 'duplicate_received' AND destination IS NULL),
  wrong AS (
    SELECT hour, source, '' AS what, ${sums(sourceFigures, "NOT counted")} AS noted, ${sums(sourceFigures, "counted")} AS counted
    FROM of_sources GROUP BY hour, source
    HAVING ${sums(sourceFigures, "NOT counted")} <> ${sums(sourceFigures, "counted")}
    UNION ALL
    SELECT hour, NULL, destination, ${sums(destinationFigures, "NOT counted")}, ${sums(destinationFigures, "counted")}
    FROM of_destinations WHERE hour NOT IN (SELECT e.hour FROM erased e) GROUP BY hour, destination
    HAVING ${sums(destinationFigures, "NOT counted")} <> ${sums(destinationFigures, "counted")}
    UNION ALL
    SELECT hour, source, concat_ws(' ', measure, nullif(destination, ''), bound, 'ms'),
      coalesce(sum(leads) FILTER (WHERE NOT counted), 0)::text, coalesce(sum(leads) FILTER (WHERE counted), 0)::text
    FROM durations WHERE measure <> 'delivery' OR hour NOT IN (SELECT e.received_hour FROM erased e)
    GROUP BY hour, measure, source, destination, bound
    HAVING coalesce(sum(leads) FILTER (WHERE NOT counted), 0) <> coalesce(sum(leads) FILTER (WHERE counted), 0))
  SELECT 'hour_figures_wrong' AS what, (hour AT TIME ZONE $1)::date::text AS day, source,
    concat_ws(' ', to_char(hour AT TIME ZONE 'UTC', 'HH24:MI"Z"'), nullif(what, ''), noted) AS noted, counted
  FROM wrong
  WHERE hour >= (SELECT since FROM kept) AND (hour AT TIME ZONE $1)::date NOT IN (SELECT day FROM left_alone)
  ORDER BY hour, source, what LIMIT ${wrongHoursMax}`;
