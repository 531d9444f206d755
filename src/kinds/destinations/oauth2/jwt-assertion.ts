// A token request's proof by a key of one's own: a JSON Web Token (RFC 7519) that names who asks, signed by RS256 (RFC 7515).
import { createSign } from "node:crypto";
import type { KeyObject } from "node:crypto";

export interface AssertionParts {
  readonly issuer: string;
  readonly scope: string;
  /** The address of the token server (RFC 7523 section 3). */
  readonly audience: string;
  /** By which the token server finds the key that belongs to it. */
  readonly keyId: string | null;
  readonly privateKey: KeyObject;
}

/** The longest that token servers take. */
const lifetimeS = 3_600;

export function signedAssertion(parts: AssertionParts, nowMs: number): string {
  const { issuer, scope, audience, keyId, privateKey } = parts;
  const issuedAtS = Math.floor(nowMs / 1_000);
  const head = { alg: "RS256", typ: "JWT", ...(keyId === null ? {} : { kid: keyId }) };
  const claims = { iss: issuer, scope, aud: audience, iat: issuedAtS, exp: issuedAtS + lifetimeS };
  const signed = `${encoded(head)}.${encoded(claims)}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
