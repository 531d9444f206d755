// How often somebody may try a password: by network address, and by the name they give, whether there is such an account
// or not.
import type { RateLimiter } from "../domain/sources/rate-limiter.ts";
import type { RateLimit } from "../domain/values/duration.ts";

const perAddress: RateLimit = { requests: 30, perMs: 60_000 };
const perLogin: RateLimit = { requests: 10, perMs: 60_000 };

/** 0: allowed, and counted; otherwise milliseconds until it would be. On one node. */
export function takeAttempt(limiter: RateLimiter, login: string, address: string): number {
  const ofAddress = limiter.take(`address ${networkOf(address)}`, perAddress);
  if (!ofAddress.ok) return ofAddress.retryAfterMs;
  const ofLogin = limiter.take(`login ${login}`, perLogin);
  return ofLogin.ok ? 0 : ofLogin.retryAfterMs;
}

const resetsPerAddress: RateLimit = { requests: 20, perMs: 3_600_000 };
const resetsPerLogin: RateLimit = { requests: 3, perMs: 3_600_000 };

/** The same of links for new passwords: whoever gets them did not ask for hundreds. */
export function takeResetAttempt(limiter: RateLimiter, login: string, address: string): number {
  const ofAddress = limiter.take(`reset address ${networkOf(address)}`, resetsPerAddress);
  if (!ofAddress.ok) return ofAddress.retryAfterMs;
  const ofLogin = limiter.take(`reset login ${login}`, resetsPerLogin);
  return ofLogin.ok ? 0 : ofLogin.retryAfterMs;
}

/** Whoever has an IPv6 address has the 2^64 of its network. */
export function networkOf(address: string): string {
  if (!address.includes(":") || address.startsWith("::ffff:")) return address;
  const [head = "", tail = ""] = address.split("%")[0]?.split("::") ?? [];
  const before = head === "" ? [] : head.split(":");
  const after = tail === "" ? [] : tail.split(":");
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}
