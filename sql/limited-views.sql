-- The tables as they are for a user or API key that is limited to some clients of an agency: one view for each, which
-- shows and changes nothing of anybody else's, whatever a statement asks for. src/ledger/connection/limits.ts says which
-- statements meet them. Without the setting leadledger.clients they are empty.
--
-- Views, and not policies of row-level security: a policy does not concern a superuser (the embedded server), nor the
-- owner of the table unless it is forced, which would then stand in every statement of intake and delivery; another role
-- to read as takes an administrator; and whoever reads the tables with a role of their own, or dumps them, would meet it.

-- Anew, because a table may have columns that it did not have when its view was made.
DO $$
DECLARE
  views text;
BEGIN
  SELECT string_agg(oid::regclass::text, ', ') INTO views FROM pg_catalog.pg_class
  WHERE relnamespace = 'internal'::regnamespace AND relkind = 'v' AND relname LIKE 'limited\_%';
  IF views IS NOT NULL THEN EXECUTE 'DROP VIEW ' || views; END IF;
END
$$;

-- Whose things the statements of this transaction see; '' is who names no client. NULL: nobody's.
CREATE OR REPLACE FUNCTION internal.limited_to() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('leadledger.clients', true), '')::text[];

CREATE OR REPLACE VIEW internal.limited_sources AS
  SELECT * FROM internal.sources WHERE client = ANY (internal.limited_to()) WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_destinations AS
  SELECT * FROM internal.destinations WHERE client = ANY (internal.limited_to()) WITH CHECK OPTION;

CREATE OR REPLACE VIEW internal.limited_clients AS
  SELECT * FROM internal.clients WHERE name = ANY (internal.limited_to()) WITH CHECK OPTION;

-- Leads, and what hangs on them. A lead is its source's client's. The names are looked up once for each statement.
CREATE OR REPLACE VIEW internal.limited_runs AS
  SELECT * FROM public.runs r WHERE r.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_runs_by_hand AS
  SELECT * FROM internal.runs_by_hand h WHERE EXISTS (SELECT FROM internal.limited_runs r WHERE r.run_id = h.run_id)
  WITH CHECK OPTION;
-- What is delivered goes to a destination of the lead's own client (clients.sql), so that names are enough; and a lead and
-- its deliveries may come with one statement, which sees neither.
CREATE OR REPLACE VIEW internal.limited_deliveries AS
  SELECT * FROM internal.deliveries d WHERE d.destination = ANY (ARRAY(SELECT t.name FROM internal.limited_destinations t))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_receipts AS
  SELECT * FROM internal.receipts t WHERE EXISTS (SELECT FROM internal.limited_runs r WHERE r.run_id = t.run_id)
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_waiting_revisions AS
  SELECT * FROM internal.waiting_revisions w WHERE w.destination = ANY (ARRAY(SELECT t.name FROM internal.limited_destinations t))
  WITH CHECK OPTION;
-- Those of a new lead are written with it, which this does not see yet.
CREATE OR REPLACE VIEW internal.limited_further_person_hashes AS
  SELECT * FROM internal.further_person_hashes f WHERE EXISTS (SELECT FROM internal.limited_runs r WHERE r.run_id = f.run_id);
CREATE OR REPLACE VIEW internal.limited_person_name_hashes AS
  SELECT * FROM internal.person_name_hashes n WHERE EXISTS (SELECT FROM internal.limited_runs r WHERE r.run_id = n.run_id);
CREATE OR REPLACE VIEW internal.limited_person_hashes AS
  SELECT * FROM internal.person_hashes p WHERE EXISTS (SELECT FROM internal.limited_runs r WHERE r.run_id = p.run_id);
CREATE OR REPLACE VIEW internal.limited_incomplete_leads AS
  SELECT * FROM internal.incomplete_leads i WHERE i.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
  WITH CHECK OPTION;
