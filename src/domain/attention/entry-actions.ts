// What may be done to a DLQ entry, and why not: the one place that decides it, for one entry as for many.
import type { DlqKind, DlqStatus } from "../leads/run.ts";
import { decideConflict, isUnrouted } from "./conflict.ts";
import type { ConflictAction, ConflictAtHand, ConflictObstacle } from "./conflict.ts";

/** An entry as it is when somebody wants to do something to it, read under its locks. */
export interface EntryAtHand extends ConflictAtHand {
  readonly dlq_id: number;
  readonly run_id: string | null;
  readonly kind: DlqKind;
  readonly status: DlqStatus;
  readonly destination: string | null;
  readonly destination_state: DestinationState | null;
  /** The entry that tries this one again. */
  readonly reopened_by: number | null;
  /** Another entry of this run and destination is open or being tried. */
  readonly another_open: boolean;
  /** The fast lane has a delivery of this run to this destination. */
  readonly delivery_waits: boolean;
}

/** `paused`: what is due waits; `not_sent`: a worker of one's own takes entries up; `removed`: not configured any more. */
export type DestinationState = "usable" | "paused" | "not_sent" | "removed";

/** Why something is not done to an entry; each is a code of the error catalogue. */
export type EntryObstacle =
  | "dlq_entry_unknown"
  | "entry_locked"
  | "entry_closed"
  | "entry_being_tried"
  | "entry_refused"
  | "entry_conflicting"
  | "entry_without_destination"
  | "entry_reopened_already"
  | "another_entry_open"
  | "delivery_under_way"
  | "destination_removed"
  | "destination_is_external"
  | "page_unknown";

export type RetryDecision =
  /** Becomes due. */
  | { readonly kind: "make_due" }
  /** It is closed: a new entry tries it again. */
  | { readonly kind: "reopen" }
  | { readonly kind: "obstacle"; readonly obstacle: EntryObstacle };

/** What a retry means for the entry. */
export function decideRetry(entry: EntryAtHand): RetryDecision {
  const obstacle = obstacleToSending(entry);
  if (obstacle !== null) return { kind: "obstacle", obstacle };
  switch (entry.status) {
    case "open":
      return { kind: "make_due" };
    case "retrying":
      return { kind: "obstacle", obstacle: "entry_being_tried" };
    case "resolved":
    case "dead": {
      const closed = obstacleToReopening(entry);
      return closed === null ? { kind: "reopen" } : { kind: "obstacle", obstacle: closed };
    }
  }
}

/** null: it may be settled by a person (`resolved`, `dead`). */
export function obstacleToClosing({ status }: EntryAtHand): EntryObstacle | null {
  return status === "resolved" || status === "dead" ? "entry_closed" : null;
}

/** Why nobody would ever send what the entry holds; null: it can be sent. */
export function obstacleToSending(entry: EntryAtHand): EntryObstacle | null {
  if (entry.kind === "refused") return "entry_refused";
  if (entry.kind === "conflict") return "entry_conflicting";
  if (entry.run_id === null || entry.destination === null) return "entry_without_destination";
  if (entry.destination_state === "not_sent") return "destination_is_external";
  return entry.destination_state === "removed" || entry.destination_state === null
    ? "destination_removed"
    : null;
}

function obstacleToReopening(entry: EntryAtHand): EntryObstacle | null {
  if (entry.reopened_by !== null) return "entry_reopened_already";
  if (entry.another_open) return "another_entry_open";
  return entry.delivery_waits ? "delivery_under_way" : null;
}

export type EditDecision =
  /** Its body is replaced and sent: of an open entry, or by a new one that tries a closed one again. */
  | { readonly kind: "replace"; readonly as: "make_due" | "reopen" }
  /** The payload had been refused: the body becomes the lead. */
  | { readonly kind: "correct" }
  | { readonly kind: "obstacle"; readonly obstacle: EntryObstacle };

/** What another body means for the entry. */
export function decideEdit(entry: EntryAtHand): EditDecision {
  // Its body is right, and as a lead of the source that has the address it would go to that one's destinations.
  if (isUnrouted(entry)) return { kind: "obstacle", obstacle: "page_unknown" };
  if (entry.kind === "refused") {
    return entry.status === "open" || entry.status === "retrying"
      ? { kind: "correct" }
      : { kind: "obstacle", obstacle: "entry_closed" };
  }
  const decision = decideRetry(entry);
  return decision.kind === "obstacle" ? decision : { kind: "replace", as: decision.kind };
}

/** Why each thing cannot be done to the entry; null: it can. */
export interface EntryObstacles {
  readonly retry: EntryObstacle | null;
  readonly edit: EntryObstacle | null;
  /** To settle it, or give it up. */
  readonly close: EntryObstacle | null;
  /** To make what came a lead of its own, or a change of the lead. */
  readonly take_in: EntryObstacle | ConflictObstacle | null;
  readonly deliver_change: EntryObstacle | ConflictObstacle | null;
}

export function obstaclesOf(entry: EntryAtHand): EntryObstacles {
  const retry = decideRetry(entry);
  const edit = decideEdit(entry);
  return {
    retry: retry.kind === "obstacle" ? retry.obstacle : null,
    edit: edit.kind === "obstacle" ? edit.obstacle : null,
    close: obstacleToClosing(entry),
    take_in: obstacleToConflict(entry, "take_in"),
    deliver_change: obstacleToConflict(entry, "deliver_change"),
  };
}

function obstacleToConflict(entry: EntryAtHand, action: ConflictAction): ConflictObstacle | null {
  const decision = decideConflict(entry, action);
  if (decision === "do") return null;
  return decision === "done_before" ? "entry_closed" : decision;
}
