-- The figures of hours, counted afresh from runs, dlq and audit_events, and the histogram of how long things took.

-- Upper bounds of the histogram's buckets in milliseconds, each at most a quarter above the one before it (below 8 ms by a
-- whole millisecond or two). Round times are among them, so that "within five minutes" can be told exactly. They never
-- change: counts of different times are added up.
CREATE OR REPLACE FUNCTION internal.duration_bounds() RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{
    1,2,3,4,5,6,8,10,12,15,18,20,25,30,35,40,50,60,70,80,100,125,150,175,200,250,300,350,400,500,600,700,800,
    1000,1250,1500,1750,2000,2500,3000,3500,4000,5000,6000,7000,8000,10000,12000,15000,18000,20000,25000,30000,
    35000,40000,50000,60000,75000,90000,105000,120000,150000,180000,210000,240000,300000,360000,420000,480000,
    600000,720000,900000,1080000,1200000,1500000,1800000,2100000,2400000,3000000,3600000,4500000,5400000,
    6300000,7200000,9000000,10800000,12600000,14400000,18000000,21600000,25200000,28800000,36000000,43200000,
    54000000,64800000,75600000,86400000,108000000,129600000,151200000,172800000,216000000,259200000,302400000,
    345600000,432000000,518400000,604800000,691200000,864000000,1036800000,1209600000,1468800000,1814400000,
    2160000000,2592000000,3024000000,3456000000,4320000000,5184000000,6480000000,7776000000,9223372036854775807}'::bigint[];