-- An entry has its lead's source, and keeps it.
CREATE OR REPLACE VIEW internal.limited_dlq AS
  SELECT * FROM public.dlq q WHERE q.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_entry_waits AS
  SELECT * FROM internal.entry_waits w WHERE EXISTS (SELECT FROM internal.limited_dlq q WHERE q.dlq_id = w.dlq_id)
  WITH CHECK OPTION;

-- What is in no lead's name, by the source or destination that it is about.
CREATE OR REPLACE VIEW internal.limited_quarantine AS
  SELECT * FROM internal.quarantine q WHERE q.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_quarantine_daily AS
  SELECT * FROM internal.quarantine_daily q WHERE q.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_denied_requests AS
  SELECT * FROM internal.denied_requests d WHERE d.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
CREATE OR REPLACE VIEW internal.limited_sender_notices AS
  SELECT * FROM internal.sender_notices n WHERE n.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
CREATE OR REPLACE VIEW internal.limited_sending_limits AS
  SELECT * FROM internal.sending_limits l WHERE l.destination = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_receipts_daily AS
  SELECT * FROM internal.receipts_daily k WHERE k.destination = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d));
CREATE OR REPLACE VIEW internal.limited_skipped_daily AS
  SELECT * FROM internal.skipped_daily k WHERE k.destination = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d));
CREATE OR REPLACE VIEW internal.limited_distribution_turns AS
  SELECT * FROM internal.distribution_turns t WHERE t.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_distributed_daily AS
  SELECT * FROM internal.distributed_daily k WHERE k.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_circuits AS
  SELECT * FROM internal.circuits c WHERE c.destination = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d))
  WITH CHECK OPTION;
-- A cause names the destination, or the source where there is none (sql/count-causes.sql).
CREATE OR REPLACE VIEW internal.limited_dlq_causes AS
  SELECT * FROM internal.dlq_causes c WHERE split_part(c.cause, E'\x1f', 2) = ANY (ARRAY(
    SELECT d.name FROM internal.limited_destinations d
    UNION ALL SELECT E'\x1e' || s.name FROM internal.limited_sources s));

-- Figures.
CREATE OR REPLACE VIEW internal.limited_kpi_daily_sources AS
  SELECT * FROM public.kpi_daily_sources k WHERE k.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
CREATE OR REPLACE VIEW internal.limited_kpi_daily_clients AS
  SELECT * FROM public.kpi_daily_clients k WHERE k.client = ANY (internal.limited_to());
CREATE OR REPLACE VIEW internal.limited_kpi_deltas AS
  SELECT * FROM internal.kpi_deltas k WHERE k.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
CREATE OR REPLACE VIEW internal.limited_figures_hourly AS
  SELECT * FROM internal.figures_hourly k WHERE k.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
CREATE OR REPLACE VIEW internal.limited_source_rhythms AS
  SELECT * FROM internal.source_rhythms r WHERE r.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
-- That all sources are silent says nothing of anybody, and concerns everybody.
CREATE OR REPLACE VIEW internal.limited_silences AS
  SELECT * FROM internal.silences k WHERE k.source = '' OR k.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
CREATE OR REPLACE VIEW internal.limited_heartbeats AS
  SELECT * FROM internal.heartbeats h WHERE h.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
CREATE OR REPLACE VIEW internal.limited_destination_figures_hourly AS
  SELECT * FROM internal.destination_figures_hourly k WHERE k.destination = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d));
CREATE OR REPLACE VIEW internal.limited_durations_hourly AS
  SELECT * FROM internal.durations_hourly k WHERE k.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s));
CREATE OR REPLACE VIEW internal.limited_hour_deltas AS
  SELECT * FROM internal.hour_deltas k WHERE k.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
    OR k.destination = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d))
  WITH CHECK OPTION;
-- What is agreed about all clients together is not for one of them.
CREATE OR REPLACE VIEW internal.limited_sla_targets AS
  SELECT * FROM internal.sla_targets t WHERE CASE
    WHEN t.source IS NOT NULL THEN t.source = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
    WHEN t.destination IS NOT NULL THEN t.destination = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d))
    ELSE t.client IS NOT NULL AND t.client = ANY (internal.limited_to()) END
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_sla_states AS
  SELECT * FROM internal.sla_states k WHERE k.sla = ANY (ARRAY(SELECT t.name FROM internal.limited_sla_targets t));
