// Lets the events of a lead happen again, by the contract's rules, and says where its story stops to make sense. Takes one
// event after the other and keeps none of them, so a lead may have any number.
import { withdrawnCode } from "../domain/destinations/held.ts";
import type { EntryRow, EventRow, RunRow } from "../ledger/log/story-rows.ts";
import type { Fault } from "./finding.ts";
import { fault } from "./finding.ts";

/** What was told so far. */
export interface Story {
  /** null: nothing yet. */
  first: EventRow | null;
  lastUs: number;
  status: string;
  outcome: string | null;
  refused: boolean;
  wasDelivered: boolean;
  /** A destination did not want it. */
  wasSkipped: boolean;
  wasProcessed: boolean;
  /** An event that would have to be read has lost its payload by erasure. */
  hasGaps: boolean;
  readonly entries: Map<number, ToldEntry>;
  /** Where the lead, or a revision of it (`crm:r1`), arrived; where it failed at least once, or was wanted once more. */
  readonly arrived: Set<string>;
  readonly failed: Set<string>;
  readonly replayed: Set<string>;
  /** It has a newer state than the one it came with, which goes to wherever it had arrived. */
  wasRevised: boolean;
  /** It makes no sense from here on. */
  fault: Fault | null;
}

interface ToldEntry {
  readonly kind: string | null;
  status: string;
  retryCount: number;
  /** Another one counts in its place. */
  reopened: boolean;
  /** How the attempt under way ended; null: not yet. */
  attemptEnd: "lead_delivered" | "delivery_failed" | "delivery_skipped" | null;
}

/** One statement writes a run and its first event, in either order. */
const statementUsMax = 1_000_000;
const firstEvents = ["lead_received", "lead_rejected", "run_inserted"];
/** Nobody but the sweep of removed destinations makes entries with it. */
const removedCode = "destination_removed";
/** Of entries that are made without an attempt: the destination was left alone, the database refused it, or a person. */
const unattemptedCodes = [
  ...[removedCode, "destination_unavailable", "destination_throttled", "destination_auth"],
  ...["destination_configuration", "destination_expression", "delivery_unsettled", withdrawnCode],
];

const runChanges: Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>> = {
  lead_failed: { from: ["accepted"], to: "failed" },
  lead_corrected: { from: ["failed"], to: "accepted" },
  lead_processed: { from: ["accepted", "failed"], to: "processed" },
};
const entryChanges: Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>> = {
  dlq_retrying: { from: ["open"], to: "retrying" },
  dlq_rescheduled: { from: ["retrying"], to: "open" },
  dlq_resolved: { from: ["open", "retrying"], to: "resolved" },
  dlq_dead: { from: ["open", "retrying"], to: "dead" },
};

export function beginStory(): Story {
  return {
    first: null,
    lastUs: 0,
    status: "accepted",
    outcome: null,
    refused: false,
    wasDelivered: false,
    wasSkipped: false,
    wasProcessed: false,
    hasGaps: false,
    entries: new Map(),
    arrived: new Set(),
    failed: new Set(),
    replayed: new Set(),
    wasRevised: false,
    fault: null,
  };
}

/** Somebody made the run with SQL: its beginning is told in less. */
export function isByHand({ first }: Story): boolean {
  return first?.event_type === "run_inserted";
}

/** The next event. After the first fault nothing more is judged. */
export function tell(story: Story, event: EventRow): void {
  if (story.fault !== null) return;
  story.fault = story.first === null ? begin(story, event) : goOn(story, event);
}

function begin(story: Story, event: EventRow): Fault | null {
  story.first = event;
  story.lastUs = event.at_us;
  if (!firstEvents.includes(event.event_type))
    return fault("story_without_beginning", `it begins with ${event.event_type}`);
  story.refused = event.event_type === "lead_rejected";
  if (event.event_type === "run_inserted") {
    story.status = event.status ?? "accepted";
    story.hasGaps = event.erased;
  }
  return null;
}

