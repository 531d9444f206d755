// The states of a run and of a DLQ entry; their legal changes are kept by the database (migrations/0004).

export const runStatuses = ["accepted", "processed", "failed"] as const;
export type RunStatus = (typeof runStatuses)[number];

/** How a processed run ended; `no_destination`: nobody got that lead; `withdrawn`: a delivery that waited was ended. */
export const runOutcomes = ["delivered", "resolved_by_hand", "withdrawn", "no_destination"] as const;
export type RunOutcome = (typeof runOutcomes)[number];

export const dlqStatuses = ["open", "retrying", "resolved", "dead"] as const;
export type DlqStatus = (typeof dlqStatuses)[number];

export const dlqKinds = ["delivery", "refused", "conflict", "replay", "manual"] as const;
export type DlqKind = (typeof dlqKinds)[number];
