// How often somebody may do something: one token bucket per name, in the memory of this node.
import type { RateLimit } from "../values/duration.ts";

export type Take = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

export interface RateLimiter {
  /** Takes one request; `retryAfterMs` is the whole number of milliseconds until one would be let through. */
  take(sourceName: string, limit: RateLimit): Take;
}

/** With open intake the names are anyone's choice, so they must not fill the memory. */
export const rateLimitedSourcesMax = 10_000;

/**
 * A source that was quiet may send the requests of a whole period at once, then as many as trickle in.
 * `monotonicMs` must never go back, as `performance.now()` does not.
 */
export function createRateLimiter(
  monotonicMs: () => number,
  sourcesMax: number = rateLimitedSourcesMax,
): RateLimiter {
  // Of a bucket only one thing need be known: when it will be full again.
  const fullAtMs = new Map<string, number>();
  return {
    take(sourceName, limit) {
      const nowMs = monotonicMs();
      const perRequestMs = limit.perMs / limit.requests;
      // A limit that was changed must not leave a debt longer than its own period.
      const fullMs = clamp(fullAtMs.get(sourceName) ?? nowMs, nowMs, nowMs + limit.perMs);
      const waitMs = fullMs + perRequestMs - limit.perMs - nowMs;
      const allowed = waitMs <= roundingMs;
      // Set anew so that the map's order is the order of last use.
      fullAtMs.delete(sourceName);
      fullAtMs.set(sourceName, allowed ? fullMs + perRequestMs : fullMs);
      if (fullAtMs.size > sourcesMax) forgetLongestUnused(fullAtMs);
      return allowed ? { ok: true } : { ok: false, retryAfterMs: Math.ceil(waitMs - roundingMs) };
    },
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

function forgetLongestUnused(fullAtMs: Map<string, number>): void {
  const oldest = fullAtMs.keys().next();
  if (oldest.done !== true) fullAtMs.delete(oldest.value);
}

/** Sums of fractions are off by a few billionths; nobody shall wait a millisecond more for that. */
const roundingMs = 0.0001;