CREATE OR REPLACE VIEW internal.limited_sla_daily AS
  SELECT * FROM public.sla_daily k WHERE k.client = ANY (internal.limited_to());
CREATE OR REPLACE VIEW internal.limited_contacts AS
  SELECT * FROM internal.contacts c WHERE EXISTS (SELECT FROM internal.limited_runs r WHERE r.run_id = c.run_id)
  WITH CHECK OPTION;
-- Days since the first lead of these clients. Those that were filled in by hand say nothing about whose leads they were.
CREATE OR REPLACE VIEW internal.limited_kpi_daily AS
  SELECT k.day, coalesce(sum(s.received_count), 0)::integer AS received_count,
    coalesce(sum(s.processed_count), 0)::integer AS processed_count, coalesce(sum(s.failed_count), 0)::integer AS failed_count,
    (SELECT count(*) FROM internal.limited_dlq q
     WHERE NOT q.test AND q.created_at < (k.day + 1)::timestamp AT TIME ZONE internal.reporting_timezone()
       AND (q.closed_at IS NULL OR q.closed_at >= (k.day + 1)::timestamp AT TIME ZONE internal.reporting_timezone()))::integer AS dlq_open_count,
    internal.kpi_average_ms(sum(s.processing_us_sum), sum(s.processed_count)::integer) AS avg_processing_ms,
    coalesce(sum(s.processing_us_sum), 0) AS processing_us_sum, false AS by_hand, k.closed_at
  FROM public.kpi_daily k LEFT JOIN internal.limited_kpi_daily_sources s ON s.day = k.day
  WHERE k.day >= (SELECT min(f.day) FROM internal.limited_kpi_daily_sources f) AND NOT k.by_hand
  GROUP BY k.day;

-- Who may work here: those who are limited to the same clients or to fewer. Nobody without a limit is among them, and
-- nobody can be made so here.
CREATE OR REPLACE VIEW internal.limited_users AS
  SELECT * FROM internal.users WHERE clients <@ internal.limited_to() WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_api_keys AS
  SELECT * FROM internal.api_keys WHERE clients <@ internal.limited_to() WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_sessions AS
  SELECT * FROM internal.sessions s WHERE EXISTS (SELECT FROM internal.limited_users u WHERE u.user_id = s.user_id)
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_setup_links AS
  SELECT * FROM internal.setup_links l WHERE EXISTS (SELECT FROM internal.limited_users u WHERE u.user_id = l.user_id)
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_person_views AS
  SELECT * FROM internal.person_views v WHERE v.viewer = ANY (ARRAY(
    SELECT 'user:' || u.user_id FROM internal.limited_users u UNION ALL SELECT 'key:' || k.key_id FROM internal.limited_api_keys k))
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_person_shown AS
  SELECT * FROM internal.person_shown p WHERE EXISTS (SELECT FROM internal.limited_runs r WHERE r.run_id = p.run_id)
  WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_operations AS
  SELECT * FROM internal.operations WHERE clients <@ internal.limited_to() WITH CHECK OPTION;

