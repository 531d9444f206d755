// How an alarm that is seen, or not seen any more, becomes an alert and ends: it must have stood for a while, and must have
// been gone for a while, the longer the more often it came and went. Pure: the clock is given.
import type { AlarmSeverity } from "../figures/alarm.ts";
import type { AlertRule } from "./alert-rules.ts";

export interface Standing {
  readonly state: "pending" | "raised";
  /** The worst so far. */
  readonly severity: AlarmSeverity;
  readonly sinceMs: number;
  /** null: it is seen. */
  readonly goneSinceMs: number | null;
  /** Episodes that ended within the last hour when this one began. */
  readonly repeats: number;
}

/** What is told: only what changes. */
export type Change = "raised" | "worsened" | "cleared";

export interface Judged {
  /** null: over, or never was. */
  readonly next: Standing | null;
  readonly change: Change | null;
}

/** So long it counts as coming and going. */
export const repeatsWithinMs = 3_600_000;
const clearAfterMaxMs = 3_600_000;

/** `seen`: how bad it is now; null: it is not there. `repeats`: for an episode that begins. */
export function judgeAlert(
  standing: Standing | null,
  seen: AlarmSeverity | null,
  rule: Pick<AlertRule, "forMs" | "clearAfterMs">,
  { nowMs, repeats }: { readonly nowMs: number; readonly repeats: number },
): Judged {
  if (seen === null) return standing === null ? nothing : judgeGone(standing, rule, nowMs);
  const known = standing ?? {
    state: "pending",
    severity: seen,
    sinceMs: nowMs,
    goneSinceMs: null,
    repeats,
  };
  const severity = known.severity === "error" ? "error" : seen;
  const next: Standing = { ...known, severity, goneSinceMs: null };
  if (next.state === "raised") return { next, change: severity === known.severity ? null : "worsened" };
  if (nowMs - next.sinceMs < rule.forMs) return { next, change: null };
  return { next: { ...next, state: "raised" }, change: "raised" };
}

const nothing: Judged = { next: null, change: null };

function judgeGone(
  standing: Standing,
  { forMs, clearAfterMs }: Pick<AlertRule, "forMs" | "clearAfterMs">,
  nowMs: number,
): Judged {
  const goneSinceMs = standing.goneSinceMs ?? nowMs;
  const goneMs = nowMs - goneSinceMs;
  const isRaised = standing.state === "raised";
  const limitMs = isRaised ? calmMs(clearAfterMs, standing.repeats) : Math.min(forMs, clearAfterMs);
  if (goneMs >= limitMs) return { next: null, change: isRaised ? "cleared" : null };
  return { next: { ...standing, goneSinceMs }, change: null };
}

/** How long an alert that came so often lately has to be gone. */
export function calmMs(clearAfterMs: number, repeats: number): number {
  const longest = Math.max(clearAfterMs, clearAfterMaxMs);
  return Math.min(clearAfterMs * 2 ** Math.min(repeats, 30), longest);
}
