// What may be done with data that came under the key of another lead, and are kept in an entry of kind conflict.
import type { DlqKind, DlqStatus } from "../leads/run.ts";

/** `take_in`: they become a lead of their own; `deliver_change`: the newest state of the lead that has the key. */
export const conflictActions = ["take_in", "deliver_change"] as const;
export type ConflictAction = (typeof conflictActions)[number];

/** How such entries are resolved. `kept_first`: by themselves, because their source wants it. */
export const keptFirstResolution = "kept_first";
export const conflictResolutions = {
  take_in: "taken_in",
  deliver_change: "change",
} as const satisfies Readonly<Record<ConflictAction, string>>;

export interface ConflictAtHand {
  readonly kind: DlqKind;
  readonly status: DlqStatus;
  readonly resolution: string | null;
  /** What came could be read. */
  readonly has_body: boolean;
}

/** Each is a code of the error catalogue. */
export type ConflictObstacle = "entry_not_conflicting" | "conflict_unreadable" | "entry_closed";

export type ConflictDecision = "do" | "done_before" | ConflictObstacle;

/** What a person has settled otherwise stays settled. */
export function decideConflict(
  { kind, status, resolution, has_body: hasBody }: ConflictAtHand,
  action: ConflictAction,
): ConflictDecision {
  if (kind !== "conflict") return "entry_not_conflicting";
  if (!hasBody) return "conflict_unreadable";
  if (resolution === conflictResolutions[action]) return "done_before";
  return status === "open" || (status === "resolved" && resolution === keptFirstResolution)
    ? "do"
    : "entry_closed";
}
