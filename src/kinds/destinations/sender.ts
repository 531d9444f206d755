// What every kind of destination that we send to can do.
import type { Failed, FailureCode, Outcome } from "../../domain/destinations/outcome.ts";
import type { Notice } from "./notice.ts";
import type { RemoteField, RemoteFieldType } from "../../domain/destinations/remote-field.ts";

/** One lead on its way to one destination; but for `attempt` the same every time. */
export interface DeliveryMessage {
  readonly runId: string;
  /**
   * 1: nothing of this delivery can be at the destination yet. More: an earlier attempt may have arrived, so a kind whose
   * receiver knows no repeats looks first.
   */
  readonly attempt: number;
  /** Which revision of the lead it is; null: the lead as it came first. For `deliveryId`. */
  readonly revision: number | null;
  /** JSON text: as made by `deliveryBody`, or what its `map` or `expression` made of that. */
  readonly body: string;
  /** What that made, as a value with exact numbers (exact-json.ts); absent: there is neither. */
  readonly mapped?: unknown;
  /** It is about no lead: what is said to people instead, for kinds that write to people; the others send `body`. */
  readonly notice?: Notice;
  /** What was mapped: the text made by `deliveryBody`; absent: `body` is. */
  readonly delivery?: string;
}

/** What came back, fit to be stored as jsonb (no NUL, valid UTF-16) and to be shown on a terminal. */
export interface ResponseExcerpt {
  readonly status: number;
  /** The few headers that help a person; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 2 kB. */
  readonly bodyExcerpt: string;
}

export interface AttemptResult {
  readonly outcome: Outcome;
  /** From the call until the outcome was known. */
  readonly durationMs: number;
  /** null when no answer came. */
  readonly response: ResponseExcerpt | null;
}

export type Reachability =
  | { readonly reachable: true; readonly address: string; readonly durationMs: number }
  | { readonly reachable: false; readonly code: FailureCode; readonly message: string };

export type FieldsRead =
  | { readonly kind: "fields"; readonly fields: readonly RemoteField[] }
  | { readonly kind: "unread"; readonly outcome: Failed };

/** A field that is to be created there. */
export interface NewRemoteField {
  /** As people will read it there. */
  readonly label: string;
  readonly type: Extract<RemoteFieldType, "text" | "number" | "boolean" | "date">;
}

export type FieldCreated =
  | { readonly kind: "created"; readonly field: RemoteField }
  | { readonly kind: "not_created"; readonly outcome: Failed };

/** Made for one destination while its configuration stands, so that it may keep connections and tokens between attempts. */
export interface Sender {
  /**
   * Sends once, in as many requests as the kind needs, and never throws for what the destination or the network does: that
   * is the outcome. Ends within the destination's timeout, or at once when the signal is aborted (`delivery_interrupted`;
   * the destination may have the lead nevertheless).
   */
  attempt(message: DeliveryMessage, signal: AbortSignal): Promise<AttemptResult>;
  /** Whether a connection can be made, and a token be had where one is needed; sends no lead. For `doctor`. */
  probe(): Promise<Reachability>;
  /** Which fields leads can be written to there; absent: the receiver cannot be asked. Never rejects. */
  readonly fields?: () => Promise<FieldsRead>;
  /** Absent: fields can only be made in the receiver's own screens. Never rejects. */
  readonly createField?: (wanted: NewRemoteField) => Promise<FieldCreated>;
  /** Waits for attempts under way, then drops the connections. Later attempts are `delivery_interrupted`. */
  close(): Promise<void>;
}

/** What an attempt sends, fit to be seen: credentials are masked. */
export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
