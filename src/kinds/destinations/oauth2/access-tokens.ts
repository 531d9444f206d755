// The access token of one sender: fetched once for all attempts that need it, kept until shortly before it ends, fetched
// anew where a receiver refuses it.
import { setMaxListeners } from "node:events";
import { interrupted, timedOut } from "../../../domain/destinations/outcome.ts";
import type { Failed } from "../../../domain/destinations/outcome.ts";
import type { ExchangeEnd } from "../../../outgoing/exchange.ts";
import { openHttpClient } from "../../../outgoing/http-client.ts";
import type { HttpReach } from "../../../outgoing/http-client.ts";
import { classifyTransportError } from "../../../outgoing/transport-error.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { readTokenAnswer } from "./token-answer.ts";
import type { GrantedToken, TokenServer } from "./token-answer.ts";
import { isAssertion, tokenRequest } from "./token-request.ts";
import type { TokenGrant } from "./token-request.ts";

export interface AccessTokens {
  /** The one that is kept, or a new one; ends within `withinMs`, or at once when the signal is aborted. Never rejects. */
  current(signal: AbortSignal, withinMs: number): Promise<GrantedToken | Failed>;
  /** A receiver does not take it: the next attempt gets another. */
  refused(token: string): void;
  /** What is being fetched is dropped; may be called twice. */
  close(): Promise<void>;
}

/** Before a token ends; of short-lived ones, a tenth of their time. */
const renewBeforeEndMs = 60_000;
/** A token is on its way for a moment; of short-lived ones, a twentieth of their time. */
const unusedBeforeEndMs = 5_000;
/** Between two tries to renew a token that is still good. */
const renewPauseMs = 5_000;

interface HeldToken {
  readonly granted: GrantedToken;
  readonly renewAtMs: number;
  readonly unusedFromMs: number;
}

export function openAccessTokens(
  destination: HttpReach & { readonly name: string },
  grant: TokenGrant,
  deps: SenderDeps,
): AccessTokens {
  const whom = {
    name: `the token server of ${destination.name}`,
    timeoutMs: destination.timeoutMs,
    ...(isAssertion(grant) ? { proof: "the key" } : {}),
  };
  const client = openHttpClient(
    new URL(grant.tokenUrl),
    { ...destination, concurrency: 1, bodyDecides: true },
    deps,
  );
  const closing = new AbortController();
  let held: HeldToken | null = null;
  let fetching: Promise<GrantedToken | Failed> | null = null;
  let renewNotBeforeMs = 0;
  /** Some token servers give a new one each time, and take the old one back some day. Without one, none is taken up. */
  let refreshToken = isAssertion(grant) ? undefined : grant.refreshToken;

  /** One at a time, whoever waits for it: an attempt that gives up does not take it from the others. */
  function fetchToken(): Promise<GrantedToken | Failed> {
    fetching ??= fetchOnce().finally(() => (fetching = null));
    return fetching;
  }

  async function fetchOnce(): Promise<GrantedToken | Failed> {
    const askedAtMs = deps.nowMs();
    const end = await client.request(tokenRequest(grant, askedAtMs, refreshToken), closing.signal);
    const fetched = meaning(end, whom, deps.nowMs());
    if (fetched.kind === "granted") {
      held = heldFrom(fetched, askedAtMs);
      if (refreshToken !== undefined) refreshToken = fetched.refreshToken ?? refreshToken;
    }
    return fetched;
  }

  return {
    current(signal, withinMs) {
      const nowMs = deps.nowMs();
      if (held === null || nowMs >= held.unusedFromMs) return awaited(fetchToken(), whom, signal, withinMs);
      if (nowMs >= held.renewAtMs && nowMs >= renewNotBeforeMs) {
        renewNotBeforeMs = nowMs + renewPauseMs;
        void fetchToken();
      }
      return Promise.resolve(held.granted);
    },
    refused(token) {
      if (held?.granted.token === token) held = null;
    },
    async close() {
      closing.abort();
      await client.close();
    },
  };
}

function meaning(
  end: ExchangeEnd,
  whom: TokenServer & { readonly timeoutMs: number },
  nowMs: number,
): GrantedToken | Failed {
  switch (end.kind) {
    case "answered":
      return readTokenAnswer(whom, end, nowMs);
    case "timed_out":
      return timedOut(whom.name, whom.timeoutMs);
    case "interrupted":
      return interrupted(whom.name);
    case "failed":
      return classifyTransportError(end.error, whom);
  }
}

/** Where nobody says when it ends, it is kept until it is refused. */
function heldFrom(granted: GrantedToken, askedAtMs: number): HeldToken {
  const lifetimeMs = granted.lifetimeMs ?? Infinity;
  const endsAtMs = askedAtMs + lifetimeMs;
  return {
    granted,
    renewAtMs: endsAtMs - Math.min(renewBeforeEndMs, lifetimeMs / 10),
    unusedFromMs: endsAtMs - Math.min(unusedBeforeEndMs, lifetimeMs / 20),
  };
}

/** Whichever comes first: the token, the end of an attempt's time, an interruption. */
function awaited(
  fetched: Promise<GrantedToken | Failed>,
  whom: { readonly name: string; readonly timeoutMs: number },
  signal: AbortSignal,
  withinMs: number,
): Promise<GrantedToken | Failed> {
  if (signal.aborted) return Promise.resolve(interrupted(whom.name));
  return new Promise((resolve) => {
    const end = (result: GrantedToken | Failed): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(result);
    };
    const onAbort = (): void => end(interrupted(whom.name));
    const timer = setTimeout(() => end(timedOut(whom.name, whom.timeoutMs)), withinMs);
    // One signal stops many attempts; node takes more than ten listeners for a leak.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", onAbort, { once: true });
    void fetched.then(end);
  });
}
