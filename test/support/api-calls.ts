// One realistic example of every call of the API, for test/flow/api/answers.test.ts, which fails where one is missing.
// Add a line per operation: `operationId` is the method and the path, `GET /runs/:run_id` is `get_runs_run_id`.

/** What is there when the calls are made, in the order of the table. */
export interface Made {
  /** A lead that failed at the destination `broken`, and one that was delivered. */
  readonly failedRun: string;
  readonly deliveredRun: string;
  /** Ids of open entries; each is used once. */
  nextEntry(): number;
  /** Ids of entries of kind conflict; each is used once. */
  nextConflict(): number;
  /** Ids of requests that were turned away and kept; each is used once. */
  nextTurnedAway(): string;
  /** Members of earlier answers, by operationId: `{post_users: {user_id: 3}}`. */
  readonly answers: Record<string, Readonly<Record<string, unknown>>>;
}

export interface ExampleCall {
  /** Path parameters. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** Without the question mark. */
  readonly query?: string;
  readonly body?: unknown;
  /** Default: 200, or 201, 202, 204 as the document says. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of answers without an end: it is enough that they begin. */
  readonly endless?: true;
}

type Example = (made: Made) => ExampleCall;

const reason = "The CRM is mended";
const idOf = (made: Made, operation: string, member: string): string => {
  const id = made.answers[operation]?.[member];
  if (typeof id !== "string" && typeof id !== "number") throw new Error(`${operation} gave no ${member}`);
  return String(id);
};
const user: Example = (made) => ({ params: { user_id: idOf(made, "post_users", "user_id") } });
const order = (made: Made) => ({ action: "dlq.retry", ids: [made.nextEntry()], reason });
const operation: Example = (made) => ({
  params: { operation_id: idOf(made, "post_operations", "operation_id") },
});
const entry: Example = (made) => ({ params: { dlq_id: made.nextEntry() }, body: { reason } });
const conflict: Example = (made) => ({ params: { dlq_id: made.nextConflict() }, body: { reason } });
const dayFromNow = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const noAlert = "0b7f5c1c-58a4-4b0f-8d2f-0f2b7f0c9a55";
const newSource = "landing-page";
const newDestination = "second-crm";

