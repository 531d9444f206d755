// Why a delivery is held: made, but not sent before what holds it is over. The list of the migrations
// (deliveries_held_reason); whoever adds a reason sees to its release.

export const heldReasons = ["source_paused", "incomplete"] as const;
export type HeldReason = (typeof heldReasons)[number];
