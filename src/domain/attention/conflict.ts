// What may be done with data that are kept because they could not simply become a lead: they came under the key of another
// lead (an entry of kind conflict), or over an address that sources share, and none of them had listed their page.
import type { RefusalCode } from "../leads/refusal.ts";
import type { DlqKind, DlqStatus } from "../leads/run.ts";

/**
 * `take_in`: they become a lead of their own; `deliver_change`: the newest state of the lead that has the key, which only
 * those of a conflict can be.
 */
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
  readonly error_code: string | null;
  /** What came could be read. */
  readonly has_body: boolean;
}

/** Nobody had listed it: readable, and refused for nothing else. */
export const unroutedCode = "page_unknown" satisfies RefusalCode;

export function isUnrouted({ kind, error_code: code }: Pick<ConflictAtHand, "kind" | "error_code">): boolean {
  return kind === "refused" && code === unroutedCode;
}

/** Each is a code of the error catalogue. */
export type ConflictObstacle = "entry_not_conflicting" | "conflict_unreadable" | "entry_closed";

export type ConflictDecision = "do" | "done_before" | ConflictObstacle;

/** What a person has settled otherwise stays settled. */
export function decideConflict(entry: ConflictAtHand, action: ConflictAction): ConflictDecision {
  const { kind, status, resolution, has_body: hasBody } = entry;
  if (kind !== "conflict" && !(action === "take_in" && isUnrouted(entry))) return "entry_not_conflicting";
  if (!hasBody) return "conflict_unreadable";
  if (resolution === conflictResolutions[action]) return "done_before";
  return status === "open" || (status === "resolved" && resolution === keptFirstResolution)
    ? "do"
    : "entry_closed";
}
