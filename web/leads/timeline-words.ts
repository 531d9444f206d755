// What each event of a lead means, in a sentence. Types that are not told here have their name (event-names.ts).
import { heldReasons } from "../../src/domain/destinations/held.ts";
import type { EventTypeName } from "../../src/domain/log/event-types.ts";
import type { LogEntry } from "../api/types.ts";
import { eventName } from "../language/event-names.ts";
import type { Language } from "../language/languages.ts";
import type { Tone } from "../ui/tone.ts";
import { timelineTexts } from "./timeline-texts.ts";
import type { TimelineTexts } from "./timeline-texts.ts";

export interface Told {
  readonly tone: Tone;
  readonly title: string;
  /** Why it failed, as a stable code. */
  readonly code?: string;
  /** What a person wrote about it. */
  readonly quote?: string;
  /** It was done to many at once. */
  readonly isBulk: boolean;
}

/** Of the reader's format (useFormat), what the sentences need. */
interface Format {
  readonly requestTime: (ms: number) => string;
  readonly shortTime: (iso: string) => string;
}

interface Telling {
  readonly payload: Payload;
  readonly text: TimelineTexts;
  readonly format: Format;
}

export function tell(event: LogEntry, language: Language, format: Format): Told {
  const payload = payloadOf(event);
  const text = timelineTexts[language];
  const telling = tellers[event.event_type as EventTypeName]?.({ payload, text, format });
  return {
    tone: "quiet",
    title: eventName(event.event_type, language),
    ...telling,
    ...quoteOf(event.event_type, payload),
    isBulk: payload.operation_id !== undefined,
  };
}

type Teller = (telling: Telling) => Pick<Told, "title" | "tone" | "code">;

const tellers: Readonly<Partial<Record<EventTypeName, Teller>>> = {
  lead_received: ({ payload, text }) => ({
    tone: "quiet",
    title: (payload.test === true ? text.receivedTest : text.received)(said(payload.source)),
  }),
  lead_rejected: ({ payload, text }) => ({
    tone: "bad",
    title: text.rejected(said(payload.source)),
    ...codeOf(payload.error_code),
  }),
  lead_corrected: ({ text }) => ({ tone: "good", title: text.corrected }),
  lead_revised: ({ payload, text }) => ({ tone: "byHand", title: text.revised(numberOf(payload.revision)) }),
  conflict_taken_in: ({ payload, text }) => ({
    tone: "byHand",
    title: text.takenIn(text.entry(payload.dlq_id)),
  }),
  lead_completed: ({ text }) => ({ tone: "good", title: text.completed }),
  completion_failed: ({ payload, text }) => ({
    tone: "bad",
    title: text.notCompleted,
    ...codeOf(payload.error_code),
  }),
  completion_ordered: ({ payload, text }) => ({
    tone: "byHand",
    title: payload.action === "retry" ? text.completionRetry : text.completionSkipped,
  }),
  lead_edited: ({ text }) => ({ tone: "byHand", title: text.edited }),
  replay_requested: ({ payload, text }) => ({
    tone: "byHand",
    title: text.replay(said(payload.destination)),
  }),
  duplicate_received: ({ text }) => ({ tone: "quiet", title: text.duplicate }),
  repeat_delivered: ({ text }) => ({ tone: "byHand", title: text.repeatDelivered }),
  lead_delivered: ({ payload, text, format }) => ({
    tone: "good",
    title: text.delivered(said(payload.destination), format.requestTime(numberOf(payload.duration_ms))),
  }),
  delivery_failed: ({ payload, text }) => ({
    tone: "bad",
    title: text.failed(said(payload.destination)),
    ...codeOf(payload.outcome),
  }),
  delivery_held: ({ payload, text }) => ({
    tone: "quiet",
    title: text.held(said(payload.destination), heldWords(payload.reason, text)),
  }),
  delivery_released: ({ payload, text }) => ({
    tone: payload.note === undefined ? "quiet" : "byHand",
    title: text.released(said(payload.destination)),
  }),
  delivery_withdrawn: ({ payload, text }) => ({
    tone: "byHand",
    title: text.withdrawn(said(payload.destination)),
  }),
  lead_distributed: ({ payload, text }) => ({
    tone: "quiet",
    title: text.distributed(said(payload.destination)),
    detail: distributionWords(payload, text),
  }),
  delivery_skipped: ({ payload, text }) => ({
    tone: "quiet",
    title: text.skipped(said(payload.destination)),
    detail: text.skippedAt(said(payload.place)),
  }),
  lead_processed: ({ payload, text }) => {
    switch (payload.outcome) {
      case "no_destination":
        return { tone: "bad", title: text.processedForNobody };
      case "resolved_by_hand":
        return { tone: "byHand", title: text.processedByHand };
      case "withdrawn":
        return { tone: "byHand", title: text.processedWithdrawn };
      default:
        return { tone: "good", title: text.processed };
    }
  },
  lead_failed: ({ text }) => ({ tone: "bad", title: text.leadFailed }),
  dlq_created: ({ payload, text, format }) => ({
    ...planOf(payload, text, format),
    title: `${text.entry(payload.dlq_id)}: ${createdWords(payload, text, format)}`,
  }),
  dlq_retrying: ({ payload, text }) => ({ tone: "healing", title: text.trying(said(payload.destination)) }),
  dlq_rescheduled: ({ payload, text, format }) => planOf(payload, text, format),
  dlq_resolved: ({ payload, text }) => ({
    tone: payload.resolution === "delivered" || payload.resolution === "corrected" ? "good" : "byHand",
    title: text.resolved(text.entry(payload.dlq_id), resolutionWords(payload.resolution, text)),
  }),
  dlq_dead: ({ payload, text }) => ({ tone: "bad", title: text.dead(text.entry(payload.dlq_id)) }),
  dlq_changed: ({ payload, text, format }) => {
    const next = changedTo(payload, "next_retry_at");
    if (typeof next !== "string") return { tone: "byHand", title: text.changed(text.entry(payload.dlq_id)) };
    return { tone: "byHand", title: text.retryWanted(format.shortTime(next)) };
  },
  run_inserted: ({ text }) => ({ tone: "byHand", title: text.inserted }),
  run_changed: ({ text }) => ({ tone: "byHand", title: text.runChanged }),
  person_data_shown: ({ text }) => ({ tone: "quiet", title: text.shown }),
};

