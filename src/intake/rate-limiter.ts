// How many requests a source may make: one token bucket per source, in the memory of this node.
import type { RateLimit } from "../domain/source.ts";

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
  const buckets = new Map<string, Bucket>();
  return {
    take(sourceName, limit) {
      const atMs = monotonicMs();
      const before = buckets.get(sourceName);
      const tokens = before === undefined ? limit.requests : refilled(before, limit, atMs);
      const allowed = tokens >= 1;
      // Set anew so that the map's order is the order of last use.
      buckets.delete(sourceName);
      buckets.set(sourceName, { tokens: allowed ? tokens - 1 : tokens, atMs });
      if (buckets.size > sourcesMax) forgetLongestUnused(buckets);
      if (allowed) return { ok: true };
      return { ok: false, retryAfterMs: Math.ceil(((1 - tokens) * limit.perMs) / limit.requests) };
    },
  };
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

function refilled(bucket: Bucket, limit: RateLimit, atMs: number): number {
  const gained = ((atMs - bucket.atMs) * limit.requests) / limit.perMs;
  return Math.min(limit.requests, bucket.tokens + gained);
}

function forgetLongestUnused(buckets: Map<string, Bucket>): void {
  const oldest = buckets.keys().next();
  if (oldest.done !== true) buckets.delete(oldest.value);
}
