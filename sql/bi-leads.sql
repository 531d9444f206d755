-- What BI tools read of leads: views of a fixed form in the schema bi. Their roles need no right on a table, and no function of
-- ours is called in them, because a view calls functions with the rights of whoever asks.
--
-- A view of version 1 never changes (sql/bi-contract.json, test/flow/bi-contract.test.ts): what is new comes beside it as
-- version 2. Nothing in them says who a person is: no payload, no key, no text of an error, nobody who acted. Times stand
-- there twice, as a moment and as the clock of the reporting time zone showed it, because drivers convert moments as
-- they please.

-- The days of the reporting time zone, from the first lead to tomorrow, and when they begin and end. Where the clock
-- shows midnight twice, a day begins with the first.
CREATE OR REPLACE VIEW internal.bi_days AS
  SELECT d.day, d.zone,
    CASE WHEN ((d.midnight - interval '1 hour') AT TIME ZONE d.zone)::date = d.day
      THEN d.midnight - interval '1 hour' ELSE d.midnight END AS starts_at,
    CASE WHEN ((d.next_midnight - interval '1 hour') AT TIME ZONE d.zone)::date = d.day + 1
      THEN d.next_midnight - interval '1 hour' ELSE d.next_midnight END AS ends_at
  FROM (
    SELECT day::date AS day, z.zone, day AT TIME ZONE z.zone AS midnight, (day + interval '1 day') AT TIME ZONE z.zone AS next_midnight
    FROM (SELECT coalesce((SELECT s.value #>> '{}' FROM internal.settings s WHERE s.name = 'timezone'), 'Europe/Berlin') AS zone) AS z
    CROSS JOIN LATERAL generate_series(
      ((SELECT min(r.received_at) FROM public.runs r) AT TIME ZONE z.zone)::date::timestamp,
      ((statement_timestamp() + interval '1 day') AT TIME ZONE z.zone)::date::timestamp, interval '1 day') AS day) AS d;
COMMENT ON VIEW internal.bi_days IS 'Days of the reporting time zone, by which the views of leads find what was received on a day.';
COMMENT ON COLUMN internal.bi_days.day IS 'The day.';
COMMENT ON COLUMN internal.bi_days.zone IS 'The reporting time zone.';
COMMENT ON COLUMN internal.bi_days.starts_at IS 'When it begins.';
COMMENT ON COLUMN internal.bi_days.ends_at IS 'When the next one begins.';

-- Leads and the day on which they were received, so that whoever asks for days is answered by the index on received_at.
-- Six bounds where two would do: the planner takes each for a third of the table, and by two it would rather read all of it.
CREATE OR REPLACE VIEW internal.bi_runs AS
  SELECT r.run_id, r.source, r.status, r.outcome, r.refused, r.error_code, r.received_at, r.processed_at, d.day, d.zone,
    coalesce(s.client, '') AS client
  FROM internal.bi_days d
  JOIN public.runs r ON r.received_at >= d.starts_at AND r.received_at < d.ends_at
    AND r.received_at >= d.starts_at - interval '1 hour' AND r.received_at < d.ends_at + interval '1 hour'
    AND r.received_at >= d.starts_at - interval '2 hours' AND r.received_at < d.ends_at + interval '2 hours'
  LEFT JOIN internal.sources s ON s.name = r.source
  WHERE NOT r.test;
COMMENT ON VIEW internal.bi_runs IS 'Leads that are counted, with their day and client: what the views of the schema bi are made of.';

CREATE OR REPLACE VIEW bi.leads_v1 AS
  SELECT r.run_id::text AS run_id, r.client::text AS client, r.source::text AS source,
    r.received_at, r.received_at AT TIME ZONE r.zone AS received_local, r.day AS received_on,
    extract(hour FROM r.received_at AT TIME ZONE r.zone)::integer AS received_hour,
    r.status, r.outcome, r.refused,
    -- Whoever writes codes of their own by SQL may have written a sentence.
    CASE WHEN r.error_code ~ '^[A-Za-z0-9_.:-]{1,64}$' THEN r.error_code WHEN r.error_code IS NOT NULL THEN 'other' END AS error_code,
    r.processed_at, r.processed_at AT TIME ZONE r.zone AS processed_local, (r.processed_at AT TIME ZONE r.zone)::date AS processed_on,
    (extract(epoch FROM r.processed_at - r.received_at) * 1000)::numeric(18, 3) AS processing_ms
  FROM internal.bi_runs r;
COMMENT ON VIEW bi.leads_v1 IS 'One row per lead that was received; test leads are left out, as in all figures. Key: run_id. Filter by received_on or received_at.';
COMMENT ON COLUMN bi.leads_v1.run_id IS 'The lead''s id, by which the dashboard and the other views find it.';
COMMENT ON COLUMN bi.leads_v1.client IS 'Of an agency: whose lead it is; empty: its source names no client.';
COMMENT ON COLUMN bi.leads_v1.source IS 'Who sent it.';
COMMENT ON COLUMN bi.leads_v1.received_at IS 'When it was received: a moment, which tools show in a time zone of their choice.';
COMMENT ON COLUMN bi.leads_v1.received_local IS 'received_at as the clock of the reporting time zone showed it.';
COMMENT ON COLUMN bi.leads_v1.received_on IS 'The day of the reporting time zone on which it was received, and is counted.';
COMMENT ON COLUMN bi.leads_v1.received_hour IS 'The hour of that day, 0 to 23.';
COMMENT ON COLUMN bi.leads_v1.status IS 'accepted: being delivered | processed: every delivery has ended | failed: a delivery needs attention, or the payload was refused.';
COMMENT ON COLUMN bi.leads_v1.outcome IS 'Of a processed lead: delivered | resolved_by_hand | withdrawn | no_destination (nobody got it); empty (NULL) otherwise.';
COMMENT ON COLUMN bi.leads_v1.refused IS 'true: the payload could not be read or broke the source''s rules, and no corrected one has come yet.';
COMMENT ON COLUMN bi.leads_v1.error_code IS 'Why it failed, as a stable code; NULL unless failed. other: what somebody wrote by hand and is no code.';
COMMENT ON COLUMN bi.leads_v1.processed_at IS 'When it became processed; NULL unless it is.';
COMMENT ON COLUMN bi.leads_v1.processed_local IS 'processed_at as the clock of the reporting time zone showed it.';
COMMENT ON COLUMN bi.leads_v1.processed_on IS 'The day of the reporting time zone on which it became processed.';
COMMENT ON COLUMN bi.leads_v1.processing_ms IS 'Milliseconds from received_at to processed_at, exact to the microsecond; NULL unless processed.';

CREATE OR REPLACE VIEW bi.deliveries_v1 AS
  SELECT d.delivery_id, d.run_id::text AS run_id, d.client::text AS client, d.source::text AS source, d.destination::text AS destination,
    d.state, d.received_at, d.received_at AT TIME ZONE d.zone AS received_local, d.day AS received_on,
    d.delivered_at, d.delivered_at AT TIME ZONE d.zone AS delivered_local, (d.delivered_at AT TIME ZONE d.zone)::date AS delivered_on,
    (extract(epoch FROM d.delivered_at - d.received_at) * 1000)::numeric(18, 3) AS delivery_ms,
    d.attempts,
    CASE WHEN (d.error_code COLLATE "C") ~ '^[A-Za-z0-9_.:-]{1,64}$' THEN d.error_code WHEN d.error_code IS NOT NULL THEN 'other' END AS error_code,
    d.proven, d.maybe_twice
  FROM (
    SELECT 'event:' || e.event_id AS delivery_id, r.run_id, r.client, r.source,
      coalesce(e.payload ->> 'destination', '') COLLATE "C" AS destination,
      'delivered' AS state, r.received_at, r.day, r.zone, e.event_time AS delivered_at, (e.payload ->> 'attempt')::integer AS attempts,
      NULL::text AS error_code, coalesce((e.payload ->> 'proven')::boolean, true) AS proven,
      coalesce((e.payload ->> 'maybe_twice')::boolean, false) AS maybe_twice
    FROM internal.bi_runs r
    -- Lead by lead: the log of all is never read for some days of it.
    CROSS JOIN LATERAL (
      SELECT o.event_id, o.event_time, o.payload FROM public.audit_events o
      -- Not what somebody wrote by SQL, whose payload may be anything.
      WHERE o.run_id = r.run_id AND o.event_type = 'lead_delivered' AND o.actor IN ('delivery', 'system') OFFSET 0) AS e
    UNION ALL
    SELECT 'waiting:' || w.run_id || ':' || w.destination, r.run_id, r.client, r.source, w.destination,
      CASE WHEN w.held_reason IS NULL THEN 'waiting' ELSE 'held' END, r.received_at, r.day, r.zone, NULL, w.attempt,
      NULL, NULL, false
    FROM internal.bi_runs r JOIN internal.deliveries w ON w.run_id = r.run_id
    UNION ALL
    SELECT 'entry:' || q.dlq_id, r.run_id, r.client, r.source, q.destination,
      CASE
        WHEN q.status = 'retrying' OR q.status = 'open' AND q.next_retry_at IS NOT NULL THEN 'retrying'
        WHEN q.status = 'open' THEN 'needs_decision'
        WHEN q.status = 'dead' THEN 'given_up'
        WHEN q.resolution IN ('delivered', 'skipped', 'withdrawn') THEN q.resolution
        ELSE 'settled_by_hand' END,
      r.received_at, r.day, r.zone, CASE WHEN q.status = 'resolved' AND q.resolution = 'delivered' THEN q.closed_at END, q.retry_count,
      CASE WHEN q.status <> 'resolved' THEN q.error_code END, NULL, false
    FROM internal.bi_runs r JOIN public.dlq q ON q.run_id = r.run_id
    WHERE q.kind IN ('delivery', 'replay') AND q.destination IS NOT NULL
      -- What was tried again is the newer entry, and what arrived from the DLQ by the program is told by its event.
      AND NOT EXISTS (SELECT FROM public.dlq n WHERE n.reopened_from = q.dlq_id)
      AND NOT (q.status = 'resolved' AND q.resolution = 'delivered' AND EXISTS (
        SELECT FROM public.audit_events e WHERE e.run_id = q.run_id AND e.event_type = 'lead_delivered'
          AND e.actor IN ('delivery', 'system') AND e.payload ->> 'dlq_id' = q.dlq_id::text))) AS d;
COMMENT ON VIEW bi.deliveries_v1 IS 'One row per delivery of a lead to a destination: one for each time that it arrived (changes of a lead and repeats that people asked for too), and one for what waits, failed or was ended otherwise. Key: delivery_id. Filter by received_on or received_at.';
COMMENT ON COLUMN bi.deliveries_v1.delivery_id IS 'Tells the rows apart; what waits or failed gets another one when it arrives.';
COMMENT ON COLUMN bi.deliveries_v1.run_id IS 'The lead, as in leads_v1.';
COMMENT ON COLUMN bi.deliveries_v1.client IS 'Of an agency: whose lead it is; empty: its source names no client.';
COMMENT ON COLUMN bi.deliveries_v1.source IS 'Who sent the lead.';
COMMENT ON COLUMN bi.deliveries_v1.destination IS 'Where it goes; empty: erased.';
COMMENT ON COLUMN bi.deliveries_v1.state IS 'delivered | waiting: being sent, or about to be | held: nobody sends it before it is released | retrying: failed, and is tried again by itself | needs_decision: failed, and waits for a person | given_up | settled_by_hand | skipped: the destination does not want this lead | withdrawn.';
COMMENT ON COLUMN bi.deliveries_v1.received_at IS 'When the lead was received.';
COMMENT ON COLUMN bi.deliveries_v1.received_local IS 'received_at as the clock of the reporting time zone showed it.';
COMMENT ON COLUMN bi.deliveries_v1.received_on IS 'The day of the reporting time zone on which the lead was received.';
COMMENT ON COLUMN bi.deliveries_v1.delivered_at IS 'When it arrived; NULL unless delivered.';
COMMENT ON COLUMN bi.deliveries_v1.delivered_local IS 'delivered_at as the clock of the reporting time zone showed it.';
COMMENT ON COLUMN bi.deliveries_v1.delivered_on IS 'The day of the reporting time zone on which it arrived.';
COMMENT ON COLUMN bi.deliveries_v1.delivery_ms IS 'Milliseconds from received_at to delivered_at, exact to the microsecond; NULL unless delivered.';
COMMENT ON COLUMN bi.deliveries_v1.attempts IS 'Delivered: which attempt it was, as counted on the fast way or in the DLQ; otherwise attempts begun so far.';
COMMENT ON COLUMN bi.deliveries_v1.error_code IS 'Why it failed, as a stable code; NULL where it has not, or is settled. other: what somebody wrote by hand and is no code.';
COMMENT ON COLUMN bi.deliveries_v1.proven IS 'Delivered: false where the destination would have said the same if it threw the lead away; NULL unless delivered.';
COMMENT ON COLUMN bi.deliveries_v1.maybe_twice IS 'true: an earlier attempt may have made a record there as well.';

CREATE OR REPLACE VIEW bi.attention_v1 AS
  SELECT q.dlq_id AS entry_id, q.run_id::text AS run_id, coalesce(s.client, '')::text AS client, coalesce(q.source, '')::text AS source,
    coalesce(q.destination, '')::text AS destination, q.kind, q.status,
    CASE
      WHEN q.status IN ('resolved', 'dead') THEN 'closed'
      WHEN q.status = 'open' AND q.next_retry_at IS NULL THEN 'needs_decision'
      ELSE 'retrying' END AS waits_for,
    CASE WHEN q.error_code ~ '^[A-Za-z0-9_.:-]{1,64}$' THEN q.error_code::text WHEN q.error_code IS NOT NULL THEN 'other' END AS error_code,
    q.retry_count AS attempts,
    q.created_at, q.created_at AT TIME ZONE z.zone AS created_local, (q.created_at AT TIME ZONE z.zone)::date AS created_on,
    q.next_retry_at AS next_attempt_at, q.next_retry_at AT TIME ZONE z.zone AS next_attempt_local,
    q.closed_at, q.closed_at AT TIME ZONE z.zone AS closed_local, (q.closed_at AT TIME ZONE z.zone)::date AS closed_on,
    CASE
      WHEN q.status <> 'resolved' THEN NULL
      WHEN q.resolution IN ('delivered', 'corrected', 'discarded', 'superseded', 'kept_first', 'taken_in', 'change', 'withdrawn', 'skipped', 'erased')
        THEN q.resolution
      ELSE 'by_hand' END AS resolution,
    round(extract(epoch FROM coalesce(q.closed_at, greatest(statement_timestamp(), q.created_at)) - q.created_at))::bigint AS open_seconds
  FROM public.dlq q LEFT JOIN internal.sources s ON s.name = q.source
  CROSS JOIN (SELECT coalesce((SELECT s.value #>> '{}' FROM internal.settings s WHERE s.name = 'timezone'), 'Europe/Berlin') AS zone) AS z
  WHERE NOT q.test;
COMMENT ON VIEW bi.attention_v1 IS 'One row per entry of the DLQ, open or closed; those of test leads are left out. Key: entry_id.';
COMMENT ON COLUMN bi.attention_v1.entry_id IS 'The entry''s number.';
COMMENT ON COLUMN bi.attention_v1.run_id IS 'The lead, as in leads_v1; NULL: the entry was made by hand, and belongs to none.';
COMMENT ON COLUMN bi.attention_v1.client IS 'Of an agency: whose lead it is; empty: its source names no client.';
COMMENT ON COLUMN bi.attention_v1.source IS 'Who sent the lead; empty: it belongs to none.';
COMMENT ON COLUMN bi.attention_v1.destination IS 'Where it could not be delivered; empty: it is not about a delivery.';
COMMENT ON COLUMN bi.attention_v1.kind IS 'delivery: could not be delivered | refused: payload unreadable | conflict: other data under the key of another lead | replay: a later extra delivery | manual: made by hand.';
COMMENT ON COLUMN bi.attention_v1.status IS 'open | retrying: is being attempted | resolved: settled | dead: given up.';
COMMENT ON COLUMN bi.attention_v1.waits_for IS 'needs_decision: a person | retrying: nobody, it is tried again by itself | closed: nothing any more.';
COMMENT ON COLUMN bi.attention_v1.error_code IS 'What went wrong, as a stable code. other: what somebody wrote by hand and is no code.';
COMMENT ON COLUMN bi.attention_v1.attempts IS 'Attempts made from the DLQ.';
COMMENT ON COLUMN bi.attention_v1.created_at IS 'When it became a case for the DLQ.';
COMMENT ON COLUMN bi.attention_v1.created_local IS 'created_at as the clock of the reporting time zone showed it.';
COMMENT ON COLUMN bi.attention_v1.created_on IS 'The day of the reporting time zone on which it was made.';
COMMENT ON COLUMN bi.attention_v1.next_attempt_at IS 'When it is tried again by itself; NULL: it is not.';
COMMENT ON COLUMN bi.attention_v1.next_attempt_local IS 'next_attempt_at as the clock of the reporting time zone will show it.';
COMMENT ON COLUMN bi.attention_v1.closed_at IS 'When it was resolved or given up; NULL: it is open.';
COMMENT ON COLUMN bi.attention_v1.closed_local IS 'closed_at as the clock of the reporting time zone showed it.';
COMMENT ON COLUMN bi.attention_v1.closed_on IS 'The day of the reporting time zone on which it was closed.';
COMMENT ON COLUMN bi.attention_v1.resolution IS 'Of a resolved one: delivered | corrected | discarded | superseded | kept_first | taken_in | change | withdrawn | skipped | erased | by_hand (also where a person wrote a word of their own).';
COMMENT ON COLUMN bi.attention_v1.open_seconds IS 'How long it was open, or has been open until now.';
