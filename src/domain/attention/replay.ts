// Whether a lead is delivered once more to a destination, and why not.
import type { DestinationState } from "./entry-actions.ts";

/** A run as it is when somebody wants it delivered once more, read under its lock. */
export interface RunAtHand {
  readonly run_id: string;
  readonly refused: boolean;
  /** The destination is another client's. */
  readonly other_client: boolean;
  /** The fast lane has a delivery of it to the destination. */
  readonly delivery_waits: boolean;
  /** An entry of it for the destination is open or being tried. */
  readonly entry_open: boolean;
  /** It is failed because of a dead entry for the destination that nobody has tried again. */
  readonly entry_dead: boolean;
}

/** Each is a code of the error catalogue. */
export type ReplayObstacle =
  | "run_unknown"
  | "entry_locked"
  | "run_refused"
  | "lead_of_other_client"
  | "delivery_under_way"
  | "another_entry_open"
  | "entry_given_up";

/** null: it is delivered once more. */
export function decideReplay(run: RunAtHand): ReplayObstacle | null {
  if (run.refused) return "run_refused";
  if (run.other_client) return "lead_of_other_client";
  if (run.delivery_waits) return "delivery_under_way";
  if (run.entry_open) return "another_entry_open";
  return run.entry_dead ? "entry_given_up" : null;
}

/** Why nothing is sent to a destination; null: it is, or will be once it is not paused any more. */
export function obstacleOfDestination(
  state: DestinationState,
): "destination_removed" | "destination_is_external" | null {
  switch (state) {
    case "usable":
    case "paused":
      return null;
    case "not_sent":
      return "destination_is_external";
    case "removed":
      return "destination_removed";
  }
}
