// Why a target is at risk.

/**
 * `burning`: the month's budget is spent too fast; `misses`: more misses in a day than chance explains; `age`: an entry is
 * too old, or soon will be; `month`: the month has missed it.
 */
export const slaRisks = ["burning", "misses", "age", "month"] as const;
export type SlaRisk = (typeof slaRisks)[number];
