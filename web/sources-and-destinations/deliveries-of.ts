// What became of a lead at each destination, from its story.
import type { EntryWithPayload, LeadStory, LogEntry } from "../api/types.ts";

export interface Delivery {
  readonly destination: string;
  readonly state: "underway" | "delivered" | "failed" | "settled" | "withdrawn" | "skipped";
  /** What the last attempt failed with, in the words of the log. */
  readonly reason: string | null;
  readonly errorCode: string | null;
  /** Of the attempt that arrived. */
  readonly durationMs: number | null;
  readonly nextAt: string | null;
}

/** In the order in which they are first heard of. */
export function deliveriesOf({ deliveries, dlq, timeline }: LeadStory): readonly Delivery[] {
  const attempts = timeline.filter(
    ({ event_type: type }) =>
      type === "lead_delivered" || type === "delivery_failed" || type === "delivery_skipped",
  );
  const names = [
    ...deliveries.map(({ destination }) => destination),
    ...dlq.map(({ destination }) => destination),
    ...attempts.map((event) => textIn(event, "destination")),
  ];
  return [...new Set(names.filter((name) => name !== null))].map((destination) => {
    const last = attempts.findLast((event) => textIn(event, "destination") === destination);
    const entry = dlq.findLast((each) => each.destination === destination);
    const isWaiting = deliveries.some(
      (each) => each.destination === destination && each.delivered_at === null,
    );
    return deliveryOf(destination, last, entry, isWaiting);
  });
}

function deliveryOf(
  destination: string,
  last: LogEntry | undefined,
  entry: EntryWithPayload | undefined,
  isWaiting: boolean,
): Delivery {
  const hasArrived = last?.event_type === "lead_delivered";
  const reason = hasArrived || last === undefined ? null : textIn(last, "message");
  const failedWith = hasArrived || last === undefined ? null : textIn(last, "outcome");
  const errorCode = entry?.error_code ?? failedWith;
  const common = { destination, durationMs: null, nextAt: null, errorCode };
  if (isWaiting || entry?.status === "retrying") return { ...common, state: "underway", reason };
  if (hasArrived) {
    return { ...common, state: "delivered", reason: null, durationMs: numberIn(last, "duration_ms") };
  }
  if (last?.event_type === "delivery_skipped") return { ...common, state: "skipped", reason: null };
  if (entry === undefined) return { ...common, state: "underway", reason };
  if (entry.status === "resolved")
    return { ...common, state: entry.resolution === "withdrawn" ? "withdrawn" : "settled", reason: null };
  return { ...common, state: "failed", reason: entry.reason, nextAt: entry.next_retry_at };
}

function textIn({ payload }: LogEntry, member: string): string | null {
  const value = memberIn(payload, member);
  return typeof value === "string" ? value : null;
}

function numberIn(event: LogEntry | undefined, member: string): number | null {
  const value = memberIn(event?.payload, member);
  return typeof value === "number" ? value : null;
}

function memberIn(payload: unknown, member: string): unknown {
  return typeof payload === "object" && payload !== null
    ? (payload as Readonly<Record<string, unknown>>)[member]
    : undefined;
}
