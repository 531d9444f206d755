// Whether a request comes from the source it names: HMAC signature, token, or nothing asked.
import { hash, timingSafeEqual } from "node:crypto";
import type { Texts } from "../domain/errors/explained.ts";
import { hmacSha256 } from "../domain/values/hmac-sha256.ts";
import type { HmacSha256 } from "../domain/values/hmac-sha256.ts";
import { credentialsReason } from "../domain/sources/presented-credentials.ts";
import type { Source, SourceSecret } from "../domain/sources/source.ts";
import { headerValue } from "./request-headers.ts";
import type { RequestHeaders } from "./request-headers.ts";
import { signatureForm, staleness, timestampFault, timestampToleranceMs } from "./signature-form.ts";

export const authenticationFailures = [
  "credentials_missing",
  "credentials_wrong",
  "timestamp_missing",
  "timestamp_invalid",
  "timestamp_stale",
] as const;

export type AuthenticationFailure = (typeof authenticationFailures)[number];

export type Authentication =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: AuthenticationFailure;
      /** What was looked for, and what was there; without any value that may be secret. */
      readonly reason: Texts;
    };

/** `nowMs` in milliseconds since 1970. Compares in constant time; any secret that is valid at `nowMs` will do. */
export function authenticate(
  source: Pick<Source, "auth">,
  headers: RequestHeaders,
  rawBody: Buffer,
  nowMs: number,
): Authentication {
  const { auth } = source;
  switch (auth.kind) {
    case "none":
      return accepted;
    case "token":
      return checkToken(validSecrets(auth.secrets, nowMs), headers);
    case "hmac":
      return checkSignature(validSecrets(auth.secrets, nowMs), headers, rawBody, nowMs);
  }
}

function checkToken(secrets: readonly SourceSecret[], headers: RequestHeaders): Authentication {
  const tokens = presentedTokens(headers);
  const reason = (): Texts => credentialsReason(headers, "Authorization: Bearer …, X-Api-Key", tokenHeaders);
  if (tokens.length === 0) return failure("credentials_missing", reason());
  const matches = tokens.some((token) => secrets.some((secret) => sameText(token, secret.value)));
  return matches ? accepted : failure("credentials_wrong", reason());
}

/** A proxy may add an Authorization of its own, so both places count. */
function presentedTokens(headers: RequestHeaders): Buffer[] {
  const bearer = /^bearer +(\S+) *$/i.exec(headerValue(headers, "authorization") ?? "")?.[1];
  const apiKey = headerValue(headers, "x-api-key");
  return [bearer, apiKey].flatMap((token) => (token ? [Buffer.from(token, "latin1")] : []));
}

/** Digests have one length, so the time taken tells nothing about the secret, not even how long it is. */
function sameText(presented: Buffer, secret: string): boolean {
  return timingSafeEqual(hash("sha256", presented, "buffer"), hash("sha256", secret, "buffer"));
}

function checkSignature(
  secrets: readonly SourceSecret[],
  headers: RequestHeaders,
  rawBody: Buffer,
  nowMs: number,
): Authentication {
  const signature = headerValue(headers, "x-signature");
  const reason = (remark: Texts | null): Texts =>
    credentialsReason(headers, "X-Signature, X-Timestamp", signatureHeaders, remark);
  if (signature === undefined || signature === "") return failure("credentials_missing", reason(null));
  const timestamp = headerValue(headers, "x-timestamp");
  if (timestamp === undefined || timestamp === "") return failure("timestamp_missing", reason(null));
  const fault = timestampFault(timestamp, nowMs);
  if (fault !== null) return failure("timestamp_invalid", reason(fault));
  if (Math.abs(nowMs - Number(timestamp) * 1000) > timestampToleranceMs)
    return failure("timestamp_stale", reason(staleness(timestamp, nowMs)));
  const presented = Buffer.from(signature.toLowerCase(), "latin1");
  const matches = secrets.some((secret) => {
    const expected = Buffer.from(`sha256=${signerOf(secret)(`${timestamp}.`, rawBody)}`, "latin1");
    return presented.length === expected.length && timingSafeEqual(presented, expected);
  });
  return matches ? accepted : failure("credentials_wrong", reason(signatureForm(signature)));
}

const tokenHeaders = ["authorization", "x-api-key"];
const signatureHeaders = ["x-signature", "x-timestamp"];

const signers = new WeakMap<SourceSecret, HmacSha256>();

function signerOf(secret: SourceSecret): HmacSha256 {
  const known = signers.get(secret);
  if (known !== undefined) return known;
  const signer = hmacSha256(Buffer.from(secret.value, "utf8"));
  signers.set(secret, signer);
  return signer;
}

/** An empty secret would let everyone sign; configuration refuses it, and here it matches nobody. */
function validSecrets(secrets: readonly SourceSecret[], nowMs: number): readonly SourceSecret[] {
  return secrets.filter(({ value, notAfter }) => {
    return value !== "" && (notAfter === null || nowMs <= notAfter.getTime());
  });
}

function failure(code: AuthenticationFailure, reason: Texts): Authentication {
  return { ok: false, code, reason };
}

const accepted: Authentication = { ok: true };