function goOn(story: Story, event: EventRow): Fault | null {
  const { event_type: type, at_us: atUs } = event;
  if (atUs <= story.lastUs)
    return fault(
      "story_out_of_order",
      `${type} (event ${event.event_id}) is not later than the event before it`,
    );
  story.lastUs = atUs;
  if (firstEvents.includes(type) && (isByPerson(event) || isByPerson(story.first)))
    return beginAgain(story, event);
  if (firstEvents.includes(type))
    return fault("story_begins_twice", `${type} (event ${event.event_id}) is a second beginning`);
  // A note that somebody wrote with SQL says nothing about the lead, and may come between what happened in one moment.
  if (isByPerson(event) && !hasMeaning(type) && runChanges[type] === undefined) return null;
  // What holds a lead up makes it fail in the same moment.
  if (story.status === "accepted" && isHeld(story) && type !== "lead_failed" && type !== "dlq_created")
    return impossible(event, "the lead should have failed first");
  if (event.erased && hasMeaning(type)) story.hasGaps = true;
  if (story.hasGaps) return null;
  return changeRun(story, event) ?? changeEntry(story, event) ?? attempt(story, event);
}

/** With SQL, which may have reasons that the log does not know. */
function isByPerson(event: EventRow | null): boolean {
  return event?.actor.startsWith("db:") === true;
}

/** Whoever makes a lead with SQL may tell of it in events of their own, before the database does. */
function beginAgain(story: Story, event: EventRow): null {
  if (event.event_type === "run_inserted") {
    story.first = event;
    story.status = event.status ?? "accepted";
  }
  return null;
}

function hasMeaning(type: string): boolean {
  return (
    type.startsWith("dlq_") ||
    ["lead_processed", "lead_delivered", "delivery_failed", "delivery_skipped"].includes(type)
  );
}

function changeRun(story: Story, event: EventRow): Fault | null {
  const { event_type: type, outcome } = event;
  const change = runChanges[type];
  if (change === undefined) return null;
  if (!change.from.includes(story.status)) return impossible(event, `the lead was ${story.status}`);
  const byProgram = !isByPerson(event);
  if (type === "lead_failed" && byProgram && !isHeld(story))
    return fault(
      "failed_before_cause",
      `lead_failed (event ${event.event_id}), but nothing had made it fail`,
    );
  if (type === "lead_corrected" && !story.refused && !isByHand(story))
    return impossible(event, "there was nothing to correct");
  if (type === "lead_processed" && byProgram && (story.refused || isHeld(story)))
    return impossible(event, "the lead was not done");
  story.status = change.to;
  story.outcome = type === "lead_processed" ? outcome : null;
  if (type === "lead_corrected") story.refused = false;
  if (type !== "lead_processed") return null;
  story.wasProcessed = true;
  if (event.actor === "delivery" && outcome === "delivered" && !story.wasDelivered)
    return fault("delivered_without_attempt", "it is called delivered, but no delivery is told");
  if (event.actor === "delivery" && outcome === "no_destination" && (story.wasDelivered || !story.wasSkipped))
    return fault(
      "outcome_wrong",
      story.wasDelivered
        ? "it is called without destination, but a delivery is told"
        : "it is called without destination, but none is told that did not want it",
    );
  return null;
}

/** An entry keeps the lead failed. */
function isHeld({ refused, entries }: Story): boolean {
  for (const { kind, status, reopened } of entries.values()) {
    if (status !== "resolved" && !reopened && (kind === "delivery" || (kind === "refused" && refused)))
      return true;
  }
  return false;
}

function changeEntry(story: Story, event: EventRow): Fault | null {
  const { event_type: type, dlq_id: dlqId } = event;
  if (type === "dlq_created") return createEntry(story, event);
  const change = entryChanges[type];
  if (change === undefined) return null;
  const entry = story.entries.get(dlqId ?? 0);
  if (entry === undefined || !change.from.includes(entry.status))
    return impossible(event, `entry ${dlqId} was ${entry?.status ?? "not there"}`);
  const isOwnEnd = type === "dlq_resolved" && event.actor === "delivery" && event.resolution === "delivered";
  if (isOwnEnd && entry.status === "retrying" && entry.attemptEnd !== "lead_delivered")
    return impossible(event, `no attempt of entry ${dlqId} is told that arrived`);
  entry.status = change.to;
  entry.attemptEnd = null;
  // A person may say so, too.
  if (type === "dlq_resolved" && event.resolution === "delivered") story.wasDelivered = true;
  if (type !== "dlq_retrying") return null;
  entry.retryCount += 1;
  // A hand-made change may raise it by more than one.
  if (event.retry_count !== entry.retryCount)
    return impossible(
      event,
      `entry ${dlqId} counts ${event.retry_count} attempts instead of ${entry.retryCount}`,
    );
  return null;
}

