-- Keeps the figures of hours: adds differences, fills in what was there before they were kept, counts afresh. What is said
-- of roll-up-days.sql holds here, too: all of it happens in the snapshot of kpi_roll_up().

-- Adds the differences seen to the hours that are kept. Those of kpi_deltas stay: kpi_roll_up() adds them to the days.
CREATE OR REPLACE FUNCTION internal.hours_add_differences() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  zone text := internal.reporting_timezone();
  kept_from timestamptz := coalesce(internal.hours_counted_from(), 'infinity');
  left_alone date[] := internal.kpi_days_left_alone();
BEGIN
  WITH seen AS (DELETE FROM internal.hour_deltas RETURNING *),
  sources AS (
    INSERT INTO internal.figures_hourly AS k (hour, source, received_count, processed_count, failed_count, no_destination_count,
        resolved_by_hand_count, withdrawn_count, duplicate_count, conflict_count, refused_count, quarantined_count, denied_count)
      SELECT date_trunc('hour', bucket, zone), source, sum(received), sum(processed), sum(failed), sum(no_destination), sum(by_hand),
        sum(withdrawn), sum(duplicates), sum(conflicts), sum(refused), sum(quarantined), sum(denied)
      FROM (
        SELECT bucket, source, received, processed, failed, no_destination, by_hand, withdrawn, 0 AS duplicates, 0 AS conflicts,
          0 AS refused, 0 AS quarantined, 0 AS denied
        FROM internal.kpi_deltas WHERE source IS NOT NULL
        UNION ALL
        SELECT bucket, source, 0, 0, 0, 0, 0, 0, duplicates, conflicts, refused, quarantined, denied
        FROM seen WHERE source IS NOT NULL AND (duplicates, conflicts, refused, quarantined, denied) <> (0, 0, 0, 0, 0)) AS d
      WHERE date_trunc('hour', bucket, zone) >= kept_from AND (bucket AT TIME ZONE zone)::date <> ALL (left_alone)
      GROUP BY 1, 2
      ON CONFLICT (hour, source) DO UPDATE
      SET received_count = k.received_count + excluded.received_count, processed_count = k.processed_count + excluded.processed_count,
        failed_count = k.failed_count + excluded.failed_count,
        no_destination_count = k.no_destination_count + excluded.no_destination_count,
        resolved_by_hand_count = k.resolved_by_hand_count + excluded.resolved_by_hand_count,
        withdrawn_count = k.withdrawn_count + excluded.withdrawn_count,
        duplicate_count = k.duplicate_count + excluded.duplicate_count, conflict_count = k.conflict_count + excluded.conflict_count,
        refused_count = k.refused_count + excluded.refused_count,
        quarantined_count = k.quarantined_count + excluded.quarantined_count, denied_count = k.denied_count + excluded.denied_count),
  destinations AS (
    INSERT INTO internal.destination_figures_hourly AS k (hour, destination, delivered_count, failed_attempt_count, entry_count)
      SELECT date_trunc('hour', bucket, zone), destination, sum(delivered), sum(failed_attempts), sum(entries)
      FROM seen
      WHERE destination IS NOT NULL AND date_trunc('hour', bucket, zone) >= kept_from AND (bucket AT TIME ZONE zone)::date <> ALL (left_alone)
      GROUP BY 1, 2
      ON CONFLICT (hour, destination) DO UPDATE
      SET delivered_count = k.delivered_count + excluded.delivered_count,
        failed_attempt_count = k.failed_attempt_count + excluded.failed_attempt_count, entry_count = k.entry_count + excluded.entry_count)
  INSERT INTO internal.durations_hourly AS k (hour, measure, source, destination, bucket_upper_ms, count)
    SELECT date_trunc('hour', bucket, zone), measure, source, destination, within_ms, sum(leads)
    FROM (
      SELECT bucket, 'processed' AS measure, source, '' AS destination, within_ms, processed AS leads
      FROM internal.kpi_deltas WHERE within_ms IS NOT NULL
      UNION ALL
      SELECT received_bucket, 'first_delivery', source, '', within_ms, anywhere_first FROM seen WHERE anywhere_first > 0
      UNION ALL
      SELECT received_bucket, 'delivery', source, destination, within_ms, here_first FROM seen WHERE here_first > 0) AS d
    WHERE date_trunc('hour', bucket, zone) >= kept_from AND (bucket AT TIME ZONE zone)::date <> ALL (left_alone)
    GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (hour, measure, source, destination, bucket_upper_ms) DO UPDATE SET count = k.count + excluded.count;
END
$$;

-- Counts the hours of a time from a day's beginning to another's afresh and returns the days of those that were not right.
-- Days that are left alone stay as they are. are_noted: as of hours_count_sources().
CREATE OR REPLACE FUNCTION internal.hours_recount(first_time timestamptz, end_time timestamptz, are_noted boolean) RETURNS SETOF date
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  zone text := internal.reporting_timezone();
  left_alone date[] := internal.kpi_days_left_alone();
