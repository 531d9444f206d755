// What moves when a whole installation moves, and what stays where it was: every table is in one of the two lists
// (test/flow/move-installation.test.ts), so that a new one is not forgotten. Archives name tables without their schema.

/** In an order in which each table comes after those that it refers to. */
export const movedTables = [
  "settings",
  "clients",
  "sections",
  "sources",
  "destinations",
  "alert_recipients",
  "users",
  "api_keys",
  "runs",
  "runs_by_hand",
  "further_person_hashes",
  "person_views",
  "person_shown",
  "audit_events",
  "deliveries",
  "receipts",
  "incomplete_leads",
  "dlq",
  "dlq_causes",
  "waiting_revisions",
  "skipped_daily",
  "distributed_daily",
  "distribution_turns",
  "receipts_daily",
  "kpi_daily",
  "kpi_daily_sources",
  "kpi_deltas",
  "operations",
  "sla_targets",
  "sla_daily",
  "contacts",
] as const;

export const tablesLeftBehind: Readonly<Record<string, string>> = {
  bi_readers: "roles are those of the server; `db url --bi --client` makes them anew",
  report_mails: "which reports were sent is about the old place, which sends them until it stops",
  circuits:
    "whether a destination is left alone is about the moment: the new place finds it out with one lead",
  person_name_hashes: "names by which leads are found are made afresh from the leads, behind intake",
  entry_waits:
    "steps of a schedule that were not used up: without them an entry is tried a few times less often",
  sending_limits: "what was sent in this minute and on this day counts at the place that sent it",
  sql_in_force: "the database that an archive is read into has its own",
  schema_migrations: "the database that an archive is read into has the same ones, or the archive is refused",
  quarantine: "no leads yet, and kept for days: whoever moves releases or discards before",
  quarantine_daily: "figures of what was kept at the old place",
  source_rhythms: "what a source usually brings is learned afresh while leads come",
  silences: "which source was silent at the old place is no matter of the new one",
  silence_watch: "as silences",
  heartbeats: "whether a test lead is due is about the moment: the first comes at once",
  figures_hourly: "figures by hour are counted afresh from the leads and the log, behind intake",
  destination_figures_hourly: "as figures_hourly",
  durations_hourly: "as figures_hourly",
  hour_deltas: "as figures_hourly",
  denied_requests: "what was denied at the old place in its last day; the events that tell it move",
  alerts: "whether something is wrong is about the moment; the events that tell it move",
  alert_mutes: "as alerts",
  notifications: "whom it was told at the old place; the events that tell it move",
  setbacks: "what the database of the old place had lost; the events that tell it move",
  sender_notices: "what senders at the old place should be corrected for; it is told anew",
  leader: "which node leads is about the nodes of one place",
  dead_mans_switch: "whether the old place called; its address moves with the sections",
  nodes: "which nodes run, and how, is about the nodes of one place",
  outages: "when the nodes of the old place were without their database",
  sla_states: "how targets stand is about the moment: the new place looks at once",
  sla_progress: "the new place counts the days of targets afresh, which changes nothing",
  sessions: "people sign in again",
  setup_links: "a link names the place that it was made at, and is short-lived",
};

/** Rows of `settings` that belong to the place: both sides have the same key, or the archive is refused. */
export const settingsLeftBehind = ["key_fingerprint", "configuration_revision"] as const;

/** How far something has come with the rows that there are: it begins anew with those that are read in. */
export const settingsBegunAnew = ["person_names", "hours_counted_from"] as const;

/** Those meant for people; all others are in `internal`. */
const inDefaultSchema: ReadonlySet<string> = new Set(["runs", "audit_events", "dlq", "kpi_daily"]);

/** The name of one of these tables in SQL. */
export function qualifiedTable(name: string): string {
  return `${inDefaultSchema.has(name) ? "public" : "internal"}.${name}`;
}
