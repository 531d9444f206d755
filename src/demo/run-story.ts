// Whether the story that the ledger tells of a run is complete, in order, and fits the state that the run is in.
import type { BookEntry, BookEvent, BookRun } from "../ledger/books.ts";

export interface RunRecord {
  readonly run: BookRun;
  /** In the order of event_time. */
  readonly events: readonly BookEvent[];
  readonly entries: readonly BookEntry[];
  /** Where the run's lead had to go. */
  readonly destinations: readonly string[];
}

/** What is wrong with the story, in words for an engineer; null: nothing. */
export function storyFault(record: RunRecord): string | null {
  const faults = [orderFault, beginningFault, endFault, deliveriesFault];
  for (const fault of faults) {
    const found = fault(record);
    if (found !== null) return found;
  }
  for (const entry of record.entries) {
    const found = entryFault(entry, record.events);
    if (found !== null) return `DLQ entry ${entry.dlq_id}: ${found}`;
  }
  return null;
}

function orderFault({ events }: RunRecord): string | null {
  const late = events.find((event, index) => index > 0 && event.at_us <= (events[index - 1]?.at_us ?? 0));
  return late === undefined ? null : `${late.event_type} is not later than the event before it`;
}

function beginningFault({ run, events }: RunRecord): string | null {
  const first = events[0]?.event_type;
  if (first !== "lead_received" && first !== "lead_rejected") return `it begins with ${first ?? "nothing"}`;
  const received = count(events, "lead_received") + count(events, "lead_corrected");
  if (received > 1) return "the lead was taken in more than once";
  if (received === 0 && !run.refused) return "the lead was never taken in";
  return received === 1 && run.refused ? "a lead that was taken in is still called refused" : null;
}

const endings = { accepted: null, processed: "lead_processed", failed: "lead_failed" } as const;

function endFault({ run, events, entries }: RunRecord): string | null {
  const last = events.findLast(({ event_type }) =>
    ["lead_processed", "lead_failed", "lead_corrected"].includes(event_type),
  );
  const expected = endings[run.status];
  const found = last === undefined || last.event_type === "lead_corrected" ? null : last.event_type;
  if (found !== expected)
    return `the run is ${run.status}, but its story ends with ${found ?? "no decision"}`;
  const holding = entries.some(({ kind, status }) => holds(kind) && status !== "resolved");
  if (run.status === "failed" && !holding) return "it failed, but nothing needs attention";
  return run.status === "processed" && holding ? "it is processed, but an entry is open" : null;
}

function holds(kind: BookEntry["kind"]): boolean {
  return kind === "delivery" || kind === "refused";
}

/** Each destination has the lead once, or an entry says why not. */
function deliveriesFault({ run, events, entries, destinations }: RunRecord): string | null {
  const delivered = events.filter(({ event_type }) => event_type === "lead_delivered").map(destinationOf);
  const stranger = delivered.find((name) => !destinations.includes(name));
  if (stranger !== undefined) return `it was delivered to ${stranger}, where it did not belong`;
  if (run.refused) return delivered.length > 0 ? "it was refused, but delivered" : null;
  for (const name of destinations) {
    const times = delivered.filter((each) => each === name).length;
    if (times > 1) return `it was delivered to ${name} ${times} times`;
    const waits = entries.some(({ destination, status }) => destination === name && status !== "resolved");
    if (times === 0 && !waits && run.status !== "accepted")
      return `nobody knows what became of it at ${name}`;
    if (times === 1 && waits) return `it was delivered to ${name}, where an entry is still open`;
  }
  return null;
}

const entryEndings: Readonly<Record<BookEntry["status"], readonly string[]>> = {
  open: ["dlq_created", "dlq_rescheduled"],
  retrying: ["dlq_retrying"],
  resolved: ["dlq_resolved"],
  dead: ["dlq_dead"],
};

function entryFault(entry: BookEntry, events: readonly BookEvent[]): string | null {
  const own = events.filter(
    ({ event_type, payload }) => event_type.startsWith("dlq_") && payload.dlq_id === entry.dlq_id,
  );
  if (own[0]?.event_type !== "dlq_created" || count(own, "dlq_created") > 1)
    return "its beginning is missing";
  if (!entryEndings[entry.status].includes(own.at(-1)?.event_type ?? "")) {
    return `it is ${entry.status}, but its story ends with ${own.at(-1)?.event_type ?? "nothing"}`;
  }
  if (count(own, "dlq_retrying") !== entry.retry_count) return "its attempts were not all written down";
  if (entry.kind !== "delivery") return null;
  if (!precededBy("delivery_failed", "dlq_created", entry, events)) return "no failed attempt explains it";
  if (entry.resolution !== "delivered") return null;
  return precededBy("lead_delivered", "dlq_resolved", entry, events)
    ? null
    : "it is resolved without a delivery";
}

/** Cause before effect: an event at the entry's destination before the entry's own. */
function precededBy(cause: string, effect: string, entry: BookEntry, events: readonly BookEvent[]): boolean {
  const at = events.findIndex(
    ({ event_type, payload }) => event_type === effect && payload.dlq_id === entry.dlq_id,
  );
  return events
    .slice(0, at)
    .some((event) => event.event_type === cause && destinationOf(event) === entry.destination);
}

function count(events: readonly BookEvent[], eventType: string): number {
  return events.filter(({ event_type }) => event_type === eventType).length;
}

function destinationOf({ payload }: BookEvent): string {
  return typeof payload.destination === "string" ? payload.destination : "";
}
