// Whether a token that a request presents is the one that is expected.
import { hash, timingSafeEqual } from "node:crypto";

/** Digests have one length, so the time taken tells nothing about the secret, not even how long it is. */
export function sameText(presented: Buffer, secret: string): boolean {
  return timingSafeEqual(hash("sha256", presented, "buffer"), hash("sha256", secret, "buffer"));
}
