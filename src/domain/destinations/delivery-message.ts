// What a destination receives beside the body: its id, its signature, and which headers belong to us.
import type { RetiringSecret } from "./destination.ts";
import { hmacSha256 } from "../values/hmac-sha256.ts";
import type { HmacSha256 } from "../values/hmac-sha256.ts";

/** The same over all retries, so that a receiver can recognise a repeat; a revision has one of its own. */
export function deliveryId(runId: string, destination: string, revision: number | null): string {
  return revision === null ? `${runId}:${destination}` : `${runId}:${destination}:r${revision}`;
}

export interface SignedParts {
  readonly id: string;
  readonly body: string;
  /** Absent: application/json. */
  readonly contentType?: string;
  /** null: no signature. */
  readonly secret: string | null;
  /** Secrets that were replaced; those that have not ended at `nowMs` sign, too. */
  readonly retiring?: readonly RetiringSecret[] | undefined;
  readonly nowMs: number;
}

/** The headers that every delivery carries, by Standard Webhooks 1.0; names in lower case. */
export function deliveryHeaders({
  id,
  body,
  contentType = "application/json",
  secret,
  retiring = [],
  nowMs,
}: SignedParts): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const headers: Record<string, string> = {
    "content-type": contentType,
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "idempotency-key": id,
  };
  const old = retiring.filter(({ notAfter }) => nowMs <= notAfter.getTime()).map(({ value }) => value);
  const secrets = secret === null ? old : [secret, ...old];
  // Several signatures stand side by side, so that a receiver can change its secret without a gap.
  const signatures = secrets.map((each) => signature(each, `${id}.${timestamp}.${body}`));
  if (signatures.length > 0) headers["webhook-signature"] = signatures.join(" ");
  return headers;
}

/**
 * The HMAC key that a secret stands for. `whsec_…` is the serialisation of Standard Webhooks 1.0: the rest
 * is base64. Any other secret is taken as its UTF-8 bytes, as everywhere in LeadLedger; so is one that only
 * looks like the former, which {@link signingSecretProblem} lets configuration refuse.
 */
export function signingKey(secret: string): Buffer {
  const encoded = serialisedKey(secret);
  return encoded === null || !isBase64(encoded)
    ? Buffer.from(secret, "utf8")
    : Buffer.from(encoded, "base64");
}

/** What is wrong with a destination's secret, for configuration to say; null: nothing. Never contains it. */
export function signingSecretProblem(secret: string): string | null {
  if (secret === "") return "the secret is empty";
  const encoded = serialisedKey(secret);
  if (encoded === null || isBase64(encoded)) return null;
  return `a secret that begins with ${secretPrefix} must go on with base64`;
}

/**
 * Whether a configured header would break the framing of the request or say something else than we do.
 * Configuration refuses such headers; sending leaves them out. Upper and lower case are the same.
 */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return reservedHeaders.has(lower) || lower.startsWith("webhook-");
}

/** RFC 9110 sections 5.1 and 5.5: a token, and a value of visible ASCII, spaces and tabs. */
export function isSendableHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) && /^[\t\x20-\x7e]*$/.test(value);
}

const secretPrefix = "whsec_";

const reservedHeaders: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "keep-alive",
  "proxy-connection",
  "content-length",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "http2-settings",
  "expect",
  "content-type",
  "content-encoding",
  "idempotency-key",
]);

function serialisedKey(secret: string): string | null {
  return secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : null;
}

function isBase64(text: string): boolean {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function signature(secret: string, signed: string): string {
  return `v1,${signerOf(secret)(signed, null, "base64")}`;
}

/** Secrets whose keys are kept ready; beyond that all are made anew. */
const signersMax = 100;
const signers = new Map<string, HmacSha256>();

function signerOf(secret: string): HmacSha256 {
  const known = signers.get(secret);
  if (known !== undefined) return known;
  if (signers.size >= signersMax) signers.clear();
  const made = hmacSha256(signingKey(secret));
  signers.set(secret, made);
  return made;
}
