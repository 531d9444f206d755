// A lead's events as steps: each step is what happened, with what followed from it in the same breath.
import type { EventTypeName } from "../../src/domain/log/event-types.ts";
import type { LogEntry } from "../api/types.ts";

export interface Step {
  readonly head: LogEntry;
  readonly consequences: readonly LogEntry[];
  /** Since the step before it; null: it is the first. */
  readonly afterMs: number | null;
}

/** What follows from something else, and is told below it. */
const consequences: ReadonlySet<string> = new Set<EventTypeName>([
  "dlq_created",
  "dlq_rescheduled",
  "dlq_resolved",
  "dlq_dead",
  "lead_processed",
  "lead_failed",
]);

const attempts: ReadonlySet<string> = new Set<EventTypeName>([
  "lead_delivered",
  "delivery_failed",
  "delivery_skipped",
]);

export function stepsOf(timeline: readonly LogEntry[]): readonly Step[] {
  const steps: { head: LogEntry; consequences: LogEntry[] }[] = [];
  for (const event of timeline) {
    const last = steps.at(-1);
    if (last !== undefined && isConsequence(event, last.head)) last.consequences.push(event);
    // An entry's attempt begins as an event of its own; once it has ended the two are one step.
    else if (last?.head.event_type === "dlq_retrying" && isEndOf(event, last.head)) last.head = event;
    else steps.push({ head: event, consequences: [] });
  }
  return steps.map((step, index) => {
    const before = steps[index - 1];
    return {
      ...step,
      afterMs: before === undefined ? null : Math.max(0, msOf(step.head) - msOf(before.head)),
    };
  });
}

/** What a person did is told for itself, whatever it is. */
function isConsequence(event: LogEntry, head: LogEntry): boolean {
  if (!consequences.has(event.event_type) || msOf(event) - msOf(head) > sameBreathMs) return false;
  const isByItself = event.actor === "delivery" || event.actor === "system" || event.actor === "webhook";
  return isByItself || event.actor === head.actor;
}

function isEndOf(event: LogEntry, begin: LogEntry): boolean {
  return attempts.has(event.event_type) && textOf(event, "dlq_id") === textOf(begin, "dlq_id");
}

function textOf({ payload }: LogEntry, name: string): string {
  return String((payload as Readonly<Record<string, unknown>> | null)?.[name]);
}

/** Times have microseconds, which dates do not keep; the order of a run's events is theirs already. */
function msOf({ event_time: at }: LogEntry): number {
  return Date.parse(at);
}

/** A settlement that waited for a lock is still the settlement of what came before it. */
const sameBreathMs = 2_000;
