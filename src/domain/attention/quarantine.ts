// What was turned away and is kept aside all the same: no lead and no entry, until a person releases it.

/** Of a body; what is beyond is not kept. */
export const quarantinedBytesMax = 64 * 1024;
/** Of a source; of names that nobody has set up, all together. */
export const quarantinedPerSourceMax = 1_000;
export const quarantinedDaysMax = 7;

export interface QuarantinedRequest {
  /** UUIDv7. */
  readonly quarantineId: string;
  readonly source: string;
  /** Milliseconds since 1970, in database time. */
  readonly receivedAtMs: number;
  /** Why it was turned away, as a stable code. */
  readonly errorCode: string;
  /** Whether its credentials were valid. */
  readonly authenticated: boolean;
  readonly content: QuarantinedContent;
  /** false: `content` holds only the beginning of the body. */
  readonly isWhole: boolean;
  /** Of the body as it was sent; null: it was cut off before its end was known. */
  readonly sizeBytes: number | null;
}

/** What reading a request needs of it. */
export interface QuarantinedContent {
  /** Of `keptHeaders`, those that it had. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Never credentials: whoever may see what is kept need not be able to send. */
export const keptHeaders = [
  "content-type",
  "content-encoding",
  "idempotency-key",
  "x-idempotency-key",
  "webhook-id",
  "svix-id",
] as const;
