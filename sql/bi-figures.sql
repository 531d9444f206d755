-- What BI tools read of figures, sources, and the contract of all views. As in bi-leads.sql: fixed, and without functions
-- of ours.

CREATE OR REPLACE VIEW bi.figures_daily_v1 AS
  SELECT k.day, k.client::text AS client, k.source::text AS source, k.received_count, k.processed_count, k.failed_count,
    k.received_count - k.processed_count - k.failed_count AS accepted_count,
    k.processed_count - k.no_destination_count - k.resolved_by_hand_count - k.withdrawn_count AS delivered_count,
    k.no_destination_count, k.resolved_by_hand_count, k.withdrawn_count,
    (k.processing_us_sum / 1000)::numeric(24, 3) AS processing_ms_sum,
    CASE WHEN k.processed_count > 0 THEN round(k.processing_us_sum / 1000 / k.processed_count)::bigint END AS avg_processing_ms,
    false AS by_hand
  FROM public.kpi_daily_sources k
  UNION ALL
  SELECT k.day, '', '', k.received_count, k.processed_count, k.failed_count,
    k.received_count - k.processed_count - k.failed_count, NULL, NULL, NULL, NULL,
    (k.avg_processing_ms::numeric * k.processed_count)::numeric(24, 3), k.avg_processing_ms, true
  FROM public.kpi_daily k WHERE k.by_hand;
COMMENT ON VIEW bi.figures_daily_v1 IS 'One row per day and source from which leads were received that day, and one per day that was filled in by hand. The sums over a day are its figures in kpi_daily; at most two seconds old. Key: day, source.';
COMMENT ON COLUMN bi.figures_daily_v1.day IS 'Calendar day of the reporting time zone.';
COMMENT ON COLUMN bi.figures_daily_v1.client IS 'Of an agency: whose source it is; empty: it names no client.';
COMMENT ON COLUMN bi.figures_daily_v1.source IS 'Who sent the leads; empty where by_hand.';
COMMENT ON COLUMN bi.figures_daily_v1.received_count IS 'Leads received that day, without test leads. All other counts speak of these leads as they stand now: received = processed + failed + accepted.';
COMMENT ON COLUMN bi.figures_daily_v1.processed_count IS 'Processed by now, however: delivered + no_destination + resolved_by_hand + withdrawn.';
COMMENT ON COLUMN bi.figures_daily_v1.failed_count IS 'Failed as they stand now.';
COMMENT ON COLUMN bi.figures_daily_v1.accepted_count IS 'Still being delivered.';
COMMENT ON COLUMN bi.figures_daily_v1.delivered_count IS 'Every delivery arrived; NULL where by_hand.';
COMMENT ON COLUMN bi.figures_daily_v1.no_destination_count IS 'Processed, but nobody got them; NULL where by_hand.';
COMMENT ON COLUMN bi.figures_daily_v1.resolved_by_hand_count IS 'Processed, because a person resolved what had failed; NULL where by_hand.';
COMMENT ON COLUMN bi.figures_daily_v1.withdrawn_count IS 'Processed, because a delivery that waited was not wanted; NULL where by_hand.';
COMMENT ON COLUMN bi.figures_daily_v1.processing_ms_sum IS 'Milliseconds from received to processed, added up over the processed leads: divided by processed_count it is the average over any rows.';
COMMENT ON COLUMN bi.figures_daily_v1.avg_processing_ms IS 'The average of this row; NULL while none is processed. Averages of rows cannot be averaged: use processing_ms_sum.';
COMMENT ON COLUMN bi.figures_daily_v1.by_hand IS 'true: filled in by a person for a day that was not counted.';

