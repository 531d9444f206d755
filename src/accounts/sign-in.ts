// Signing in, and proving again who one is: the same answer in the same time, whatever is wrong.
import type { RateLimiter } from "../domain/sources/rate-limiter.ts";
import type { Database } from "../ledger/connection/database.ts";
import { transaction } from "../ledger/connection/database.ts";
import {
  beginSession,
  findAccount,
  forgetFailures,
  lockAccount,
  noteFailure,
} from "../ledger/accounts/sessions.ts";
import type { LockedAccount, SignInAccount } from "../ledger/accounts/sessions.ts";
import { takeAttempt } from "./attempts.ts";
import type { Passwords } from "./password.ts";
import type { RefusedSignIns } from "./refused-sign-ins.ts";
import { decideSignIn } from "./sign-in-decision.ts";
import { newToken, tokenHash } from "./token.ts";

/** However much it is used. */
export const sessionLifetimeMs = 7 * 24 * 3_600_000;
/** Without being used. */
export const sessionIdleLimitMs = 12 * 3_600_000;
/** A refusal is not told before this time has passed since the question: what it took says nothing then. */
const refusalAfterMs = 400;

export interface SignInDeps {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly limiter: RateLimiter;
  readonly refusals: RefusedSignIns;
  readonly monotonicMs: () => number;
}

export interface Attempt {
  readonly password: string;
  /** Where from. */
  readonly address: string;
}

export type NotProved =
  | { readonly kind: "refused" }
  /** `retryAfterMs`: until another attempt is looked at. */
  | { readonly kind: "too_many"; readonly retryAfterMs: number }
  | { readonly kind: "busy" };

export type SignedIn =
  | {
      readonly kind: "signed_in";
      readonly userId: number;
      /** For the cookie. */
      readonly token: string;
      readonly expiresAt: Date;
    }
  | NotProved;

export async function signIn(
  deps: SignInDeps,
  { login, password, address }: Attempt & { readonly login: string },
): Promise<SignedIn> {
  const name = normalisedLogin(login);
  return prove(deps, { by: { login: name }, name, password, address }, async (client, account) => {
    const token = newToken();
    const expiresAt = await beginSession(client, {
      userId: account.userId,
      tokenHash: tokenHash(token),
      lifetimeMs: sessionLifetimeMs,
      address,
    });
    return { kind: "signed_in", userId: account.userId, token, expiresAt } as const;
  });
}

/** Whether somebody who is signed in knows their password: counted and refused as signing in is. */
export async function provePassword(
  deps: SignInDeps,
  { userId, password, address }: Attempt & { readonly userId: number },
): Promise<{ readonly kind: "proved" } | NotProved> {
  return prove(deps, { by: { userId }, name: `user ${userId}`, password, address }, async (client) => {
    await forgetFailures(client, userId);
    return { kind: "proved" } as const;
  });
}

/** E-mail addresses mean the same in small and capital letters, for all that matters here. */
export function normalisedLogin(login: string): string {
  return login.trim().normalize("NFC").toLowerCase();
}

interface Proof extends Attempt {
  readonly by: Parameters<typeof findAccount>[1];
  /** By which attempts are counted. */
  readonly name: string;
}

async function prove<T>(
  { database, passwords, limiter, refusals, monotonicMs }: SignInDeps,
  { by, name, password, address }: Proof,
  proved: (client: Parameters<typeof lockAccount>[0], account: LockedAccount) => Promise<T>,
): Promise<T | NotProved> {
  const beganMs = monotonicMs();
  const retryAfterMs = takeAttempt(limiter, name, address);
  if (retryAfterMs > 0) return { kind: "too_many", retryAfterMs };
  const account = await findAccount(database, by);
  const verified = await passwords.verify(account?.passwordHash ?? null, password);
  if (verified === "busy") return { kind: "busy" };
  const outcome = await transaction(database, "system", async (client) => {
    const current = account === null ? null : await lockAccount(client, account.userId);
    const fits = verified === "fits" && isSame(account, current);
    const decision = decideSignIn(current, fits, current?.nowMs ?? 0);
    if (decision.kind === "signed_in" && current !== null) return { proved: await proved(client, current) };
    if (decision.kind === "refused" && decision.failed !== null && current !== null) {
      await noteFailure(client, current.userId, decision.failed);
    }
    return { reason: decision.kind === "refused" ? decision.reason : "wrong_password" } as const;
  });
  if ("proved" in outcome) return outcome.proved;
  refusals.note({ userId: account?.userId ?? null, reason: outcome.reason, address });
  await new Promise((resolve) => setTimeout(resolve, beganMs + refusalAfterMs - monotonicMs()));
  return { kind: "refused" };
}

/** Meanwhile somebody may have changed the password. */
function isSame(seen: SignInAccount | null, current: LockedAccount | null): boolean {
  return current !== null && seen?.passwordHash === current.passwordHash;
}
