// A lead on its way into the ledger, and what the ledger says about it.
import type { ContactKind } from "./field-names.ts";
import type { KeyReuseRule } from "./key-reuse.ts";
import type { RunStatus } from "./run.ts";
import type { LeadGroup } from "./distribution.ts";

/** How a request is recognised when it is sent again. */
export type RecognisedBy =
  | { readonly kind: "key"; readonly key: string }
  /** Lowercase hex SHA-256; the same hash within the window is the same lead. */
  | {
      readonly kind: "body_hash";
      readonly hashHex: string;
      readonly windowMs: number;
      /** A keyed hash of what says something of the lead: bodies with the same one may differ in technical fields. */
      readonly keyed?: true;
    };

export interface Arrival {
  /** UUIDv7. */
  readonly runId: string;
  readonly source: string;
  readonly recognisedBy: RecognisedBy;
  /** ISO 8601 in database time, with the precision that is to be stored. */
  readonly receivedAt: string;
  /** JSON text of the event's payload: at, source, sha256, and body or body_base64. */
  readonly payload: string;
  /** What its source wants where the key belongs to another body; absent: reject. */
  readonly onKeyReuse?: KeyReuseRule;
}

export interface RoutedDelivery {
  readonly destination: string;
  /** The node that accepts the lead will send it at once, so the delivery is leased to it from the start. */
  readonly leased: boolean;
}

export interface FurtherHash {
  readonly kind: ContactKind;
  /** 16 bytes. */
  readonly hash: Buffer;
}

export interface Lead extends Arrival {
  readonly kind: "lead";
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  /** Of the other addresses and numbers in it, where there are any. */
  readonly furtherHashes?: readonly FurtherHash[];
  /** JSON text of the body alone, exact; what destinations get. */
  readonly leadJson: string;
  /** Delivered, never counted. */
  readonly test: boolean;
  /**
   * Its source is paused, its data must be fetched first, or earlier leads of the same person count: the ledger holds its
   * deliveries, or says what they bear, and nobody sends them now.
   */
  readonly isHeld?: true;
  /** Empty, without groups: nobody gets it. */
  readonly routes: readonly RoutedDelivery[];
  /** Of each, one destination gets it, too; which one is decided when it is written. */
  readonly groups?: readonly LeadGroup[];
  /** The run id of a lead that it repeats: who got that one of a group gets this one. */
  readonly sameAs?: string;
}

/** A payload that cannot become a lead; it is kept. */
export interface RefusedPayload extends Arrival {
  readonly kind: "refused";
  readonly errorCode: string;
  /** For a person; never repeats what the payload contains. */
  readonly message: string;
}

export type IntakeResult =
  | { readonly kind: "accepted"; readonly runId: string }
  | {
      readonly kind: "duplicate";
      readonly runId: string;
      readonly existingStatus: RunStatus;
      /** It repeats this revision of the lead; absent: the lead as it came first, or what is kept beside it. */
      readonly revision?: number;
    }
  /** The lead has a newer state; revisions count from 1. */
  | { readonly kind: "revised"; readonly runId: string; readonly revision: number }
  | {
      readonly kind: "refused";
      readonly runId: string;
      /** null: it waits in the spool and has no entry yet. */
      readonly dlqId: number | null;
      readonly errorCode: string;
      readonly message: string;
    }
  /** The key belongs to another body; the first lead stands, this payload is kept. */
  | { readonly kind: "key_reused"; readonly runId: string; readonly dlqId: number | null };
