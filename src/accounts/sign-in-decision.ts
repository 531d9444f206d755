// Who may sign in: decided from what is known of the account, whether the password fits, and the time.

/** What an account's row says. */
export interface SignInFacts {
  readonly disabledAt: Date | null;
  readonly failedSignIns: number;
  readonly lockedUntil: Date | null;
}

export type SignInDecision =
  | { readonly kind: "signed_in" }
  | {
      readonly kind: "refused";
      readonly reason: SignInRefusal;
      /** What the account's row shall say now; null: as before. */
      readonly failed: { readonly failedSignIns: number; readonly lockedUntil: Date | null } | null;
    };

/** For the audit log alone: whoever tried is told the same in every case. */
export type SignInRefusal = "unknown_user" | "wrong_password" | "locked" | "disabled";

const freeFailures = 5;
const firstLockMs = 60_000;
const longestLockMs = 3_600_000;

/**
 * While an account is locked nothing is counted: whoever keeps trying lengthens nothing, and learns nothing either,
 * because the right password is refused, too.
 */
export function decideSignIn(
  facts: SignInFacts | null,
  passwordFits: boolean,
  nowMs: number,
): SignInDecision {
  if (facts === null) return { kind: "refused", reason: "unknown_user", failed: null };
  if (facts.disabledAt !== null) return { kind: "refused", reason: "disabled", failed: null };
  if (facts.lockedUntil !== null && facts.lockedUntil.getTime() > nowMs) {
    return { kind: "refused", reason: "locked", failed: null };
  }
  if (passwordFits) return { kind: "signed_in" };
  const failedSignIns = facts.failedSignIns + 1;
  const lockMs = lockAfter(failedSignIns);
  const lockedUntil = lockMs === 0 ? null : new Date(nowMs + lockMs);
  return { kind: "refused", reason: "wrong_password", failed: { failedSignIns, lockedUntil } };
}

/** For how long in milliseconds: nothing for the first failures, then a minute, doubled with each one up to an hour. */
export function lockAfter(failures: number): number {
  if (failures < freeFailures) return 0;
  return Math.min(firstLockMs * 2 ** (failures - freeFailures), longestLockMs);
}
