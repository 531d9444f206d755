// The body of one lead as it was read: the text that is stored and delivered, and the value that is looked into.

export interface LeadBody {
  readonly kind: "lead";
  readonly format: "json" | "form";
  /** JSON text of one object, safe for jsonb; numbers stand here exactly as they were sent. */
  readonly json: string;
  /** The same text parsed; integers beyond 2^53 have lost digits here, so this is never what is stored. */
  readonly value: LeadFields;
  readonly readAs?: ReadAs;
  /** In which its text was read, or a part of it; absent: UTF-8. */
  readonly charset?: string;
}

/** What the body turned out to be, where its Content-Type said something else. */
export type ReadAs = "json" | "multipart";

export type LeadFields = Readonly<Record<string, unknown>>;
