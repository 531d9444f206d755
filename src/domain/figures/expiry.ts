// When somebody is told that credentials end: long enough before for a new one to be made and handed over.
import type { Alarm } from "./alarm.ts";

const dayMs = 86_400_000;

export const expiryLimits = {
  warningMs: 14 * dayMs,
  errorMs: 3 * dayMs,
  /** So long after the end it is still told: whoever uses them is turned away, and would otherwise see all well again. */
  toldAfterwardsMs: 7 * dayMs,
} as const;

type Whose = Pick<Extract<Alarm, { readonly code: "credentials_expire" }>, "of" | "name" | "managed_by">;

/** None: they end later, or ended long ago. */
export function expiryAlarm(whose: Whose, expiresAt: Date, now: Date): Alarm[] {
  const leftMs = expiresAt.getTime() - now.getTime();
  if (leftMs > expiryLimits.warningMs || leftMs < -expiryLimits.toldAfterwardsMs) return [];
  const severity = leftMs > expiryLimits.errorMs ? "warning" : "error";
  const { of, name, managed_by } = whose;
  return [
    {
      code: "credentials_expire",
      severity,
      of,
      name,
      expires_at: expiresAt,
      is_over: leftMs < 0,
      managed_by,
    },
  ];
}
