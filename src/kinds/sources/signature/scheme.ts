// How a sender signs its requests, as its documentation says it: in which header the signature stands and what that looks
// like, by which hash, and over what.

export const signatureAlgorithms = ["sha256", "sha512", "sha1"] as const;
export const signatureEncodings = ["hex", "base64", "base64url"] as const;
/** `whsec`: base64 behind `whsec_`, as Standard Webhooks 1.0 writes secrets. */
export const secretEncodings = ["utf8", "hex", "base64", "whsec"] as const;
export const timestampUnits = ["s", "ms"] as const;
/** What may stand in braces in `SignatureScheme.signed`. */
export const signedSlots = ["body", "timestamp", "id", "method", "uri"] as const;

export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];
export type SignatureEncoding = (typeof signatureEncodings)[number];
export type SecretEncoding = (typeof secretEncodings)[number];
export type TimestampUnit = (typeof timestampUnits)[number];
export type SignedSlot = (typeof signedSlots)[number];

export interface SignatureScheme {
  /** In which the signature stands, as its sender writes it. */
  readonly header: string;
  /**
   * What the header's value looks like: `sha256={signature}`; `v1,{signature}`, several of them apart by spaces; or a list
   * in any order, `t={timestamp},v1={signature}`.
   */
  readonly format: string;
  readonly algorithm: SignatureAlgorithm;
  readonly encoding: SignatureEncoding;
  /** How a secret's text becomes the key. */
  readonly secretEncoding: SecretEncoding;
  /** What is signed: `{timestamp}.{body}`. `{uri}` is the address that the sender called, as the outside knows it. */
  readonly signed: string;
  /** Where the time stands unless `format` has it; looked at only if it is signed. */
  readonly timestampHeader: string;
  readonly timestampUnit: TimestampUnit;
  /** How far the time may be off, into the past and into the future. */
  readonly toleranceMs: number;
  /** Where what `{id}` stands for is. */
  readonly idHeader: string;
  /** What senders write into the header in place of a signature while they have no secret; null: nothing of that kind. */
  readonly unsigned: string | null;
}

/** LeadLedger's own (docs/contract.md, Credentials). */
export const usualScheme: SignatureScheme = {
  header: "X-Signature",
  format: "sha256={signature}",
  algorithm: "sha256",
  encoding: "hex",
  secretEncoding: "utf8",
  signed: "{timestamp}.{body}",
  timestampHeader: "X-Timestamp",
  timestampUnit: "s",
  toleranceMs: 300_000,
  idHeader: "X-Request-Id",
  unsigned: null,
};

/** null: it has one `{signature}`, and is a list if it has the time too. */
export function formatProblem(format: string): "no_signature" | "no_list" | null {
  if (format.split("{signature}").length !== 2) return "no_signature";
  if (!format.includes("{timestamp}")) return null;
  return listNames(format) === null ? "no_list" : null;
}

/** By which names a list has its time and its signatures; null: it is none. */
export function listNames(format: string): { readonly timestamp: string; readonly signature: string } | null {
  const items = format.split(",").map((item) => /^([A-Za-z0-9_-]{1,40})=(\{[a-z]+\})$/.exec(item.trim()));
  const nameOf = (slot: string): string | undefined => items.find((item) => item?.[2] === slot)?.[1];
  const timestamp = nameOf("{timestamp}");
  const signature = nameOf("{signature}");
  return items.length !== 2 || timestamp === undefined || signature === undefined || timestamp === signature
    ? null
    : { timestamp, signature };
}
