// Links by which whoever got a lead by mail says that its person was contacted: good for that one lead, and for nothing else.
import { createHmac, timingSafeEqual } from "node:crypto";

export interface ContactLinks {
  /** What stands behind the installation's address. */
  pathOf(runId: string): string;
  /** Whether this token was made for this lead, in constant time. */
  isGood(runId: string, token: string): boolean;
}

const tokenBytes = 16;

/** `key`: the subkey `contact-link`. */
export function createContactLinks(key: Buffer): ContactLinks {
  const tokenOf = (runId: string): string =>
    createHmac("sha256", key)
      .update(`contacted:${runId.toLowerCase()}`)
      .digest()
      .subarray(0, tokenBytes)
      .toString("base64url");
  return {
    pathOf: (runId) => `/contacted/${runId}/${tokenOf(runId)}`,
    isGood(runId, token) {
      const [expected, given] = [Buffer.from(tokenOf(runId)), Buffer.from(token)];
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}
