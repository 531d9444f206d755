// What the parts of the program tell the log: one structured line per operation, named like its audit event.

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Never a payload, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Warnings and errors have names of a closed set, because each of them is explained to people. */
export type Log = <Level extends LogLevel>(level: Level, event: EventOf<Level>, fields?: LogFields) => void;

type EventOf<Level extends LogLevel> = [Level] extends ["debug" | "info"] ? string : TroubleEvent;

export type TroubleEvent =
  // Taking leads
  | "counts_lost"
  | "health_check_not_recorded"
  | "lead_not_recorded"
  | "quarantine_full"
  | "quarantine_lost"
  | "request_failed"
  | "requests_denied"
  | "schema_unusable"
  | "sign_ins_refused"
  // What waits on disk
  | "spool_not_taken_over"
  | "spool_not_truncated"
  | "spool_of_another_key"
  | "spool_record_not_set_aside"
  | "spool_record_refused"
  | "spool_record_set_aside"
  | "spool_segment_gone"
  | "spool_segment_unreadable"
  | "spool_taken_over"
  | "spool_unusable"
  | "spool_waiting"
  | "spool_write_failed"
  // Delivering
  | "attempt_failed"
  | "circuit_not_changed"
  | "circuit_opened"
  | "claim_failed"
  | "claim_refused"
  | "completion_version_differs"
  | "delivery_failed"
  | "delivery_not_given_up"
  | "destination_unusable"
  | "lane_not_closed"
  | "lead_not_completed"
  | "leases_not_returned"
  | "limit_not_asked"
  | "limit_not_noted"
  | "opening_hours_in_utc"
  | "outcome_settled_late"
  | "outcome_unsettled"
  | "recovery_refused"
  | "renewal_refused"
  | "settlement_failed"
  // The database and the process
  | "configuration_refused"
  | "database_connection_lost"
  | "dead_mans_switch_silent"
  | "database_lost"
  | "database_went_back"
  | "leader_write_refused"
  | "leadership_lost"
  | "live_events_failed"
  | "password_mail_failed"
  | "names_not_recorded"
  | "migration_waits"
  | "operation_failed"
  | "postgres_exited"
  | "postgres_restart_failed"
  | "sql_roles_not_aligned"
  | "stop_failed"
  | "task_failed"
  | "timezone_unfit"
  | "uncaught_error";

/** What an unknown error says, for a log line. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
