// What can be wrong with the books: a closed set of codes, each with its texts in src/explanations/ledger-findings.ts.

/** Where each is found. `run_missing` names the table that has rows of a run that there is not. */
export const findingTables = {
  // The story of a lead
  story_without_beginning: "audit_events",
  story_begins_twice: "audit_events",
  story_begins_too_early: "audit_events",
  story_out_of_order: "audit_events",
  story_impossible: "audit_events",
  entry_without_attempt: "audit_events",
  delivered_without_attempt: "audit_events",
  failed_before_cause: "audit_events",
  story_ends_otherwise: "runs",
  entry_differs_from_story: "dlq",
  receipt_differs_from_story: "receipts",
  // What the tables say of each other
  run_missing: "runs",
  run_without_work: "runs",
  run_not_failed: "runs",
  outcome_missing: "runs",
  outcome_wrong: "runs",
  failed_without_cause: "runs",
  failed_for_another_reason: "runs",
  refusal_not_kept: "runs",
  delivery_left_over: "deliveries",
  delivery_in_two_places: "deliveries",
  delivery_lease_broken: "deliveries",
  delivery_forgotten: "deliveries",
  entries_at_work_twice: "dlq",
  entry_left_open: "dlq",
  entry_reopened_early: "dlq",
  entry_lease_broken: "dlq",
  test_mark_differs: "dlq",
  // The proof of each event
  payload_digest_wrong: "audit_events",
  event_digest_wrong: "audit_events",
  // Figures
  day_missing: "kpi_daily",
  day_figures_wrong: "kpi_daily",
  source_figures_wrong: "kpi_daily_sources",
  hour_figures_wrong: "figures_hourly",
  cause_counts_wrong: "dlq_causes",
} as const satisfies Readonly<Record<string, FindingTable>>;

export type FindingCode = keyof typeof findingTables;

export type FindingTable =
  | "runs"
  | "audit_events"
  | "deliveries"
  | "dlq"
  | "receipts"
  | "kpi_daily"
  | "kpi_daily_sources"
  | "figures_hourly"
  | "dlq_causes";

/** One thing that is wrong. Of what it is about, it names what there is. */
export interface Finding {
  readonly finding: FindingCode;
  readonly table: FindingTable;
  readonly run_id?: string;
  readonly event_id?: number;
  readonly dlq_id?: number;
  /** ISO date in the reporting time zone. */
  readonly day?: string;
  readonly source?: string;
  /** For an engineer, in English; no payload, nothing of a person. */
  readonly detail: string;
}

/** What a judge says; whoever asked knows which run it is about. */
export interface Fault {
  readonly finding: FindingCode;
  readonly detail: string;
  readonly dlqId?: number;
}

export function fault(finding: FindingCode, detail: string, dlqId?: number): Fault {
  return dlqId === undefined ? { finding, detail } : { finding, detail, dlqId };
}
