// Why a delivery is held: made, but not sent before what holds it is over. The list of the migrations
// (deliveries_held_reason); whoever adds a reason sees to its release.

export const heldReasons = ["source_paused", "incomplete", "same_person"] as const;
export type HeldReason = (typeof heldReasons)[number];

/** Of a delivery that a person did not want after it was held: the code of its entry, and how that is resolved. */
export const withdrawnCode = "delivery_withdrawn";
export const withdrawnResolution = "withdrawn";

/** Of an entry whose destination does not want the lead as it is now: its condition (`when`) is not met. */
export const skippedResolution = "skipped";