-- Every event can be written, and those can be read that are about one of these leads, or name a source, a destination,
-- an operation, a user or a key of these clients. What an export was about is the business of whoever made it.
CREATE OR REPLACE VIEW internal.limited_audit_events AS
  SELECT * FROM public.audit_events e WHERE CASE
    WHEN e.run_id IS NOT NULL THEN EXISTS (SELECT FROM internal.limited_runs r WHERE r.run_id = e.run_id)
    WHEN e.event_type = 'request_denied'
      THEN e.payload ->> 'source' = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
    WHEN e.event_type = 'configuration_changed' AND e.payload ->> 'part' = 'source'
      THEN e.payload ->> 'name' = ANY (ARRAY(SELECT s.name FROM internal.limited_sources s))
    WHEN e.event_type = 'configuration_changed' AND e.payload ->> 'part' = 'destination'
      THEN e.payload ->> 'name' = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d))
    WHEN e.event_type IN ('circuit_opened', 'circuit_closed')
      THEN e.payload ->> 'destination' = ANY (ARRAY(SELECT d.name FROM internal.limited_destinations d))
    WHEN e.event_type LIKE 'operation\_%'
      THEN e.payload ->> 'operation_id' = ANY (ARRAY(SELECT o.operation_id::text FROM internal.limited_operations o))
    WHEN e.event_type IN ('user_created', 'user_changed', 'user_locked', 'setup_link_created', 'signed_in', 'signed_out', 'sign_in_refused')
      THEN e.payload ->> 'user_id' = ANY (ARRAY(SELECT u.user_id::text FROM internal.limited_users u))
    WHEN e.event_type IN ('api_key_created', 'api_key_revoked')
      THEN e.payload ->> 'key_id' = ANY (ARRAY(SELECT k.key_id::text FROM internal.limited_api_keys k))
    ELSE false END;

-- What concerns the installation as a whole. Settings are read here and not changed; who stopped all deliveries, and why,
-- may be about somebody else.
CREATE OR REPLACE VIEW internal.limited_settings AS
  SELECT name, CASE name WHEN 'deliveries' THEN value || '{"by": "system", "reason": null}' ELSE value END AS value, updated_at
  FROM internal.settings
  WHERE name IN ('timezone', 'timezone_managed_by', 'masked_pointers', 'names_in_lists', 'person_names', 'configuration_revision', 'deliveries');
CREATE OR REPLACE VIEW internal.limited_setbacks AS
  SELECT * FROM internal.setbacks WHERE false WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_dead_mans_switch AS
  SELECT * FROM internal.dead_mans_switch WHERE false WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_nodes AS
  SELECT * FROM internal.nodes WHERE false WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_outages AS
  SELECT * FROM internal.outages WHERE false WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_leader AS
  SELECT name, ''::text AS holder, epoch, held_until FROM internal.leader;

-- An INSERT … ON CONFLICT DO UPDATE through a view changes a row that the view does not show.
CREATE OR REPLACE FUNCTION internal.limited_keep_others() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% belongs to another client', OLD.name USING ERRCODE = '44000';
END
$$;
CREATE OR REPLACE TRIGGER sources_keep_others BEFORE UPDATE ON internal.sources FOR EACH ROW
  WHEN (current_setting('leadledger.clients', true) <> '' AND (OLD.client = ANY (internal.limited_to())) IS NOT TRUE)
  EXECUTE FUNCTION internal.limited_keep_others();
CREATE OR REPLACE TRIGGER destinations_keep_others BEFORE UPDATE ON internal.destinations FOR EACH ROW
  WHEN (current_setting('leadledger.clients', true) <> '' AND (OLD.client = ANY (internal.limited_to())) IS NOT TRUE)
  EXECUTE FUNCTION internal.limited_keep_others();

-- Whoever changes a source makes the nodes look, and changes no other setting by it.
CREATE OR REPLACE FUNCTION internal.raise_configuration_revision() RETURNS void LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO internal.settings AS s (name, value) VALUES ('configuration_revision', '1')
  ON CONFLICT (name) DO UPDATE SET value = to_jsonb((s.value #>> '{}')::int + 1), updated_at = clock_timestamp()
$$;

-- Alerts about a client's own sources and destinations, and what was told of them; not who is told.
CREATE OR REPLACE VIEW internal.limited_alerts AS
  SELECT * FROM internal.alerts WHERE client = ANY (internal.limited_to()) WITH CHECK OPTION;
CREATE OR REPLACE VIEW internal.limited_alert_mutes AS
  SELECT * FROM internal.alert_mutes m WHERE EXISTS (SELECT FROM internal.limited_alerts a WHERE a.key = m.key);
CREATE OR REPLACE VIEW internal.limited_notifications AS
  SELECT * FROM internal.notifications n WHERE EXISTS (SELECT FROM internal.limited_alerts a WHERE a.alert_id = n.alert_id);
