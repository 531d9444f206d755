// One attempt that this node is to make: it holds the lease, and knows where its outcome goes.
import type { AcceptedLead } from "../domain/destinations/handover.ts";
import type { EarlierLead } from "../domain/leads/same-person.ts";
import type { LeadReading } from "../domain/leads/lead-reading.ts";
import { errorText } from "../domain/node/log.ts";
import type { ClaimedEntry } from "../ledger/delivery/dlq-attempts.ts";
import type { ClaimedDelivery } from "../ledger/delivery/deliveries.ts";
import { bodyOfLead } from "./delivery-bodies.ts";

/** By what the leads of a source are read into the vocabulary. */
export type ReadingOf = (source: string) => LeadReading;

interface AnyWork extends Content {
  readonly runId: string;
  readonly destination: string;
  /** An earlier attempt at it may have arrived. */
  readonly mayHaveArrived: boolean;
  readonly test: boolean;
  /** Monotonic milliseconds until which this node alone may send; moved on by renewals. */
  leaseUntilMs: number;
}

interface Content {
  /** Which revision of the lead it is; null: the lead as it came first. */
  readonly revision: number | null;
  /** JSON text that the destination receives; null: there is none. */
  readonly body: string | null;
  /** Why there is none, as a sentence for people; null: there is a body. */
  readonly bodiless: string | null;
}

export interface FastWork extends AnyWork {
  readonly lane: "fast";
  /** Which attempt of the fast lane, from 1. */
  readonly attempt: number;
}

export interface DlqWork extends AnyWork {
  readonly lane: "dlq";
  readonly dlqId: number;
  /** Which attempt from the DLQ, from 1. */
  readonly attempt: number;
  /** Steps of the schedule that its attempts have not used up. */
  readonly waits: number;
}

export type Work = FastWork | DlqWork;

/** The first attempt of a lead that this node has just accepted. */
export function workOfLead(
  lead: AcceptedLead,
  destination: string,
  leaseUntilMs: number,
  readingOf: ReadingOf,
): FastWork {
  const { runId, test } = lead;
  const content = contentOf({ ...lead, destination, revision: null }, readingOf);
  return {
    lane: "fast",
    runId,
    destination,
    attempt: 1,
    mayHaveArrived: false,
    test,
    ...content,
    leaseUntilMs,
  };
}

export function workOfDelivery(
  claimed: ClaimedDelivery,
  leaseUntilMs: number,
  readingOf: ReadingOf,
): FastWork {
  const { runId, destination, attempt, mayHaveArrived, test } = claimed;
  const content = contentOf(claimed, readingOf);
  return { lane: "fast", runId, destination, attempt, mayHaveArrived, test, ...content, leaseUntilMs };
}

export function workOfEntry(claimed: ClaimedEntry, leaseUntilMs: number, readingOf: ReadingOf): DlqWork {
  const { dlqId, runId, destination, retryCount, mayHaveArrived, waits, test } = claimed;
  const content = contentOf(claimed, readingOf);
  return {
    lane: "dlq",
    dlqId,
    runId,
    destination,
    attempt: retryCount,
    mayHaveArrived,
    waits,
    test,
    ...content,
    leaseUntilMs,
  };
}

interface Stored {
  readonly runId: string;
  readonly destination: string;
  readonly source: string;
  readonly receivedAt: Date;
  readonly revision: number | null;
  readonly leadJson: string | null;
  readonly samePerson?: EarlierLead | null;
}

/** Never throws: a row from which nothing can be made must not cost the others of its batch their attempts. */
function contentOf(
  { runId, destination, source, receivedAt, revision, leadJson, samePerson = null }: Stored,
  readingOf: ReadingOf,
): Content {
  if (leadJson === null)
    return without(revision, "the run has no body, so there is nothing to send; it was made by hand");
  try {
    const reading = readingOf(source);
    const body = bodyOfLead({ runId, source, receivedAt, revision, leadJson, reading, samePerson });
    return { revision, body, bodiless: null };
  } catch (error) {
    return without(
      revision,
      `what ${destination} should receive cannot be made from what is stored: ${errorText(error)}`,
    );
  }
}

function without(revision: number | null, reason: string): Content {
  return { revision, body: null, bodiless: reason };
}
