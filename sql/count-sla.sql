-- How leads kept what was agreed about them, counted from runs, dlq, audit_events and contacts.
--
-- Time may count only while it is open: opens and closes are the spans, in their order, and before_us the microseconds that
-- it was open before each; NULL: all the time. What lies before the first span counts for nothing.

-- For how long it was open between two instants, in microseconds.
CREATE OR REPLACE FUNCTION internal.sla_open_us(at timestamptz, opens timestamptz[], closes timestamptz[], before_us bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN width_bucket(at, opens) = 0 THEN 0
  ELSE before_us[width_bucket(at, opens)]
    + internal.microseconds_between(opens[width_bucket(at, opens)], least(at, closes[width_bucket(at, opens)])) END;

CREATE OR REPLACE FUNCTION internal.sla_elapsed_us(since timestamptz, until timestamptz, opens timestamptz[], closes timestamptz[], before_us bigint[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN opens IS NULL THEN internal.microseconds_between(since, until)
  ELSE internal.sla_open_us(until, opens, closes, before_us) - internal.sla_open_us(since, opens, closes, before_us) END;

-- Leads that a target is about, received from first_at to before next_at. done_at: when it was done, NULL while it is not;
-- is_lost: it never will be, as it stands; has_failed: it is in the DLQ, from which it may come back. A lead is done when it
-- is processed, unless nobody got it; a delivery when it arrived for the first time, or a person resolved its entry. What
-- was withdrawn, or was not wanted by the destination's condition, is no lead here. Of a destination that somebody ordered
-- a lead for afterwards, that lead is none, either. An event that somebody wrote by hand tells of nothing that happened.
CREATE OR REPLACE FUNCTION internal.sla_leads(the_source text, the_destination text, the_client text, by_contact boolean,
  first_at timestamptz, next_at timestamptz)
RETURNS TABLE (received_at timestamptz, done_at timestamptz, is_lost boolean, has_failed boolean, by_hand boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r.received_at,
    CASE WHEN by_contact THEN c.contacted_at WHEN r.status = 'processed' AND r.outcome <> 'no_destination' THEN r.processed_at END,
    NOT by_contact AND r.outcome IS NOT DISTINCT FROM 'no_destination', NOT by_contact AND r.status = 'failed',
    NOT by_contact AND r.outcome IS NOT DISTINCT FROM 'resolved_by_hand'
  FROM public.runs r LEFT JOIN internal.contacts c ON by_contact AND c.run_id = r.run_id
  WHERE the_destination IS NULL AND NOT r.test AND r.received_at >= first_at AND r.received_at < next_at
    AND (the_source IS NULL OR r.source = the_source)
    AND (the_source IS NOT NULL OR the_client IS NULL
      OR r.source = ANY (ARRAY(SELECT s.name FROM internal.sources s WHERE s.client = the_client)))
    AND r.outcome IS DISTINCT FROM 'withdrawn' AND NOT (by_contact AND r.refused)
  UNION ALL
  SELECT r.received_at,
    CASE WHEN by_contact THEN c.contacted_at ELSE coalesce(x.delivered_at, CASE WHEN q.status = 'resolved' THEN q.closed_at END) END,
    false, NOT by_contact AND x.delivered_at IS NULL AND q.status IN ('open', 'retrying', 'dead'),
    NOT by_contact AND x.delivered_at IS NULL AND q.status IS NOT DISTINCT FROM 'resolved'
  FROM public.runs r LEFT JOIN internal.contacts c ON by_contact AND c.run_id = r.run_id
  CROSS JOIN LATERAL (
    SELECT min(e.event_time) FILTER (WHERE e.event_type = 'lead_delivered') AS delivered_at,
      min(e.event_time) FILTER (WHERE e.event_type = 'replay_requested') AS replayed_at,
      (SELECT true FROM internal.deliveries d
       WHERE d.run_id = r.run_id AND d.destination = the_destination AND NOT d.replay LIMIT 1) AS waits
    FROM public.audit_events e
    WHERE e.run_id = r.run_id AND e.event_type IN ('lead_delivered', 'replay_requested')
      AND e.actor NOT LIKE 'db:%' AND e.payload ->> 'destination' = the_destination) AS x
  LEFT JOIN LATERAL (
    SELECT q.status, q.resolution, q.closed_at FROM public.dlq q
    WHERE q.run_id = r.run_id AND q.kind = 'delivery' AND q.destination = the_destination
    ORDER BY q.dlq_id DESC LIMIT 1) AS q ON true
  WHERE the_destination IS NOT NULL AND NOT r.test AND r.received_at >= first_at AND r.received_at < next_at
    AND (the_source IS NULL OR r.source = the_source)
    AND (x.waits OR q.status IS NOT NULL OR x.delivered_at < coalesce(x.replayed_at, 'infinity'))
    AND (x.delivered_at IS NOT NULL OR q.status IS DISTINCT FROM 'resolved'
      OR q.resolution NOT IN ('withdrawn', 'skipped', 'erased'))
$$;

-- Each of these leads with its fate, as it stands at `at`: met | missed | pending; NULL: it is not counted. took_us: how long
-- it took or takes; late_us: how long ago its time was over.
CREATE OR REPLACE FUNCTION internal.sla_judged_leads(the_measure text, the_source text, the_destination text, the_client text,
  within_us bigint, opens timestamptz[], closes timestamptz[], before_us bigint[],
  first_at timestamptz, next_at timestamptz, at timestamptz)
RETURNS TABLE (fate text, is_done boolean, by_hand boolean, took_us bigint, late_us bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE the_measure
      WHEN 'success' THEN CASE WHEN done_at IS NOT NULL THEN 'met' WHEN is_lost OR has_failed THEN 'missed' ELSE 'pending' END
      WHEN 'delivery_time' THEN
        CASE WHEN done_at IS NULL THEN CASE WHEN is_lost OR has_failed THEN NULL ELSE 'pending' END
          WHEN took_us <= within_us THEN 'met' ELSE 'missed' END
      ELSE CASE WHEN done_at IS NOT NULL AND took_us <= within_us THEN 'met' WHEN is_lost OR took_us > within_us THEN 'missed'
        ELSE 'pending' END
    END, done_at IS NOT NULL, by_hand, took_us,
    internal.sla_elapsed_us(received_at, at, opens, closes, before_us)
      - CASE WHEN the_measure IN ('delivered', 'contacted') THEN within_us ELSE 0 END
  FROM (
    SELECT l.*, internal.sla_elapsed_us(l.received_at, coalesce(l.done_at, at), opens, closes, before_us) AS took_us
    FROM internal.sla_leads(the_source, the_destination, the_client, the_measure = 'contacted', first_at, next_at) l) AS leads
$$;

-- The leads received from first_at to before next_at, counted. value_us: how long those that are done took at that share.
CREATE OR REPLACE FUNCTION internal.sla_count_leads(the_measure text, the_source text, the_destination text, the_client text,
  within_us bigint, opens timestamptz[], closes timestamptz[], before_us bigint[],
  first_at timestamptz, next_at timestamptz, at timestamptz, share double precision)
RETURNS TABLE (met integer, missed integer, pending integer, by_hand integer, value_us bigint, median_us bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (count(*) FILTER (WHERE fate = 'met'))::integer, (count(*) FILTER (WHERE fate = 'missed'))::integer,
    (count(*) FILTER (WHERE fate = 'pending'))::integer, (count(*) FILTER (WHERE fate = 'met' AND j.by_hand))::integer,
    percentile_disc(share) WITHIN GROUP (ORDER BY took_us) FILTER (WHERE is_done),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY took_us) FILTER (WHERE is_done)
  FROM internal.sla_judged_leads(the_measure, the_source, the_destination, the_client, within_us, opens, closes, before_us,
    first_at, next_at, at) j
$$;

-- Those whose time was over within each of these windows before `at` (of success and delivery_time: that were received in it),
-- counted. Windows are measured as the target's time is. first_at lies before all of them.
CREATE OR REPLACE FUNCTION internal.sla_count_windows(the_measure text, the_source text, the_destination text, the_client text,
  within_us bigint, opens timestamptz[], closes timestamptz[], before_us bigint[],
  first_at timestamptz, at timestamptz, windows_us bigint[])
RETURNS TABLE (window_us bigint, decided integer, missed integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH judged AS MATERIALIZED (
    SELECT fate, late_us FROM internal.sla_judged_leads(the_measure, the_source, the_destination, the_client, within_us, opens,
      closes, before_us, first_at, at, at)
    WHERE fate IN ('met', 'missed') AND late_us >= 0)
  SELECT w.window_us, (count(fate))::integer, (count(*) FILTER (WHERE fate = 'missed'))::integer
  FROM unnest(windows_us) AS w (window_us) LEFT JOIN judged ON judged.late_us < w.window_us
  GROUP BY w.window_us
$$;

-- DLQ entries that were open some time from first_at to before next_at, and how old the oldest became until next_at.
CREATE OR REPLACE FUNCTION internal.sla_count_entries(the_source text, the_destination text, the_client text,
  within_us bigint, opens timestamptz[], closes timestamptz[], before_us bigint[], first_at timestamptz, next_at timestamptz)
RETURNS TABLE (met integer, missed integer, oldest_us bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (count(*) FILTER (WHERE age_us <= within_us))::integer, (count(*) FILTER (WHERE age_us > within_us))::integer, max(age_us)
  FROM (
    SELECT internal.sla_elapsed_us(q.created_at, least(q.closed_at, next_at), opens, closes, before_us) AS age_us
    FROM (
      SELECT source, destination, created_at, closed_at FROM public.dlq
        WHERE status IN ('open', 'retrying') AND created_at < next_at AND NOT test
      UNION ALL
      SELECT source, destination, created_at, closed_at FROM public.dlq
        WHERE closed_at IS NOT NULL AND closed_at >= first_at AND created_at < next_at AND NOT test) AS q
    WHERE (the_destination IS NULL OR q.destination = the_destination) AND (the_source IS NULL OR q.source = the_source)
      AND (the_source IS NOT NULL OR the_destination IS NOT NULL OR the_client IS NULL
        OR q.source = ANY (ARRAY(SELECT s.name FROM internal.sources s WHERE s.client = the_client)))) AS entries
$$;

-- Under the name and for the roles that read it beside kpi_daily.
CREATE OR REPLACE VIEW public.sla_daily AS
  SELECT k.day, k.sla, coalesce(k.label, k.sla) AS label, k.measure, k.source, k.destination,
    CASE WHEN k.source IS NOT NULL THEN coalesce((SELECT s.client FROM internal.sources s WHERE s.name = k.source), '')
      WHEN k.destination IS NOT NULL THEN coalesce((SELECT d.client FROM internal.destinations d WHERE d.name = k.destination), '')
      ELSE k.client END AS client,
    k.within_ms, (k.share_millionths / 1000000.0)::numeric(7, 6) AS target_share,
    array_to_string(k.opening_hours, '; ') AS opening_hours, k.holidays, k.state,
    k.met_count + k.missed_count AS decided_count, k.met_count, k.missed_count, k.pending_count, k.by_hand_count,
    (k.met_count::numeric / nullif(k.met_count + k.missed_count, 0))::numeric(7, 6) AS share,
    k.value_ms, k.median_ms, k.counted_at, k.judged_at, k.changed_at, k.change_reason
  FROM internal.sla_daily k;
COMMENT ON VIEW public.sla_daily IS 'How a day kept a service level, as it was agreed that day: one row per day and target.';

DO $$
DECLARE
  described record;
BEGIN
  FOR described IN
    SELECT a.attname AS name, col_description(a.attrelid, a.attnum) AS comment
    FROM pg_attribute a
    JOIN pg_attribute shown ON shown.attrelid = 'public.sla_daily'::regclass AND shown.attname = a.attname
    WHERE a.attrelid = 'internal.sla_daily'::regclass AND a.attnum > 0 AND NOT a.attisdropped
  LOOP
    EXECUTE format('COMMENT ON COLUMN public.sla_daily.%I IS %L', described.name, described.comment);
  END LOOP;
END
$$;
COMMENT ON COLUMN public.sla_daily.client IS 'Whose leads these are, of an agency; empty: of sources that name no client; NULL: of all.';
COMMENT ON COLUMN public.sla_daily.target_share IS 'The share that was agreed: 0.99 is 99 %; of delivery_time the percentile.';
COMMENT ON COLUMN public.sla_daily.opening_hours IS 'Time is counted only while it is open by these rules; NULL: all the time.';
COMMENT ON COLUMN public.sla_daily.decided_count IS 'met_count + missed_count.';
COMMENT ON COLUMN public.sla_daily.share IS 'met_count / decided_count; NULL: nothing is decided.';
