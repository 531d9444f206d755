// Where a lead stands with each destination: what waits, its cases, and every attempt that its events tell of.
import type { EntryWithPayload, LeadStory, LogEntry, WaitingDelivery } from "../api/types.ts";

export interface Attempt {
  readonly event: LogEntry;
  readonly isDelivered: boolean;
  /** As its lane counts: from 1 again with every entry and every further delivery. */
  readonly number: number;
  readonly code: string | null;
  readonly status: number | null;
  readonly durationMs: number;
  /** As the attempt's event words it, in English. */
  readonly message: string | null;
  readonly response: { readonly headers: unknown; readonly body: string } | null;
}

export interface DestinationStanding {
  readonly destination: string;
  readonly waiting: WaitingDelivery | null;
  /** What the destination said about its record, when the lead arrived; null: nothing. */
  readonly receipt: WaitingDelivery | null;
  /** The newest; older ones of the same destination were tried again by it. */
  readonly entry: EntryWithPayload | null;
  /** The oldest first. */
  readonly attempts: readonly Attempt[];
  /** Since when it has not got the lead because its condition is not met; null: that is not how it ended. */
  readonly skippedAt: string | null;
}

export function standingsOf(lead: LeadStory): readonly DestinationStanding[] {
  const attempts = lead.timeline.filter(isAttempt);
  const ends = lead.timeline.filter((event) => isAttempt(event) || isSkip(event));
  const named = [
    ...ends.map(destinationOf),
    ...lead.deliveries.map(({ destination }) => destination),
    ...lead.dlq.map(({ destination }) => destination ?? ""),
  ].filter((name) => name !== "");
  return [...new Set(named)].map((destination) => ({
    destination,
    waiting: lead.deliveries.find((each) => each.destination === destination && isWaiting(each)) ?? null,
    receipt: lead.deliveries.find((each) => each.destination === destination && !isWaiting(each)) ?? null,
    entry: lead.dlq.findLast((each) => each.destination === destination) ?? null,
    attempts: attempts.filter((event) => destinationOf(event) === destination).map(attemptOf),
    skippedAt: skippedAtOf(ends.findLast((event) => destinationOf(event) === destination)),
  }));
}

export function isWaiting({ delivered_at: at }: WaitingDelivery): boolean {
  return at === null;
}

function isAttempt({ event_type: type }: LogEntry): boolean {
  return type === "lead_delivered" || type === "delivery_failed";
}

function isSkip({ event_type: type }: LogEntry): boolean {
  return type === "delivery_skipped";
}

function skippedAtOf(last: LogEntry | undefined): string | null {
  return last !== undefined && isSkip(last) ? last.event_time : null;
}

interface AttemptPayload {
  readonly destination?: unknown;
  readonly attempt?: unknown;
  readonly outcome?: unknown;
  readonly http_status?: unknown;
  readonly duration_ms?: unknown;
  readonly message?: unknown;
  readonly response?: { readonly headers?: unknown; readonly body_excerpt?: unknown } | null;
}

function destinationOf({ payload }: LogEntry): string {
  const { destination } = (payload ?? {}) as AttemptPayload;
  return typeof destination === "string" ? destination : "";
}

function attemptOf(event: LogEntry): Attempt {
  const payload = (event.payload ?? {}) as AttemptPayload;
  const { outcome, http_status: status, duration_ms: durationMs, message, response } = payload;
  const isDelivered = event.event_type === "lead_delivered";
  return {
    event,
    isDelivered,
    number: typeof payload.attempt === "number" ? payload.attempt : 0,
    code: !isDelivered && typeof outcome === "string" ? outcome : null,
    status: typeof status === "number" ? status : null,
    durationMs: typeof durationMs === "number" ? durationMs : 0,
    message: typeof message === "string" ? message : null,
    response:
      typeof response === "object" && response !== null
        ? {
            headers: response.headers ?? null,
            body: typeof response.body_excerpt === "string" ? response.body_excerpt : "",
          }
        : null,
  };
}
