// When a day ends somewhere: budgets of a day begin anew then.
import { zoneOffsets } from "../figures/zone-offsets.ts";

const dayMs = 86_400_000;

/** Milliseconds from `nowMs` until the next day begins in that zone. Throws RangeError for one that is not known. */
export function untilMidnightMs(timezone: string, nowMs: number): number {
  const offsetAt = zoneOffsets(timezone);
  const wholeSecondMs = Math.floor(nowMs / 1_000) * 1_000;
  const localMs = wholeSecondMs + offsetAt(wholeSecondMs);
  const midnightMs = (Math.floor(localMs / dayMs) + 1) * dayMs;
  // Clocks may be changed until then.
  const offsetThenMs = offsetAt(midnightMs - offsetAt(wholeSecondMs));
  return Math.max(midnightMs - offsetThenMs - nowMs, 0);
}
