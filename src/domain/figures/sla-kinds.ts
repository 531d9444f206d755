// What service levels measure, and why one is at risk.

/**
 * `delivered`: share of leads that arrived within a time; `success`: share that arrived at all; `delivery_time`: time to
 * delivery of those that arrived, at a percentile; `contacted`: share of leads whose person was contacted within a time
 * (speed to lead); `oldest_entry`: nothing waits in the DLQ for longer than a time.
 */
export const slaMeasures = ["delivered", "success", "delivery_time", "contacted", "oldest_entry"] as const;
export type SlaMeasure = (typeof slaMeasures)[number];

/**
 * `burning`: the month's budget is spent too fast; `misses`: more misses in a day than chance explains; `age`: an entry is
 * too old, or soon will be; `month`: the month has missed it.
 */
export const slaRisks = ["burning", "misses", "age", "month"] as const;
export type SlaRisk = (typeof slaRisks)[number];