BEGIN
  RETURN QUERY
    WITH truth AS MATERIALIZED (
      SELECT t.* FROM internal.hours_count_sources(first_time, end_time, are_noted) t WHERE (t.hour AT TIME ZONE zone)::date <> ALL (left_alone)),
    noted AS MATERIALIZED (
      SELECT k.* FROM internal.figures_hourly k
      WHERE k.hour >= first_time AND k.hour < end_time AND (k.hour AT TIME ZONE zone)::date <> ALL (left_alone)),
    removed AS (
      DELETE FROM internal.figures_hourly k USING (SELECT n.hour, n.source FROM noted n EXCEPT SELECT t.hour, t.source FROM truth t) AS wrong
        WHERE k.hour = wrong.hour AND k.source = wrong.source RETURNING k.hour),
    mended AS (
      INSERT INTO internal.figures_hourly AS k SELECT * FROM truth EXCEPT SELECT * FROM noted
        ON CONFLICT (hour, source) DO UPDATE
        SET received_count = excluded.received_count, processed_count = excluded.processed_count, failed_count = excluded.failed_count,
          no_destination_count = excluded.no_destination_count, resolved_by_hand_count = excluded.resolved_by_hand_count,
          withdrawn_count = excluded.withdrawn_count, duplicate_count = excluded.duplicate_count,
          conflict_count = excluded.conflict_count, refused_count = excluded.refused_count,
          quarantined_count = excluded.quarantined_count, denied_count = excluded.denied_count
        RETURNING k.hour)
    SELECT DISTINCT (wrong.hour AT TIME ZONE zone)::date FROM (SELECT * FROM removed UNION ALL SELECT * FROM mended) AS wrong;

  RETURN QUERY
    WITH truth AS MATERIALIZED (
      SELECT t.* FROM internal.hours_count_destinations(first_time, end_time, are_noted) t WHERE (t.hour AT TIME ZONE zone)::date <> ALL (left_alone)),
    noted AS MATERIALIZED (
      SELECT k.* FROM internal.destination_figures_hourly k
      WHERE k.hour >= first_time AND k.hour < end_time AND (k.hour AT TIME ZONE zone)::date <> ALL (left_alone)),
    removed AS (
      DELETE FROM internal.destination_figures_hourly k
        USING (SELECT n.hour, n.destination FROM noted n EXCEPT SELECT t.hour, t.destination FROM truth t) AS wrong
        WHERE k.hour = wrong.hour AND k.destination = wrong.destination RETURNING k.hour),
    mended AS (
      INSERT INTO internal.destination_figures_hourly AS k SELECT * FROM truth EXCEPT SELECT * FROM noted
        ON CONFLICT (hour, destination) DO UPDATE
        SET delivered_count = excluded.delivered_count, failed_attempt_count = excluded.failed_attempt_count,
          entry_count = excluded.entry_count
        RETURNING k.hour)
    SELECT DISTINCT (wrong.hour AT TIME ZONE zone)::date FROM (SELECT * FROM removed UNION ALL SELECT * FROM mended) AS wrong;

  RETURN QUERY
    WITH truth AS MATERIALIZED (
      SELECT t.* FROM internal.hours_count_durations(first_time, end_time, are_noted) t WHERE (t.hour AT TIME ZONE zone)::date <> ALL (left_alone)),
    noted AS MATERIALIZED (
      SELECT k.* FROM internal.durations_hourly k
      WHERE k.hour >= first_time AND k.hour < end_time AND (k.hour AT TIME ZONE zone)::date <> ALL (left_alone)),
    removed AS (
      DELETE FROM internal.durations_hourly k
        USING (SELECT n.hour, n.measure, n.source, n.destination, n.bucket_upper_ms FROM noted n
          EXCEPT SELECT t.hour, t.measure, t.source, t.destination, t.bucket_upper_ms FROM truth t) AS wrong
        WHERE (k.hour, k.measure, k.source, k.destination, k.bucket_upper_ms)
          = (wrong.hour, wrong.measure, wrong.source, wrong.destination, wrong.bucket_upper_ms) RETURNING k.hour),
    mended AS (
      INSERT INTO internal.durations_hourly AS k SELECT * FROM truth EXCEPT SELECT * FROM noted
        ON CONFLICT (hour, measure, source, destination, bucket_upper_ms) DO UPDATE SET count = excluded.count
        RETURNING k.hour)
    SELECT DISTINCT (wrong.hour AT TIME ZONE zone)::date FROM (SELECT * FROM removed UNION ALL SELECT * FROM mended) AS wrong;
END
$$;

-- Counts the hours since next_from that are not kept yet; since then they are.
CREATE OR REPLACE FUNCTION internal.hours_fill_from(next_from timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM internal.hours_recount(next_from, coalesce(internal.hours_counted_from(), 'infinity'), false);
  INSERT INTO internal.settings AS s (name, value) VALUES ('hours_counted_from', to_jsonb(next_from))
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp();
END
$$;

-- Fills in the days that hold the next leads_max leads, the newest first: what was there before the figures of hours were is
-- counted so, a piece with each roll-up; also what an archive brought.
CREATE OR REPLACE FUNCTION internal.hours_fill(leads_max integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  zone text := internal.reporting_timezone();
  kept_from timestamptz := internal.hours_counted_from();
BEGIN
  IF kept_from = '-infinity' THEN
    RETURN;
  END IF;
  PERFORM internal.hours_fill_from(coalesce(
    (SELECT (received_at AT TIME ZONE zone)::date::timestamp AT TIME ZONE zone FROM public.runs
     WHERE received_at < coalesce(kept_from, 'infinity') ORDER BY received_at DESC OFFSET leads_max LIMIT 1),
    '-infinity'));
END
$$;
