// What one delivery attempt can end in, how bad that is, and the sentence a person reads about it.
import { STATUS_CODES } from "node:http";
import type { Receipt } from "./receipt.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { shownAddress } from "./shown-address.ts";

/**
 * How a failure is treated: `transient` failures are tried again on the schedule; with `needs_credentials` and
 * `needs_configuration` the destination is at fault and a person must mend it there, so that it is left alone as a whole
 * and no schedule is used up; `permanent` ones are the lead's own and wait for a person.
 */
export type FailureClass = "transient" | "needs_credentials" | "needs_configuration" | "permanent";

/** Stable names: they are stored as `error_code` and read by reports. A code is never renamed. */
const failureClasses = {
  /** The destination's name has no address, or the name service did not answer. */
  destination_dns: "transient",
  /** No connection could be made: refused, unreachable. */
  destination_connect: "transient",
  /** Connected, but no secure connection: certificate, protocol version. */
  destination_tls: "transient",
  /** Not finished within the destination's timeout, or 408. */
  destination_timeout: "transient",
  /** The connection ended after the lead was (perhaps partly) sent and before an answer came. */
  destination_connection_lost: "transient",
  /** 425, 429: later, please. */
  destination_throttled: "transient",
  /** Not attempted: the destination was left alone as a whole. */
  destination_unavailable: "transient",
  /** 5xx. */
  destination_error: "transient",
  /** What came back is not HTTP, or a status that means nothing here. */
  destination_bad_response: "transient",
  /** It answered, but the part that says whether it has the lead is missing or cannot be read. */
  destination_indeterminate: "transient",
  /** We ended the attempt ourselves, because the process is stopping. */
  delivery_interrupted: "transient",
  /** 401, 403, 407. */
  destination_auth: "needs_credentials",
  /** The destination lacks what every lead needs there: a field was renamed, a workflow switched off, a table is gone. */
  destination_configuration: "needs_configuration",
  /** What its expression does, no lead is to blame for: it cannot be read, or had to be stopped; or it fails for a lead. */
  destination_expression: "needs_configuration",
  /** 3xx: redirects are not followed, so somebody must mend the URL. */
  destination_redirect: "needs_configuration",
  /** Any other 4xx: the same lead would be refused again. */
  destination_rejected: "permanent",
  /** A private or reserved address without `allow_private`. */
  destination_address_forbidden: "needs_configuration",
  /** The request cannot even be formed from the configuration, a header for example. */
  destination_misconfigured: "needs_configuration",
  /** Outcomes could not be written down, again and again: somebody must look before it is sent once more. */
  delivery_unsettled: "permanent",
  /** The lead gives nothing for a field that the destination must get. */
  required_field_missing: "permanent",
  /** The destination's expression says that it does not want this lead, or the lead is too large for it. */
  expression_refuses_lead: "permanent",
  /** The run has no body: it was made by hand. */
  nothing_to_send: "permanent",
} as const satisfies Record<string, FailureClass>;

export type FailureCode = keyof typeof failureClasses;

export const failureCodes = Object.keys(failureClasses) as readonly FailureCode[];

export interface Delivered {
  readonly kind: "delivered";
  /** null where the kind of destination has no HTTP status. */
  readonly httpStatus: number | null;
  /** What the destination said about its record; absent where it said nothing. */
  readonly receipt?: Receipt;
}

export interface Failed {
  readonly kind: "failed";
  readonly class: FailureClass;
  readonly code: FailureCode;
  /** null when no answer came. */
  readonly httpStatus: number | null;
  /** What the destination asked for, 0 to 24 h; null when it asked for nothing. */
  readonly retryAfterMs: number | null;
  /** A whole sentence without the final stop; it names the destination and becomes `error_message`. */
  readonly message: string;
  /** The destination has the lead, whatever the code says: what failed is a request after the one that brought it. */
  readonly perhapsArrived?: true;
}

export type Outcome = Delivered | Failed;

/** The parts of an answer that decide the outcome. */
export interface AnswerHead {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly location: string | null;
}