/** In this order. */
export const apiCalls: Readonly<Record<string, Example>> = {
  get_system: () => ({}),
  get_settings: () => ({}),
  // The time zone stands in the file of the tests, so it is read-only here.
  patch_settings: () => ({ body: {} }),

  get_runs: () => ({ query: "status=failed&status=processed&limit=1" }),
  get_runs_run_id: (made) => ({ params: { run_id: made.failedRun }, query: "reveal=true" }),
  get_runs_run_id_viewers: (made) => ({ params: { run_id: made.failedRun } }),
  get_audit_events: () => ({ query: "health_checks=true&limit=100" }),
  get_dlq: () => ({ query: "status=open&kind=delivery" }),
  get_dlq_groups: () => ({}),
  get_dlq_dlq_id: (made) => ({ params: { dlq_id: made.nextEntry() } }),
  get_sla: () => ({}),
  post_sla: () => ({
    body: {
      name: "quick",
      label: "In five minutes",
      measure: "delivered",
      within: "5m",
      share: "99.5%",
      opening_hours: ["mon-fri 08:00-18:00"],
      holidays: "NW",
    },
  }),
  get_sla_name: () => ({ params: { name: "quick" } }),
  patch_sla_name: () => ({ params: { name: "quick" }, body: { within: "10m", label: null } }),
  get_sla_name_days: () => ({ params: { name: "quick" }, query: "limit=5" }),
  get_sla_name_months: () => ({ params: { name: "quick" } }),
  delete_sla_name: () => ({ params: { name: "quick" } }),
  post_runs_run_id_contacted: (made) => ({ params: { run_id: made.deliveredRun }, body: {} }),
  delete_runs_run_id_contacted: (made) => ({
    params: { run_id: made.deliveredRun },
    body: { reason: "Another lead" },
  }),
  get_kpi_daily: () => ({ query: "from=2020-01-01" }),
  get_kpi_clients: () => ({ query: `from=${dayFromNow(-1)}&to=${dayFromNow(1)}` }),
  get_kpi_hourly: () => ({ query: `from=${dayFromNow(-1)}&to=${dayFromNow(1)}` }),
  get_kpi_hourly_destinations: () => ({ query: `from=${dayFromNow(-1)}&to=${dayFromNow(1)}` }),
  get_kpi_distribution: () => ({ query: `from=${dayFromNow(-1)}&to=${dayFromNow(1)}` }),
  get_exports_kpi_hourly: () => ({ query: "format=csv" }),
  get_kpi_sources: () => ({ query: `from=${dayFromNow(-1)}&to=${dayFromNow(1)}` }),
  get_overview: () => ({}),
  get_alerts: () => ({}),
  get_alerts_alert_id: () => ({ params: { alert_id: noAlert }, status: 404 }),
  post_alerts_alert_id_acknowledge: () => ({
    params: { alert_id: noAlert },
    body: { note: "on it" },
    status: 404,
  }),
  post_alerts_alert_id_mute: () => ({
    params: { alert_id: noAlert },
    body: { until: "2099-01-01T00:00:00Z", reason },
    status: 404,
  }),
  post_alerts_alert_id_unmute: () => ({ params: { alert_id: noAlert }, status: 404 }),
  get_alert_rules: () => ({}),
  put_alert_rules: () => ({ body: { source_paused: { notify: false } } }),
  post_alert_recipients: () => ({
    body: { name: "pager", kind: "http", url: "http://127.0.0.1:9/alerts", allow_private: true },
  }),
  get_alert_recipients: () => ({}),
  patch_alert_recipients_name: () => ({ params: { name: "pager" }, body: { severity: "warning" } }),
  post_alert_recipients_name_test: () => ({ params: { name: "pager" } }),
  post_alert_recipients_name_ask: () => ({ params: { name: "pager" } }),
  post_alert_recipients_name_confirm: () => ({
    params: { name: "pager" },
    body: { code: "AAAAAAAA" },
    status: 403,
  }),
  delete_alert_recipients_name: () => ({ params: { name: "pager" } }),
  get_activity: () => ({}),
  get_events: () => ({ endless: true }),
  get_error_codes: () => ({}),
  get_error_codes_code: () => ({ params: { code: "destination_auth" } }),

  post_dlq_dlq_id_dry_run: (made) => ({ params: { dlq_id: made.nextEntry() } }),
  post_dlq_dlq_id_edit_dry_run: (made) => ({
    params: { dlq_id: made.nextEntry() },
    body: { body: { email: "erna@example.com" } },
  }),
  post_dlq_dlq_id_edit: (made) => ({
    params: { dlq_id: made.nextEntry() },
    body: { body: { email: "erna@example.com" }, reason },
  }),
  post_dlq_dlq_id_retry: entry,
  post_dlq_dlq_id_resolve: entry,
  post_dlq_dlq_id_dead: entry,
  post_dlq_dlq_id_take_in: conflict,
  post_dlq_dlq_id_deliver_change: conflict,
  post_runs_run_id_replay: (made) => ({
    params: { run_id: made.deliveredRun },
    body: { destination: "broken", reason },
  }),
  // This lead lacks nothing.
  post_runs_run_id_completion_retry: (made) => ({
    params: { run_id: made.failedRun },
    body: { reason },
    status: 409,
  }),
  post_runs_run_id_completion_deliver_anyway: (made) => ({
    params: { run_id: made.failedRun },
    body: { reason },
    status: 409,
  }),
  post_runs_run_id_repeats_event_id_deliver: (made) => ({
    params: { run_id: made.deliveredRun, event_id: 1 },
    body: { reason },
    status: 404,
  }),
  post_runs_run_id_held_release: (made) => ({
    params: { run_id: made.deliveredRun },
    body: { reason },
    status: 409,
  }),
  post_runs_run_id_held_withdraw: (made) => ({
    params: { run_id: made.deliveredRun },
    body: { reason },
    status: 409,
  }),
  post_operations_preview: () => ({ body: { action: "dlq.retry", filter: { destination: "broken" } } }),
  post_operations: (made) => ({ body: { ...order(made), rate_per_second: 0.01 } }),
  get_operations: () => ({}),
  get_operations_operation_id: operation,
  post_operations_operation_id_pause: operation,
  post_operations_operation_id_resume: operation,
  post_operations_operation_id_cancel: operation,

  get_exports_runs: () => ({ query: "format=ndjson" }),
  get_exports_dlq: () => ({ query: "format=csv&excel=de" }),
  get_exports_audit_events: () => ({ query: "format=ndjson" }),
  get_exports_sla: () => ({ query: "format=csv" }),
  get_exports_kpi: () => ({ query: "format=csv" }),
  post_imports: () => ({
    body: { source: "website", file: "leads.csv", rows: [{ row: 1, body: { email: "fritz@example.com" } }] },
  }),

  get_forms: () => ({}),
  post_sources: () => ({ body: { name: newSource, auth: { kind: "token" }, to: [] } }),
  get_clients: () => ({}),
  get_sources: () => ({}),
  get_sources_name: () => ({ params: { name: newSource } }),
  get_sources_name_rhythm: () => ({ params: { name: newSource } }),
  get_sources_name_samples: () => ({ params: { name: newSource } }),
  post_sources_name_map_preview: () => ({
    params: { name: newSource },
    body: { map: { company: "/firma" }, body: { firma: "Muster GmbH" } },
  }),
  patch_sources_name: () => ({ params: { name: newSource }, body: { rate_limit: null } }),
  post_sources_name_rotate_secret: () => ({ params: { name: newSource }, body: { overlap: "1h" } }),
  post_sources_name_check: () => ({ params: { name: newSource } }),
  post_sources_name_test: () => ({ params: { name: newSource }, body: {} }),
  post_sources_name_pause: () => ({ params: { name: newSource } }),
  post_sources_name_resume: () => ({ params: { name: newSource } }),
  post_sources_name_take_over: () => ({ params: { name: newSource } }),
  delete_sources_name: () => ({ params: { name: newSource } }),

  post_destinations: () => ({
    body: { name: newDestination, kind: "http", url: "https://crm.example.com/leads" },
  }),
  post_destinations_preview: () => ({ body: { name: "one-more", kind: "external" } }),
  post_clients: () => ({ body: { name: "one-more-client", from: null } }),
  get_destinations: () => ({}),
  get_destinations_name: () => ({ params: { name: newDestination } }),
  patch_destinations_name: () => ({ params: { name: newDestination }, body: { paused: true } }),
  post_destinations_name_rotate_secret: () => ({ params: { name: newDestination }, body: {} }),
  post_destinations_name_test: () => ({ params: { name: newDestination }, body: {} }),
  post_destinations_name_map_preview: () => ({
    params: { name: newDestination },
    body: { body: { name: "Erika" } },
  }),
  get_destinations_name_fields: () => ({ params: { name: newDestination } }),
  post_destinations_name_fields: () => ({
    params: { name: newDestination },
    body: { label: "Budget" },
    // Whoever it is, of an address alone nobody knows how fields are made there.
    status: 409,
  }),
  post_destinations_name_probe: () => ({ params: { name: newDestination } }),
  post_destinations_name_pause: () => ({ params: { name: newDestination } }),
  post_destinations_name_resume: () => ({ params: { name: newDestination } }),
  post_destinations_name_take_over: () => ({ params: { name: newDestination } }),
  post_destinations_name_try_now: () => ({ params: { name: newDestination } }),
  delete_destinations_name: () => ({ params: { name: newDestination } }),

  get_dead_mans_switch: () => ({}),
  put_dead_mans_switch: () => ({ body: { url: "http://127.0.0.1:9/", allow_private: true } }),
  delete_dead_mans_switch: () => ({}),
  get_mail: () => ({}),
  put_mail: () => ({
    body: { smtp: "127.0.0.1:9", from: "LeadLedger <ledger@example.com>", allow_private: true },
  }),
  post_mail_test: () => ({ body: { to: "anna@example.com" } }),
  get_reports: () => ({}),
  put_reports: () => ({ body: { daily: { to: ["anna@example.com"], at: "07:30" } } }),
  get_reports_report: () => ({ params: { report: "daily" } }),
  get_reports_report_page: () => ({ params: { report: "weekly" } }),
  post_reports_report_send: () => ({ params: { report: "daily" }, body: { to: "anna@example.com" } }),
  delete_mail: () => ({}),

  get_deliveries: () => ({}),
  post_deliveries_stop: () => ({ body: { reason } }),
  post_deliveries_resume: () => ({ body: {} }),

  get_quarantine: () => ({ query: "limit=10" }),
  get_quarantine_quarantine_id: (made) => ({ params: { quarantine_id: made.nextTurnedAway() } }),
  post_quarantine_quarantine_id_release: (made) => ({
    params: { quarantine_id: made.nextTurnedAway() },
    body: { reason },
  }),
  post_quarantine_quarantine_id_discard: (made) => ({
    params: { quarantine_id: made.nextTurnedAway() },
    body: { reason },
  }),
  post_quarantine_release: (made) => ({ body: { ids: [made.nextTurnedAway()], reason } }),
  post_quarantine_discard: (made) => ({ body: { ids: [made.nextTurnedAway()], reason } }),

  get_database_setbacks: () => ({}),
  post_database_setbacks_setback_id_acknowledge: () => ({ params: { setback_id: 1 }, status: 404 }),

  post_users: () => ({
    body: {
      login: "gerda@example.com",
      display_name: "Gerda",
      role: "sales",
      password: "a-long-enough-password-27",
    },
  }),
  get_users: () => ({}),
  get_users_user_id: user,
  patch_users_user_id: (made) => ({ ...user(made), body: { display_name: "Gerda G." } }),
  post_users_user_id_setup_links: user,
  // Nothing can be sent here.
  post_users_user_id_invitations: (made) => ({ ...user(made), status: 409 }),
  post_session_password_reset: () => ({ body: { login: "gerda@example.com" }, status: 409 }),
  post_api_keys: () => ({ body: { name: "reporting", role: "viewer" } }),
  get_api_keys: () => ({}),
  post_api_keys_key_id_revoke: (made) => ({ params: { key_id: idOf(made, "post_api_keys", "key_id") } }),

  post_session: () => ({ body: { login: "gerda@example.com", password: "a-long-enough-password-27" } }),
  get_session: () => ({}),
  // The key of the tests is nobody's own account.
  patch_session: () => ({ body: { language: "de" }, status: 409 }),
  put_session_password: () => ({
    body: { current_password: "a-long-enough-password-27", new_password: "another-long-password-28" },
    status: 409,
  }),
  delete_session: () => ({}),
};