-- The bound of the bucket that a duration is counted in. Its own array, in microseconds and of numbers that need no
-- conversion: settlement asks for every lead. Half a microsecond less, because a bound belongs to its own bucket.
CREATE OR REPLACE FUNCTION internal.duration_bucket(earlier timestamptz, later timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (internal.duration_bounds())[1 + width_bucket(date_part('epoch', later - earlier) * 1000000 - 0.5, '{
    1000,2000,3000,4000,5000,6000,8000,10000,12000,15000,18000,20000,25000,30000,35000,40000,50000,60000,70000,
    80000,100000,125000,150000,175000,200000,250000,300000,350000,400000,500000,600000,700000,800000,1000000,
    1250000,1500000,1750000,2000000,2500000,3000000,3500000,4000000,5000000,6000000,7000000,8000000,10000000,
    12000000,15000000,18000000,20000000,25000000,30000000,35000000,40000000,50000000,60000000,75000000,90000000,
    105000000,120000000,150000000,180000000,210000000,240000000,300000000,360000000,420000000,480000000,
    600000000,720000000,900000000,1080000000,1200000000,1500000000,1800000000,2100000000,2400000000,3000000000,
    3600000000,4500000000,5400000000,6300000000,7200000000,9000000000,10800000000,12600000000,14400000000,
    18000000000,21600000000,25200000000,28800000000,36000000000,43200000000,54000000000,64800000000,75600000000,
    86400000000,108000000000,129600000000,151200000000,172800000000,216000000000,259200000000,302400000000,
    345600000000,432000000000,518400000000,604800000000,691200000000,864000000000,1036800000000,1209600000000,
    1468800000000,1814400000000,2160000000000,2592000000000,3024000000000,3456000000000,4320000000000,
    5184000000000,6480000000000,7776000000000}'::float8[])];

-- From when on the figures of hours are kept; NULL: of none yet. It moves back, a piece at a time (hours_fill()).
CREATE OR REPLACE FUNCTION internal.hours_counted_from() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (value #>> '{}')::timestamptz FROM internal.settings WHERE name = 'hours_counted_from'
$$;

-- Days on which nothing is counted: filled in by hand, or their runs may have left.
CREATE OR REPLACE FUNCTION internal.kpi_days_left_alone() RETURNS date[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT ARRAY(SELECT day FROM public.kpi_daily WHERE by_hand OR closed_at IS NOT NULL)
$$;

-- The three that follow count the hours of a time from a day's beginning to another's; times are what the ledger itself
-- wrote down: an event that somebody wrote by hand tells of nothing that happened. Ids of events grow with their time, but
-- for waits that are far shorter than an hour.

-- are_noted: they were counted before, and what cannot be counted again stays as it was noted. quarantined_count is always
-- what was noted: nothing else tells of it for good. So is denied_count then; else it is counted by the sources that there are
-- now, as names are the sender's choice. Where an erased event would say which destination it tells of, its hour stays.
CREATE OR REPLACE FUNCTION internal.hours_count_sources(first_time timestamptz, end_time timestamptz, are_noted boolean)
RETURNS SETOF internal.figures_hourly
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH zone AS MATERIALIZED (
    SELECT internal.reporting_timezone() AS name, internal.audit_event_id_at(first_time - interval '1 hour') AS first_event,
      internal.audit_event_id_at(end_time + interval '1 hour') AS last_event),
  told AS (
    SELECT e.event_time AS at, r.source, 1 AS duplicates, 0 AS denied
    FROM zone, public.audit_events e JOIN public.runs r ON r.run_id = e.run_id AND NOT r.test
    WHERE e.event_id > zone.first_event AND e.event_id <= zone.last_event AND e.event_type = 'duplicate_received'
      AND e.actor NOT LIKE 'db:%'
    UNION ALL
    SELECT e.event_time, coalesce((SELECT s.name FROM internal.sources s WHERE s.name = e.payload ->> 'source'), '(others)'), 0,
      (e.payload ->> 'count')::integer
    FROM zone, public.audit_events e
    WHERE e.event_id > zone.first_event AND e.event_id <= zone.last_event AND e.event_type = 'request_denied' AND e.actor = 'webhook'
      AND NOT are_noted),
  counted AS (
    SELECT received_at AS at, source, 1 AS received, (status = 'processed')::int AS processed, (status = 'failed')::int AS failed,
      (outcome IS NOT DISTINCT FROM 'no_destination')::int AS no_destination,
      (outcome IS NOT DISTINCT FROM 'resolved_by_hand')::int AS by_hand, (outcome IS NOT DISTINCT FROM 'withdrawn')::int AS withdrawn,
      0 AS duplicates, 0 AS conflicts, 0 AS refused, 0 AS quarantined, 0 AS denied
    FROM public.runs WHERE NOT test AND received_at >= first_time AND received_at < end_time
    UNION ALL
    SELECT created_at, source, 0, 0, 0, 0, 0, 0, 0, (kind = 'conflict')::int, (kind = 'refused')::int, 0, 0
    FROM public.dlq WHERE NOT test AND kind IN ('conflict', 'refused') AND source IS NOT NULL AND created_at >= first_time AND created_at < end_time
    UNION ALL
    SELECT at, source, 0, 0, 0, 0, 0, 0, duplicates, 0, 0, 0, denied FROM told WHERE at >= first_time AND at < end_time
    UNION ALL
    SELECT hour, source, 0, 0, 0, 0, 0, 0, 0, 0, 0, quarantined_count, CASE WHEN are_noted THEN denied_count ELSE 0 END
    FROM internal.figures_hourly WHERE (quarantined_count > 0 OR are_noted AND denied_count > 0) AND hour >= first_time AND hour < end_time)
  SELECT date_trunc('hour', at, zone.name), source, sum(received)::integer, sum(processed)::integer, sum(failed)::integer,
    sum(no_destination)::integer, sum(by_hand)::integer, sum(withdrawn)::integer, sum(duplicates)::integer, sum(conflicts)::integer,
    sum(refused)::integer, sum(quarantined)::integer, sum(denied)::integer
  FROM counted, zone GROUP BY 1, 2
$$;

CREATE OR REPLACE FUNCTION internal.hours_count_destinations(first_time timestamptz, end_time timestamptz, are_noted boolean)
RETURNS SETOF internal.destination_figures_hourly
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH zone AS MATERIALIZED (
    SELECT internal.reporting_timezone() AS name, internal.audit_event_id_at(first_time - interval '1 hour') AS first_event,
      internal.audit_event_id_at(end_time + interval '1 hour') AS last_event),
  told AS MATERIALIZED (
    SELECT e.event_time AS at, e.payload ->> 'destination' AS destination, (e.event_type = 'lead_delivered')::int AS delivered,
      (e.event_type = 'delivery_failed')::int AS failed_attempts, 0 AS entries
    FROM zone, public.audit_events e JOIN public.runs r ON r.run_id = e.run_id AND NOT r.test
    WHERE e.event_id > zone.first_event AND e.event_id <= zone.last_event AND e.event_type IN ('lead_delivered', 'delivery_failed')
      AND e.actor NOT LIKE 'db:%' AND e.event_time >= first_time AND e.event_time < end_time),
  stays AS MATERIALIZED (
    SELECT DISTINCT date_trunc('hour', at, zone.name) AS hour FROM told, zone WHERE destination IS NULL AND are_noted),
  counted AS (
    SELECT date_trunc('hour', at, zone.name) AS hour, happened.* FROM zone, (
      SELECT * FROM told
      UNION ALL
      SELECT created_at, destination, 0, 0, 1
      FROM public.dlq WHERE NOT test AND created_at >= first_time AND created_at < end_time) AS happened
    WHERE destination IS NOT NULL)
  SELECT hour, destination, sum(delivered)::integer, sum(failed_attempts)::integer, sum(entries)::integer
  FROM counted WHERE hour NOT IN (SELECT s.hour FROM stays s) GROUP BY 1, 2
  UNION ALL SELECT k.* FROM internal.destination_figures_hourly k WHERE k.hour IN (SELECT s.hour FROM stays s)
$$;

CREATE OR REPLACE FUNCTION internal.hours_count_durations(first_time timestamptz, end_time timestamptz, are_noted boolean)
RETURNS SETOF internal.durations_hourly
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH zone AS MATERIALIZED (SELECT internal.reporting_timezone() AS name),
  leads AS MATERIALIZED (
    SELECT run_id, source, received_at, processed_at FROM public.runs
    WHERE NOT test AND received_at >= first_time AND received_at < end_time),
  arrived AS MATERIALIZED (
    SELECT l.source, l.received_at, e.payload ->> 'destination' AS destination, e.event_time,
      row_number() OVER (PARTITION BY e.run_id ORDER BY e.event_time) AS place,
      row_number() OVER (PARTITION BY e.run_id, e.payload ->> 'destination' ORDER BY e.event_time) AS place_here
    FROM leads l JOIN public.audit_events e ON e.run_id = l.run_id AND e.event_type = 'lead_delivered' AND e.actor NOT LIKE 'db:%'),
  stays AS MATERIALIZED (
    SELECT DISTINCT date_trunc('hour', received_at, zone.name) AS hour FROM arrived, zone WHERE destination IS NULL AND are_noted),
  counted AS (
    SELECT received_at, 'processed' AS measure, source, '' AS destination, processed_at AS at FROM leads WHERE processed_at IS NOT NULL
    UNION ALL SELECT received_at, 'first_delivery', source, '', event_time FROM arrived WHERE place = 1
    UNION ALL SELECT received_at, 'delivery', source, destination, event_time FROM arrived WHERE place_here = 1 AND destination IS NOT NULL)
  SELECT date_trunc('hour', received_at, zone.name) AS hour, measure, source, destination,
    internal.duration_bucket(received_at, at), count(*)
  FROM counted, zone
  WHERE measure <> 'delivery' OR date_trunc('hour', received_at, zone.name) NOT IN (SELECT s.hour FROM stays s)
  GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT k.* FROM internal.durations_hourly k WHERE k.measure = 'delivery' AND k.hour IN (SELECT s.hour FROM stays s)
$$;
