// An operation: the same thing done to many entries or runs, batch by batch.

export const operationActions = [
  "dlq.retry",
  "dlq.resolve",
  "dlq.dead",
  "dlq.take_in",
  "dlq.deliver_change",
  "runs.replay",
] as const;
export type OperationAction = (typeof operationActions)[number];

export const operationStatuses = ["pending", "running", "paused", "cancelled", "done", "failed"] as const;
export type OperationStatus = (typeof operationStatuses)[number];

/** What a person may do to an operation. */
export type OperationSteering = "pause" | "resume" | "cancel";

/** The state that steering leads to; null: not from this state. */
export function steer(status: OperationStatus, steering: OperationSteering): OperationStatus | null {
  switch (status) {
    case "pending":
    case "running":
      return steering === "pause" ? "paused" : steering === "cancel" ? "cancelled" : null;
    case "paused":
      return steering === "resume" ? "running" : steering === "cancel" ? "cancelled" : null;
    case "cancelled":
    case "done":
    case "failed":
      return null;
  }
}

export const batchItemsMax = 400;
/** With a rate, so much of it at once. */
const rateStepMs = 500;

/** How many entries or runs the next batch takes, and how long the one after it has to wait. */
export function pace(ratePerSecond: number | null): { readonly items: number; readonly msPerItem: number } {
  if (ratePerSecond === null) return { items: batchItemsMax, msPerItem: 0 };
  const items = Math.floor((ratePerSecond * rateStepMs) / 1_000);
  return { items: Math.min(batchItemsMax, Math.max(1, items)), msPerItem: 1_000 / ratePerSecond };
}
