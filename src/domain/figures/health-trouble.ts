// What `/health` names when something does not work as it should although leads can be accepted.

/** Tasks that run again and again; a task is a trouble while its last run failed. */
export type TaskName =
  | "alerts"
  | "certificate"
  | "circuits"
  | "claim"
  | "clock"
  | "completions"
  | "dead_mans_switch"
  | "configuration"
  | "configuration_copy"
  | "denied_requests"
  | "dlq_causes"
  | "first_contact"
  | "history"
  | "held_deliveries"
  | "kpi_roll_up"
  | "leadership"
  | "leases"
  | "names_shown"
  | "node_report"
  | "notifications"
  | "operations"
  | "outage"
  | "person_names"
  | "poll"
  | "quarantine"
  | "quarantine_expiry"
  | "recover"
  | "refused_sign_ins"
  | "removed_destinations"
  | "sender_notices"
  | "spool"
  | "spool_take_over"
  | "waiting_revisions";

export type HealthTrouble = "database" | "database_went_back" | TaskName;
