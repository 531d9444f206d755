// Whether the story that the ledger tells of a run is complete, in order, and ends in the state that the run is in.
import type { BookEntry, BookEvent, BookRun } from "../ledger/figures/books.ts";

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
  return orderFault(record) ?? replayFault(record) ?? deliveriesFault(record);
}

function orderFault({ events }: RunRecord): string | null {
  const late = events.find((event, index) => index > 0 && event.at_us <= (events[index - 1]?.at_us ?? 0));
  return late === undefined ? null : `${late.event_type} is not later than the event before it`;
}

/** Lives through the events and compares what they lead to with what the tables say. */
function replayFault({ run, events, entries }: RunRecord): string | null {
  const replay: Replay = { status: "new", refused: false, entries: new Map() };
  for (const event of events) {
    const fault = apply(replay, event);
    if (fault !== null) return `${event.event_type}: ${fault}`;
  }
  if (replay.status !== run.status) return `the run is ${run.status}, but its story ends ${replay.status}`;
  if (replay.refused !== run.refused) return "the story does not tell whether the payload was refused";
  if (replay.entries.size !== entries.length)
    return "it tells of more DLQ entries than there are, or of fewer";
  for (const entry of entries) {
    const told = replay.entries.get(entry.dlq_id);
    if (told?.status !== entry.status)
      return `DLQ entry ${entry.dlq_id} is ${entry.status}, which is not told`;
    if (told.attempts !== entry.retry_count) return `DLQ entry ${entry.dlq_id}: not every attempt is told`;
  }
  return null;
}

interface Replay {
  status: BookRun["status"] | "new";
  refused: boolean;
  readonly entries: Map<number, ReplayedEntry>;
}

interface ReplayedEntry {
  readonly kind: BookEntry["kind"];
  status: BookEntry["status"];
  attempts: number;
  /** How the attempt that is under way ended; null: no attempt, or not yet. */
  attemptEnd: "delivered" | "failed" | null;
}

/** Does what the event says; returns why it cannot have happened here. */
function apply(replay: Replay, event: BookEvent): string | null {
  const { event_type: type, payload } = event;
  if (replay.status === "new" && !["lead_received", "lead_rejected"].includes(type))
    return "the beginning is missing";
  // What holds a run up makes it fail in the same moment.
  if (replay.status === "accepted" && isHeld(replay) && type !== "lead_failed")
    return "the run should have failed first";
  switch (type) {
    case "lead_received":
    case "lead_rejected":
      if (replay.status !== "new") return "it had begun before";
      replay.status = "accepted";
      replay.refused = type === "lead_rejected";
      return null;
    case "lead_corrected":
      if (!replay.refused) return "there was nothing to correct";
      replay.refused = false;
      replay.status = "accepted";
      return null;
    case "lead_delivered":
    case "delivery_failed":
      return applyAttempt(replay, event);
    case "lead_failed":
      if (replay.status !== "accepted" || !isHeld(replay)) return "nothing made it fail";
      replay.status = "failed";
      return null;
    case "lead_processed":
      if (replay.status === "processed" || replay.refused || isHeld(replay)) return "it was not done";
      replay.status = "processed";
      return null;
    case "duplicate_received":
      return null;
    default:
      return type.startsWith("dlq_") ? applyToEntry(replay, type, payload) : "it does not belong here";
  }
}

function isHeld({ refused, entries }: Replay): boolean {
  return [...entries.values()].some(
    ({ kind, status }) => status !== "resolved" && (kind === "delivery" || (kind === "refused" && refused)),
  );
}

function applyAttempt(replay: Replay, { event_type: type, payload }: BookEvent): string | null {
  if (replay.status === "processed") return "the run was done before";
  if (payload.dlq_id === undefined) return null;
  const entry = replay.entries.get(Number(payload.dlq_id));
  if (entry?.status !== "retrying" || entry.attemptEnd !== null) return "no attempt was under way";
  entry.attemptEnd = type === "lead_delivered" ? "delivered" : "failed";
  return null;
}

function applyToEntry({ entries }: Replay, type: string, payload: BookEvent["payload"]): string | null {
  const id = Number(payload.dlq_id);
  const entry = entries.get(id);
  if (type === "dlq_created") {
    if (entry !== undefined) return "it had been created before";
    entries.set(id, {
      kind: payload.kind as BookEntry["kind"],
      status: "open",
      attempts: 0,
      attemptEnd: null,
    });
    return null;
  }
  if (entry === undefined || entry.status === "resolved" || entry.status === "dead")
    return "there is no such open entry";
  if (type === "dlq_retrying") {
    if (entry.status !== "open") return "an attempt was under way";
    Object.assign(entry, { status: "retrying", attempts: entry.attempts + 1 });
    return null;
  }
  const end = entryEnds[type];
  if (end === undefined) return null;
  if (entry.status === "retrying" && entry.attemptEnd !== end.after) return "the attempt ended otherwise";
  Object.assign(entry, { status: end.status, attemptEnd: null });
  return null;
}

const entryEnds: Readonly<Record<string, { status: BookEntry["status"]; after: "delivered" | "failed" }>> = {
  dlq_rescheduled: { status: "open", after: "failed" },
  dlq_dead: { status: "dead", after: "failed" },
  dlq_resolved: { status: "resolved", after: "delivered" },
};

/** Each destination has the lead once, or an entry and a failed attempt say why not. */
function deliveriesFault({ run, events, entries, destinations }: RunRecord): string | null {
  const at = (type: string, name: string): number =>
    events.filter(({ event_type, payload }) => event_type === type && payload.destination === name).length;
  const attempts = events.filter(({ event_type }) =>
    ["lead_delivered", "delivery_failed"].includes(event_type),
  );
  const stranger = attempts.find(({ payload }) => !destinations.includes(String(payload.destination)));
  if (stranger !== undefined)
    return `it went to ${String(stranger.payload.destination)}, where it did not belong`;
  if (run.refused) return attempts.length > 0 ? "it was refused, and sent nevertheless" : null;
  if (run.status === "accepted") return null;
  for (const name of destinations) {
    const delivered = at("lead_delivered", name);
    const own = entries.filter(({ kind, destination }) => kind === "delivery" && destination === name);
    const waits = own.some(({ status }) => status !== "resolved");
    if (delivered !== (waits ? 0 : 1)) return `it was delivered to ${name} ${delivered} times`;
    if (own.length > 0 && !failedBeforeEntry(events, name)) return `nothing explains the entry for ${name}`;
  }
  return null;
}

/** Cause before effect. */
function failedBeforeEntry(events: readonly BookEvent[], destination: string): boolean {
  const first = events.find(
    ({ event_type, payload }) =>
      payload.destination === destination && ["delivery_failed", "dlq_created"].includes(event_type),
  );
  return first?.event_type === "delivery_failed";
}