function planOf(payload: Payload, text: TimelineTexts, { shortTime }: Format): Pick<Told, "title" | "tone"> {
  return typeof payload.next_retry_at === "string"
    ? { tone: "healing", title: text.nextAttempt(shortTime(payload.next_retry_at)) }
    : { tone: "bad", title: text.waitsForDecision };
}

function createdWords(payload: Payload, text: TimelineTexts, format: Format): string {
  switch (payload.kind) {
    case "refused":
      return text.refused;
    case "conflict":
      return text.conflict;
    default:
      return planOf(payload, text, format).title;
  }
}

function heldWords(reason: unknown, text: TimelineTexts): string {
  const known = heldReasons.find((each) => each === reason);
  return known === undefined ? said(reason) : text.heldReasons[known];
}

/** Who could have been chosen, with their weights where they differ. */
function distributionWords({ rule, among, skipped, same_as: sameAs }: Payload, text: TimelineTexts): string {
  const isWeighted = rule === "weights";
  const names = (Array.isArray(among) ? (among as readonly Payload[]) : [])
    .map(({ destination, weight }) => `${said(destination)}${isWeighted ? ` (${numberOf(weight)})` : ""}`)
    .join(", ");
  const left = Array.isArray(skipped) ? `; ${text.distributedSkipped(skipped.map(said).join(", "))}` : "";
  if (typeof sameAs === "string") return text.distributedSame(names);
  return `${text.distributedAmong(said(rule), names)}${left}`;
}

function resolutionWords(resolution: unknown, text: TimelineTexts): string {
  switch (resolution) {
    case "delivered":
    case "corrected":
    case "discarded":
    case "superseded":
    case "by_hand":
    case "kept_first":
    case "taken_in":
    case "change":
    case "withdrawn":
    case "skipped":
      return text.resolutions[resolution];
    default:
      return said(resolution);
  }
}

/** What LeadLedger or a person put in; anything may be missing from what was written by hand. */
interface Payload {
  readonly [member: string]: unknown;
}

function payloadOf({ payload }: LogEntry): Payload {
  return typeof payload === "object" && payload !== null ? (payload as Payload) : {};
}

function said(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : "–";
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function codeOf(code: unknown): { readonly code?: string } {
  return typeof code === "string" && code !== "" ? { code } : {};
}

/** What a person decided says the reason plainly. */
const decided: ReadonlySet<string> = new Set<EventTypeName>([
  ...(["lead_edited", "replay_requested", "completion_ordered", "repeat_delivered"] as const),
  ...(["conflict_taken_in", "lead_revised"] as const),
]);

/** Some events name their reason plainly, a changed entry by its note. */
function quoteOf(type: string, payload: Payload): { readonly quote?: string } {
  // An entry that a person made has no code.
  const isEntryByHand =
    type.startsWith("dlq_") && payload.destination !== undefined && payload.error_code === undefined;
  const reason = decided.has(type) || isEntryByHand ? payload.reason : null;
  const quote = [payload.note, changedTo(payload, "note"), reason, payload.text].find(
    (each) => typeof each === "string" && each !== "",
  );
  return typeof quote === "string" ? { quote } : {};
}

function changedTo({ changed }: Payload, column: string): unknown {
  if (typeof changed !== "object" || changed === null) return undefined;
  const change = (changed as Payload)[column];
  return typeof change === "object" && change !== null ? (change as Payload).to : undefined;
}
