// The key that a secret's text stands for, and what makes signatures with it.
import { createHmac } from "node:crypto";
import { hmacSha256 } from "../../../domain/values/hmac-sha256.ts";
import type { SecretEncoding, SignatureAlgorithm, SignatureEncoding } from "./scheme.ts";

/** The signature over `head` (ASCII) and `body`, as it is written; base64 without what fills it up. */
export type Sign = (head: string, body: Buffer | null) => string;

/** null: the text is not of that encoding, and no key can be had from it. */
export function signingKeyOf(secret: string, encoding: SecretEncoding): Buffer | null {
  switch (encoding) {
    case "utf8":
      return Buffer.from(secret, "utf8");
    case "hex":
      return /^(?:[0-9a-f]{2})+$/i.test(secret) ? Buffer.from(secret, "hex") : null;
    case "base64":
      return base64Key(secret);
    case "whsec":
      return base64Key(secret.replace(/^whsec_/, ""));
  }
}

/** Of either alphabet, filled up or not. */
function base64Key(text: string): Buffer | null {
  const bare = text.replace(/={0,2}$/, "");
  return /^[A-Za-z0-9+/_-]{2,}$/.test(bare) && bare.length % 4 !== 1 ? Buffer.from(bare, "base64") : null;
}

export function signWith(key: Buffer, algorithm: SignatureAlgorithm, encoding: SignatureEncoding): Sign {
  if (algorithm !== "sha256") {
    return (head, body) => {
      const hmac = createHmac(algorithm, key).update(head);
      if (body !== null) hmac.update(body);
      return unfilled(hmac.digest(encoding));
    };
  }
  // For short messages half the cost.
  const sign = hmacSha256(key);
  switch (encoding) {
    case "hex":
      return sign;
    case "base64":
      return (head, body) => unfilled(sign(head, body, "base64"));
    case "base64url":
      return (head, body) => urlSafe(unfilled(sign(head, body, "base64")));
  }
}

export function unfilled(base64: string): string {
  return base64.endsWith("=") ? base64.replace(/={1,2}$/, "") : base64;
}

function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}