/** A failure without an answer from the destination; `message` must name the destination. */
export function failure(code: FailureCode, message: string): Failed {
  return { kind: "failed", class: failureClasses[code], code, httpStatus: null, retryAfterMs: null, message };
}

/** After these the destination may have the lead; after all others it was not sent, or refused (but see `perhapsArrived`). */
export const perhapsArrivedCodes = [
  "destination_timeout",
  "destination_connection_lost",
  "destination_error",
  "destination_bad_response",
  "destination_indeterminate",
  "delivery_interrupted",
  "delivery_unsettled",
] as const satisfies readonly FailureCode[];

/**
 * Whether it may be what is in this one lead: a firewall forbids it (403), or it is led to a page of errors. The second in
 * a row is not. An address that has moved for good (301, 308) has moved for all.
 */
export function mayConcernThisLeadAlone(outcome: Outcome): boolean {
  if (outcome.kind === "delivered") return false;
  const { code, httpStatus } = outcome;
  if (code === "destination_auth") return httpStatus === 403;
  return code === "destination_redirect" && httpStatus !== 301 && httpStatus !== 308;
}

/** It asks to be sent less, whoever asks. 425 (RFC 8470) speaks of the one request, too early to be judged. */
export function isThrottled({ code, httpStatus }: Failed): boolean {
  return code === "destination_throttled" && httpStatus !== 425;
}

/** The outcome that an HTTP answer means, by the contract's status classes. `nowMs` is for `Retry-After` dates. */
export function classifyStatus(destination: string, answer: AnswerHead, nowMs: number): Outcome {
  if (answer.status >= 200 && answer.status <= 299) return { kind: "delivered", httpStatus: answer.status };
  const code = codeOfStatus(answer.status);
  return {
    ...failure(code, `${answered(destination, answer.status)}${advice(code, answer)}`),
    httpStatus: answer.status,
    retryAfterMs: answer.retryAfter === null ? null : parseRetryAfter(answer.retryAfter, nowMs),
  };
}

/** How a sentence about an answer begins. */
export function answered(destination: string, status: number): string {
  return `${destination} answered ${named(status)}`;
}

/** The sentence for a destination that did not answer in time. */
export function timedOut(destination: string, timeoutMs: number): Failed {
  return failure("destination_timeout", `no answer from ${destination} within ${timeoutMs / 1_000} s`);
}

/** The sentence for an attempt that we ended ourselves; the destination may have the lead nevertheless. */
export function interrupted(destination: string): Failed {
  return failure(
    "delivery_interrupted",
    `the attempt to reach ${destination} was interrupted because LeadLedger is stopping`,
  );
}

function codeOfStatus(status: number): FailureCode {
  switch (status) {
    case 401:
    case 403:
    case 407:
      return "destination_auth";
    case 408:
      return "destination_timeout";
    case 425:
    case 429:
      return "destination_throttled";
    default:
      if (status >= 300 && status <= 399) return "destination_redirect";
      if (status >= 400 && status <= 499) return "destination_rejected";
      if (status >= 500 && status <= 599) return "destination_error";
      return "destination_bad_response";
  }
}

function named(status: number): string {
  const phrase = STATUS_CODES[status];
  return phrase === undefined ? `with status ${status}` : `${status} ${phrase}`;
}

const locationLengthMax = 200;

function advice(code: FailureCode, answer: AnswerHead): string {
  switch (code) {
    case "destination_auth":
      return ": the credentials need mending";
    case "destination_redirect":
      return `${target(answer.location)}: redirects are not followed, the URL needs mending`;
    case "destination_rejected":
      return ": it does not want this lead as it is";
    case "destination_bad_response":
      return ", which is no answer to a delivery";
    default:
      return "";
  }
}

function target(location: string | null): string {
  if (location === null) return "";
  // Many a receiver repeats the address that was called, with the key in it.
  const shown = shownAddress(location)
    .replace(/[^\x21-\x7e]/g, "?")
    .slice(0, locationLengthMax);
  return ` pointing to ${shown}`;
}
