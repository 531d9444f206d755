// What moves when a whole installation moves, and what stays where it was: every table of the schema is in one of the two
// lists (test/flow/move-installation.test.ts), so that a new one is not forgotten.

/** In an order in which each table comes after those that it refers to. */
export const movedTables = [
  "settings",
  "sources",
  "destinations",
  "users",
  "api_keys",
  "runs",
  "runs_by_hand",
  "audit_events",
  "deliveries",
  "dlq",
  "dlq_causes",
  "kpi_daily",
  "kpi_daily_sources",
  "kpi_deltas",
  "operations",
] as const;

export const tablesLeftBehind: Readonly<Record<string, string>> = {
  "internal.circuits":
    "whether a destination is left alone is about the moment: the new place finds it out with one lead",
  "internal.entry_waits":
    "steps of a schedule that were not used up: without them an entry is tried a few times less often",
  schema_migrations: "the database that an archive is read into has the same ones, or the archive is refused",
  "internal.quarantine": "no leads yet, and kept for days: whoever moves releases or discards before",
  "internal.quarantine_daily": "figures of what was kept at the old place",
  denied_requests: "what was denied at the old place in its last day; the events that tell it move",
  "internal.setbacks": "what the database of the old place had lost; the events that tell it move",
  "internal.sender_notices": "what senders at the old place should be corrected for; it is told anew",
  leader: "which node leads is about the nodes of one place",
  sessions: "people sign in again",
  setup_links: "a link names the place that it was made at, and is short-lived",
};

/** Rows of `settings` that belong to the place: both sides have the same key, or the archive is refused. */
export const settingsLeftBehind = ["key_fingerprint", "configuration_revision"] as const;
