// How much one address of the network may send to a source, on this node: counted by a keyed hash of the address, whose
// key lives in memory for a day at most, so that nobody can tell afterwards who was here.
import { randomBytes } from "node:crypto";
import { isIPv6 } from "node:net";
import { createRateLimiter } from "../domain/sources/rate-limiter.ts";
import type { RateLimiter } from "../domain/sources/rate-limiter.ts";
import type { RateLimit } from "../domain/values/duration.ts";
import { hmacSha256 } from "../domain/values/hmac-sha256.ts";
import type { HmacSha256 } from "../domain/values/hmac-sha256.ts";
import type { AddressTake } from "../kinds/sources/source-kind.ts";

export interface AddressLimits {
  /** Counts one request. `address`: an IP address; the first half of one of IPv6 is somebody's whole network. */
  take(source: string, address: string, limit: RateLimit): AddressTake;
}

const keptMs = 86_400_000;
const addressesMax = 20_000;

export function createAddressLimits(monotonicMs: () => number): AddressLimits {
  let day = newDay(monotonicMs());
  return {
    take(source, address, limit) {
      const nowMs = monotonicMs();
      if (nowMs - day.begunMs >= keptMs) day = newDay(nowMs);
      const who = day.hmac(`${source}\n${networkOf(address)}`);
      if (day.within.take(who, limit).ok) return "within";
      return day.over.take(who, limit).ok ? "over" : "far_over";
    },
  };

  function newDay(begunMs: number): Day {
    return {
      begunMs,
      hmac: hmacSha256(randomBytes(keyBytes)),
      within: createRateLimiter(monotonicMs, addressesMax),
      over: createRateLimiter(monotonicMs, addressesMax),
    };
  }
}

interface Day {
  readonly begunMs: number;
  readonly hmac: HmacSha256;
  readonly within: RateLimiter;
  readonly over: RateLimiter;
}

const keyBytes = 32;

/** Whoever has an IPv6 network has 2^64 addresses. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const { hostname } = new URL(`http://[${address.split("%", 1)[0] ?? ""}]`);
  const [head = "", tail = ""] = hostname.slice(1, -1).split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const ending = tail.split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - ending.length) }, () => "0");
  return [...groups, ...zeros, ...ending].slice(0, 4).join(":");
}
