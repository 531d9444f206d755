// The database as somebody sees it who is limited to some clients of an agency: every statement meets the views of
// sql/limited-views.sql instead of the tables, and is refused where there is none. So what a statement forgets to ask
// for, the database still keeps back.

/** Of a database or a transaction. */
export interface Limits {
  readonly clients: readonly string[];
  /** What each of its transactions begins with. */
  readonly enter: { readonly text: string; readonly values: readonly string[] };
  /** Throws where the statement names what is not for them. */
  readonly restate: (sql: string) => string;
}

/** For which there is a view `internal.limited_…`. */
const tables: ReadonlySet<string> = new Set(
  `alert_mutes alerts api_keys audit_events circuits clients contacts dead_mans_switch deliveries denied_requests destination_figures_hourly destinations distributed_daily
   distribution_turns dlq dlq_causes durations_hourly entry_waits figures_hourly further_person_hashes heartbeats hour_deltas incomplete_leads kpi_daily kpi_daily_clients kpi_daily_sources kpi_deltas leader
   nodes notifications operations outages person_hashes person_name_hashes person_shown person_views quarantine quarantine_daily receipts receipts_daily runs runs_by_hand sender_notices sessions
   sending_limits setbacks settings setup_links silences source_rhythms skipped_daily sla_daily sla_states sla_targets sources users waiting_revisions`.split(
    /\s+/,
  ),
);

/**
 * Functions that tell nothing of anybody (and the sequence of event ids), or work on the runs that they are given: statements find those in the views.
 * `audit_event_id_at` gives the place of a time in the log, `earlier_lead_of_person` knows leads of the same client alone.
 */
const functions: ReadonlySet<string> = new Set(
  `sources_check_clients destinations_check_clients client_of_source audit_digest audit_event_id_at audit_events_event_id_seq audit_payload_digest dlq_cause
   dlq_stage earlier_lead_of_person kpi_average_ms kpi_bucket ledger_decide raise_configuration_revision
   reporting_timezone`.split(/\s+/),
);

const qualified = /\b(?:public|internal)\.([a-z_]+)/g;

/** Names without a schema mean nothing here but what the statement itself makes. */
const enterSql = `SELECT pg_catalog.set_config('leadledger.clients', $1, true), pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)`;

/** `""`: who names no client. */
export function limitsTo(clients: readonly string[]): Limits {
  const list = `{${clients.map((name) => `"${name.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`;
  return { clients, enter: { text: enterSql, values: [list] }, restate };
}

function restate(sql: string): string {
  return sql.replaceAll(qualified, (whole, name: string) => {
    if (tables.has(name)) return `internal.limited_${name}`;
    if (functions.has(name)) return whole;
    throw new Error(`${whole} is not for somebody who is limited to clients`);
  });
}