CREATE OR REPLACE VIEW bi.figures_hourly_v1 AS
  SELECT h.hour AS hour_at, h.hour AT TIME ZONE z.zone AS hour_local, (h.hour AT TIME ZONE z.zone)::date AS day,
    extract(hour FROM h.hour AT TIME ZONE z.zone)::integer AS hour_of_day,
    coalesce(s.client, '')::text AS client, h.source::text AS source, h.received_count, h.processed_count, h.failed_count,
    h.received_count - h.processed_count - h.failed_count AS accepted_count,
    h.processed_count - h.no_destination_count - h.resolved_by_hand_count - h.withdrawn_count AS delivered_count,
    h.no_destination_count, h.resolved_by_hand_count, h.withdrawn_count, h.duplicate_count, h.conflict_count, h.refused_count,
    h.quarantined_count, h.denied_count
  FROM internal.figures_hourly h LEFT JOIN internal.sources s ON s.name = h.source
  CROSS JOIN (SELECT coalesce((SELECT t.value #>> '{}' FROM internal.settings t WHERE t.name = 'timezone'), 'Europe/Berlin') AS zone) AS z;
COMMENT ON VIEW bi.figures_hourly_v1 IS 'One row per hour and source from which something came. The sums over a day are its rows in figures_daily_v1, but for days that were filled in by hand. Key: hour_at, source.';
COMMENT ON COLUMN bi.figures_hourly_v1.hour_at IS 'Begin of the hour, as a moment.';
COMMENT ON COLUMN bi.figures_hourly_v1.hour_local IS 'hour_at as the clock of the reporting time zone showed it; in autumn one hour of it is there twice.';
COMMENT ON COLUMN bi.figures_hourly_v1.day IS 'Calendar day of the reporting time zone.';
COMMENT ON COLUMN bi.figures_hourly_v1.hour_of_day IS 'The hour of that day, 0 to 23.';
COMMENT ON COLUMN bi.figures_hourly_v1.client IS 'Of an agency: whose source it is; empty: it names no client.';
COMMENT ON COLUMN bi.figures_hourly_v1.source IS 'Who sent it; (others): one of too many names that nobody has set up.';
COMMENT ON COLUMN bi.figures_hourly_v1.received_count IS 'Leads received in that hour, without test leads. The counts down to withdrawn_count speak of these leads as they stand now.';
COMMENT ON COLUMN bi.figures_hourly_v1.processed_count IS 'Processed by now, however.';
COMMENT ON COLUMN bi.figures_hourly_v1.failed_count IS 'Failed as they stand now.';
COMMENT ON COLUMN bi.figures_hourly_v1.accepted_count IS 'Still being delivered.';
COMMENT ON COLUMN bi.figures_hourly_v1.delivered_count IS 'Every delivery arrived.';
COMMENT ON COLUMN bi.figures_hourly_v1.no_destination_count IS 'Processed, but nobody got them.';
COMMENT ON COLUMN bi.figures_hourly_v1.resolved_by_hand_count IS 'Processed, because a person resolved what had failed.';
COMMENT ON COLUMN bi.figures_hourly_v1.withdrawn_count IS 'Processed, because a delivery that waited was not wanted.';
COMMENT ON COLUMN bi.figures_hourly_v1.duplicate_count IS 'Requests of that hour that brought what was there already.';
COMMENT ON COLUMN bi.figures_hourly_v1.conflict_count IS 'Payloads of that hour that came under the key of another lead.';
COMMENT ON COLUMN bi.figures_hourly_v1.refused_count IS 'Payloads of that hour that could not be read, or broke the source''s rules, and were kept.';
COMMENT ON COLUMN bi.figures_hourly_v1.quarantined_count IS 'Requests that were kept in the quarantine in that hour.';
COMMENT ON COLUMN bi.figures_hourly_v1.denied_count IS 'Requests that were turned away in that hour.';

CREATE OR REPLACE VIEW bi.destinations_hourly_v1 AS
  SELECT h.hour AS hour_at, h.hour AT TIME ZONE z.zone AS hour_local, (h.hour AT TIME ZONE z.zone)::date AS day,
    extract(hour FROM h.hour AT TIME ZONE z.zone)::integer AS hour_of_day,
    coalesce(d.client, '')::text AS client, h.destination::text AS destination, h.delivered_count, h.failed_attempt_count, h.entry_count
  FROM internal.destination_figures_hourly h LEFT JOIN internal.destinations d ON d.name = h.destination
  CROSS JOIN (SELECT coalesce((SELECT t.value #>> '{}' FROM internal.settings t WHERE t.name = 'timezone'), 'Europe/Berlin') AS zone) AS z;
COMMENT ON VIEW bi.destinations_hourly_v1 IS 'One row per hour and destination at which something happened in that hour, whenever the leads had come. Key: hour_at, destination.';
COMMENT ON COLUMN bi.destinations_hourly_v1.hour_at IS 'Begin of the hour, as a moment.';
COMMENT ON COLUMN bi.destinations_hourly_v1.hour_local IS 'hour_at as the clock of the reporting time zone showed it; in autumn one hour of it is there twice.';
COMMENT ON COLUMN bi.destinations_hourly_v1.day IS 'Calendar day of the reporting time zone.';
COMMENT ON COLUMN bi.destinations_hourly_v1.hour_of_day IS 'The hour of that day, 0 to 23.';
COMMENT ON COLUMN bi.destinations_hourly_v1.client IS 'Of an agency: whose destination it is; empty: it names no client.';
COMMENT ON COLUMN bi.destinations_hourly_v1.destination IS 'Its name.';
COMMENT ON COLUMN bi.destinations_hourly_v1.delivered_count IS 'Deliveries that arrived, changes of a lead and repeats too.';
COMMENT ON COLUMN bi.destinations_hourly_v1.failed_attempt_count IS 'Attempts that failed.';
COMMENT ON COLUMN bi.destinations_hourly_v1.entry_count IS 'Entries made in the DLQ.';

CREATE OR REPLACE VIEW bi.durations_hourly_v1 AS
  SELECT h.hour AS hour_at, h.hour AT TIME ZONE z.zone AS hour_local, (h.hour AT TIME ZONE z.zone)::date AS day, h.measure::text AS measure,
    coalesce(s.client, '')::text AS client, h.source::text AS source, h.destination::text AS destination, h.bucket_upper_ms, h.count
  FROM internal.durations_hourly h LEFT JOIN internal.sources s ON s.name = h.source
  CROSS JOIN (SELECT coalesce((SELECT t.value #>> '{}' FROM internal.settings t WHERE t.name = 'timezone'), 'Europe/Berlin') AS zone) AS z;
COMMENT ON VIEW bi.durations_hourly_v1 IS 'How long leads took, as a histogram: one row per hour, measure, source, destination and bound. Rows of any hours, sources and destinations of one measure may be added up; p95 is the smallest bound below which 95 % of them lie. Key: hour_at, measure, source, destination, bucket_upper_ms.';
COMMENT ON COLUMN bi.durations_hourly_v1.hour_at IS 'Begin of the hour in which the leads were received, as a moment.';
COMMENT ON COLUMN bi.durations_hourly_v1.hour_local IS 'hour_at as the clock of the reporting time zone showed it; in autumn one hour of it is there twice.';
COMMENT ON COLUMN bi.durations_hourly_v1.day IS 'Calendar day of the reporting time zone.';
COMMENT ON COLUMN bi.durations_hourly_v1.measure IS 'processed: until the lead was processed | first_delivery: until it arrived somewhere for the first time | delivery: until it arrived at this destination for the first time.';
COMMENT ON COLUMN bi.durations_hourly_v1.client IS 'Of an agency: whose source it is; empty: it names no client.';
COMMENT ON COLUMN bi.durations_hourly_v1.source IS 'Who sent the leads.';
COMMENT ON COLUMN bi.durations_hourly_v1.destination IS 'Of delivery: where to; otherwise empty.';
COMMENT ON COLUMN bi.durations_hourly_v1.bucket_upper_ms IS 'It took no longer than so many milliseconds, and longer than the next smaller bound; 9223372036854775807: longer than the last bound.';
COMMENT ON COLUMN bi.durations_hourly_v1.count IS 'So many leads.';

CREATE OR REPLACE VIEW bi.sla_daily_v1 AS
  SELECT k.day, k.client::text AS client, k.sla::text AS sla, k.label::text AS label, k.measure, k.source::text AS source,
    k.destination::text AS destination, k.within_ms, k.target_share::numeric(7, 6) AS target_share, k.opening_hours, k.holidays, k.state,
    k.decided_count, k.met_count, k.missed_count, k.pending_count, k.by_hand_count, k.share::numeric(7, 6) AS share,
    k.value_ms, k.median_ms, k.judged_at, k.judged_at AT TIME ZONE z.zone AS judged_local,
    k.changed_at, k.changed_at AT TIME ZONE z.zone AS changed_local, k.change_reason
  FROM public.sla_daily k
  CROSS JOIN (SELECT coalesce((SELECT t.value #>> '{}' FROM internal.settings t WHERE t.name = 'timezone'), 'Europe/Berlin') AS zone) AS z;
COMMENT ON VIEW bi.sla_daily_v1 IS 'How a day kept a service level, as it was agreed that day: one row per day and target. Key: day, sla.';
COMMENT ON COLUMN bi.sla_daily_v1.day IS 'Calendar day of the reporting time zone on which the leads were received; of oldest_entry the day itself.';
COMMENT ON COLUMN bi.sla_daily_v1.client IS 'Of an agency: whose leads it is about; empty: those of a source or destination that names no client; NULL: all.';
COMMENT ON COLUMN bi.sla_daily_v1.sla IS 'The target''s name; it may have been deleted since.';
COMMENT ON COLUMN bi.sla_daily_v1.label IS 'What people called it.';
COMMENT ON COLUMN bi.sla_daily_v1.measure IS 'What was agreed: delivered, success, delivery_time, contacted or oldest_entry.';
COMMENT ON COLUMN bi.sla_daily_v1.source IS 'Of which source; NULL: of all.';
COMMENT ON COLUMN bi.sla_daily_v1.destination IS 'To which destination; NULL: leads as a whole.';
COMMENT ON COLUMN bi.sla_daily_v1.within_ms IS 'The time that was agreed, in milliseconds; NULL: none.';
COMMENT ON COLUMN bi.sla_daily_v1.target_share IS 'The share that was agreed, 0 to 1.';
COMMENT ON COLUMN bi.sla_daily_v1.opening_hours IS 'Time is counted only while it is open by these rules; NULL: all the time.';
COMMENT ON COLUMN bi.sla_daily_v1.holidays IS 'The German state whose public holidays are kept; NULL: none are.';
COMMENT ON COLUMN bi.sla_daily_v1.state IS 'met | missed | too_few: less than was agreed, but of so few leads that chance explains it | no_leads: nothing is decided.';
COMMENT ON COLUMN bi.sla_daily_v1.decided_count IS 'met_count + missed_count.';
COMMENT ON COLUMN bi.sla_daily_v1.met_count IS 'Leads of that day that kept it, as they stand now; of oldest_entry: entries open that day.';
COMMENT ON COLUMN bi.sla_daily_v1.missed_count IS 'Those that did not.';
COMMENT ON COLUMN bi.sla_daily_v1.pending_count IS 'Those that are not decided yet.';
COMMENT ON COLUMN bi.sla_daily_v1.by_hand_count IS 'Of those that kept it: a person resolved what had failed.';
COMMENT ON COLUMN bi.sla_daily_v1.share IS 'met_count / decided_count; NULL: nothing is decided. Over several rows divide the sums.';
COMMENT ON COLUMN bi.sla_daily_v1.value_ms IS 'How long it took at the share that was agreed, of those that are done; of oldest_entry: the greatest age. NULL: nothing is done, or success.';
COMMENT ON COLUMN bi.sla_daily_v1.median_ms IS 'How long it took half of those that are done; NULL: nothing is, or success, or oldest_entry.';
COMMENT ON COLUMN bi.sla_daily_v1.judged_at IS 'When the day was over and everything decided, for the first time; NULL: not yet.';
COMMENT ON COLUMN bi.sla_daily_v1.judged_local IS 'judged_at as the clock of the reporting time zone showed it.';
COMMENT ON COLUMN bi.sla_daily_v1.changed_at IS 'When it changed after that, the last time; NULL: never.';
COMMENT ON COLUMN bi.sla_daily_v1.changed_local IS 'changed_at as the clock of the reporting time zone showed it.';
COMMENT ON COLUMN bi.sla_daily_v1.change_reason IS 'What happened to leads of that day since, as types of audit events; or timezone_changed, or rebuilt.';

CREATE OR REPLACE VIEW bi.sources_v1 AS
  SELECT s.name::text AS source, s.client::text AS client, coalesce(c.label, s.client, '')::text AS client_label,
    coalesce(s.settings ->> 'label', s.name)::text AS label, coalesce(s.settings -> 'auth' ->> 'kind', '') AS kind, s.enabled,
    coalesce(s.settings -> 'paused' IN ('true', '"refuse"'), false) AS paused,
    k.last_received_at, k.last_received_at AT TIME ZONE z.zone AS last_received_local
  FROM internal.sources s LEFT JOIN internal.clients c ON c.name = s.client
  LEFT JOIN LATERAL (
    SELECT d.last_received_at FROM internal.kpi_daily_sources d WHERE d.source = s.name ORDER BY d.day DESC LIMIT 1) AS k ON true
  CROSS JOIN (SELECT coalesce((SELECT t.value #>> '{}' FROM internal.settings t WHERE t.name = 'timezone'), 'Europe/Berlin') AS zone) AS z;
COMMENT ON VIEW bi.sources_v1 IS 'One row per source that is or was set up. Key: source.';
COMMENT ON COLUMN bi.sources_v1.source IS 'Its name, as in the other views.';
COMMENT ON COLUMN bi.sources_v1.client IS 'Of an agency: whose it is; empty: it names no client.';
COMMENT ON COLUMN bi.sources_v1.client_label IS 'What people call that client; empty: it names none.';
COMMENT ON COLUMN bi.sources_v1.label IS 'What people call the source.';
COMMENT ON COLUMN bi.sources_v1.kind IS 'What sends: hmac, token, form, meta …';
COMMENT ON COLUMN bi.sources_v1.enabled IS 'false: it was removed, and its leads are refused.';
COMMENT ON COLUMN bi.sources_v1.paused IS 'true: its leads are held, or refused for the time being.';
COMMENT ON COLUMN bi.sources_v1.last_received_at IS 'When its last lead was received, without test leads; NULL: none yet.';
COMMENT ON COLUMN bi.sources_v1.last_received_local IS 'last_received_at as the clock of the reporting time zone showed it.';