function createEntry(story: Story, event: EventRow): Fault | null {
  const { dlq_id: dlqId, destination, error_code: code } = event;
  if (dlqId === null) return impossible(event, "it names no entry");
  if (story.entries.has(dlqId)) return impossible(event, `entry ${dlqId} had been created before`);
  // Of a lead that was changed it may be the change that had not.
  if (code === removedCode && !story.wasRevised && story.arrived.has(destination ?? ""))
    return impossible(event, `the destination ${destination} is gone, but the lead had arrived there`);
  const earlier = event.reopened_from === null ? undefined : story.entries.get(event.reopened_from);
  if (earlier !== undefined) earlier.reopened = true;
  story.entries.set(dlqId, {
    kind: event.kind,
    status: event.status ?? "open",
    retryCount: 0,
    reopened: false,
    attemptEnd: null,
  });
  const needsAttempt = event.kind === "delivery" && event.reopened_from === null && !isByPerson(event);
  if (needsAttempt && !unattemptedCodes.includes(code ?? "") && !story.failed.has(destination ?? ""))
    return fault("entry_without_attempt", `no attempt at ${destination} failed before entry ${dlqId}`, dlqId);
  return null;
}

function attempt(story: Story, event: EventRow): Fault | null {
  const { event_type: type, lane, dlq_id: dlqId } = event;
  const destination = event.destination ?? "";
  const place = event.revision === null ? destination : `${destination}:r${event.revision}`;
  if (type === "lead_revised" && !isByPerson(event)) story.wasRevised = true;
  if (type === "replay_requested") {
    forget(story.arrived, destination);
    story.replayed.add(destination);
  }
  if (type !== "lead_delivered" && type !== "delivery_failed" && type !== "delivery_skipped") return null;
  if (lane === "dlq") {
    const entry = story.entries.get(dlqId ?? 0);
    if (entry?.status !== "retrying")
      return impossible(event, `entry ${dlqId} was ${entry?.status ?? "not there"}`);
    entry.attemptEnd = type;
  } else if (lane === "fast" && story.arrived.has(place))
    return impossible(event, `the lead had arrived at ${destination}`);
  if (type === "delivery_failed") story.failed.add(destination);
  else if (type === "delivery_skipped") story.wasSkipped = true;
  else story.wasDelivered = true;
  if (type === "lead_delivered" && lane === "fast") story.arrived.add(place);
  return null;
}

/** Names of destinations have no colon in them. */
function forget(arrived: Set<string>, destination: string): void {
  for (const place of arrived)
    if (place === destination || place.startsWith(`${destination}:r`)) arrived.delete(place);
}

function impossible(event: EventRow, why: string): Fault {
  return fault("story_impossible", `${event.event_type} (event ${event.event_id}), but ${why}`);
}

/** Holds the end of the story against what the tables say. */
export function endStory(story: Story, run: RunRow, entries: readonly EntryRow[]): Fault | null {
  if (story.first === null) return fault("story_without_beginning", "nothing is told of it");
  if (story.fault !== null) return story.fault;
  if (!isByHand(story) && story.first.at_us < run.received_us - statementUsMax)
    return fault("story_begins_too_early", "it begins before the lead was received");
  if (story.hasGaps) return null;
  if (story.status !== run.status)
    return fault("story_ends_otherwise", `its story ends ${story.status}, but it is ${run.status}`);
  // What a run was inserted with by hand is not told in full.
  if (story.wasProcessed && story.outcome !== run.outcome)
    return fault("story_ends_otherwise", `its story ends ${story.outcome}, but it is ${run.outcome}`);
  if (!isByHand(story) && story.refused !== run.refused)
    return fault("story_ends_otherwise", "its story and its row differ in whether the payload was refused");
  return entriesThatDiffer(story, entries);
}

function entriesThatDiffer({ entries: told }: Story, entries: readonly EntryRow[]): Fault | null {
  const known = new Set(entries.map(({ dlq_id }) => dlq_id));
  for (const id of told.keys()) {
    if (!known.has(id))
      return fault("entry_differs_from_story", `entry ${id} is told of, but is not there`, id);
  }
  for (const { dlq_id: id, status, retry_count: retryCount } of entries) {
    const entry = told.get(id);
    if (entry?.status === status && entry.retryCount === retryCount) continue;
    const is = entry === undefined ? "nothing" : `${entry.status} after ${entry.retryCount} attempts`;
    return fault(
      "entry_differs_from_story",
      `entry ${id} is ${status} after ${retryCount}, told is ${is}`,
      id,
    );
  }
  return null;
}
