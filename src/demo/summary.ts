// What a sales manager wants to know, counted from the ledger's tables. Pure.
import type { BookEntry, BookEvent, BookRun, Books } from "../ledger/figures/books.ts";
import { groupBy } from "./group-by.ts";

export interface Summary {
  readonly received: number;
  readonly delivered: number;
  /** Of the delivered ones: those that a destination took only after they had needed attention. */
  readonly deliveredLater: number;
  /** Of the received ones: unreadable at first, then sent again correctly. */
  readonly corrected: number;
  readonly duplicates: number;
  readonly sources: readonly SourceLine[];
  readonly destinations: readonly DestinationLine[];
  readonly attention: readonly AttentionLine[];
}

/** Where the leads of a source are: the last five add up to `received`. */
export interface SourceLine {
  readonly source: string;
  readonly received: number;
  readonly delivered: number;
  readonly underWay: number;
  readonly needsDecision: number;
  readonly givenUp: number;
  readonly unreadable: number;
  /** Requests that repeated a lead; they are no leads. */
  readonly duplicates: number;
}

export interface DestinationLine {
  readonly destination: string;
  readonly delivered: number;
  readonly atOnce: number;
  readonly later: number;
  readonly notDelivered: number;
}

/** Leads that need a person for one and the same reason. */
export interface AttentionLine {
  readonly cause: AttentionCause;
  readonly destination: string | null;
  /** What the destination said about it; null if nothing. */
  readonly said: string | null;
  readonly count: number;
}

export type AttentionCause = "rejected" | "given_up" | "unreadable" | "key_reused" | "retrying" | "other";

export function summarise(books: Books): Summary {
  const events = groupBy(books.events, ({ run_id }) => run_id);
  const entries = groupBy(books.entries, ({ run_id }) => run_id);
  const delivered = books.runs.filter(
    ({ status, outcome }) => status === "processed" && outcome === "delivered",
  );
  const healed = new Set(
    books.entries.filter(({ resolution }) => resolution === "delivered").map(({ run_id }) => run_id),
  );
  return {
    received: books.runs.length,
    delivered: delivered.length,
    deliveredLater: delivered.filter(({ run_id }) => healed.has(run_id)).length,
    corrected: count(books.events, "lead_corrected"),
    duplicates: count(books.events, "duplicate_received"),
    sources: [...groupBy(books.runs, ({ source }) => source)]
      .map(([source, runs]) => sourceLine(source, runs, entries, events))
      .toSorted((a, b) => b.received - a.received),
    destinations: destinationLines(books),
    attention: attentionLines(books, events),
  };
}

function sourceLine(
  source: string,
  runs: readonly BookRun[],
  entries: ReadonlyMap<string, readonly BookEntry[]>,
  events: ReadonlyMap<string, readonly BookEvent[]>,
): SourceLine {
  const places = runs.map((run) => placeOf(run, entries.get(run.run_id) ?? []));
  const at = (place: Place): number => places.filter((each) => each === place).length;
  return {
    source,
    received: runs.length,
    delivered: at("delivered"),
    underWay: at("underWay"),
    needsDecision: at("needsDecision"),
    givenUp: at("givenUp"),
    unreadable: at("unreadable"),
    duplicates: count(
      runs.flatMap(({ run_id }) => events.get(run_id) ?? []),
      "duplicate_received",
    ),
  };
}

type Place = "delivered" | "underWay" | "needsDecision" | "givenUp" | "unreadable";

function placeOf(run: BookRun, entries: readonly BookEntry[]): Place {
  if (run.status === "processed") return "delivered";
  if (run.refused) return "unreadable";
  if (run.status === "accepted") return "underWay";
  const held = entries.filter(({ kind, status }) => kind === "delivery" && status !== "resolved");
  if (held.some(({ status }) => status === "dead")) return "givenUp";
  return held.some(waitsForPerson) ? "needsDecision" : "underWay";
}

function waitsForPerson({ status, next_retry_at }: BookEntry): boolean {
  return status === "open" && next_retry_at === null;
}

function destinationLines({ events, entries }: Books): DestinationLine[] {
  const delivered = groupBy(
    events.filter(({ event_type }) => event_type === "lead_delivered"),
    ({ payload }) => String(payload.destination),
  );
  const open = entries.filter(({ kind, status }) => kind === "delivery" && status !== "resolved");
  const names = new Set([...delivered.keys(), ...open.flatMap(({ destination }) => destination ?? [])]);
  return [...names].toSorted().map((destination) => {
    const own = delivered.get(destination) ?? [];
    const later = own.filter(({ payload }) => payload.lane === "dlq").length;
    return {
      destination,
      delivered: own.length,
      atOnce: own.length - later,
      later,
      notDelivered: open.filter((entry) => entry.destination === destination).length,
    };
  });
}

function attentionLines(
  { entries }: Books,
  events: ReadonlyMap<string, readonly BookEvent[]>,
): AttentionLine[] {
  const waiting = entries.filter(({ status }) => status !== "resolved");
  const reasons = waiting.map((entry) => ({
    cause: causeOf(entry),
    destination: entry.destination,
    said: entry.destination === null ? null : lastWords(entry.destination, events.get(entry.run_id) ?? []),
  }));
  return [...groupBy(reasons, (reason) => JSON.stringify(reason)).values()]
    .flatMap((group) => (group[0] === undefined ? [] : [{ ...group[0], count: group.length }]))
    .toSorted((a, b) => b.count - a.count);
}

function causeOf(entry: BookEntry): AttentionCause {
  if (entry.status === "dead") return "given_up";
  switch (entry.kind) {
    case "refused":
      return "unreadable";
    case "conflict":
      return "key_reused";
    case "delivery":
    case "replay":
      if (!waitsForPerson(entry)) return "retrying";
      return entry.error_code === "destination_rejected" ? "rejected" : "other";
    case "manual":
      return "other";
  }
}

/** What the destination answered to the last attempt, where that was JSON with a word about the error. */
function lastWords(destination: string, events: readonly BookEvent[]): string | null {
  const failed = events.findLast(
    ({ event_type, payload }) => event_type === "delivery_failed" && payload.destination === destination,
  );
  const response = failed?.payload.response as { readonly body_excerpt?: unknown } | null | undefined;
  const body = response?.body_excerpt;
  if (typeof body !== "string") return null;
  try {
    const { error } = JSON.parse(body) as { readonly error?: unknown };
    return typeof error === "string" ? error : null;
  } catch {
    return null;
  }
}

function count(events: readonly BookEvent[], eventType: string): number {
  return events.filter(({ event_type }) => event_type === eventType).length;
}
