// What a kind of source is: how its requests prove where they come from, and what leads one of them brings.
import type { DeclaredSource } from "../../config/declared-kind.ts";
import type { Complete } from "./completion/complete.ts";
import type { VendorCheck } from "./completion/vendor-check.ts";
import { refuseReservedNames } from "../../config/reserved-names.ts";
import type { ErrorCode } from "../../domain/errors/error-catalogue.ts";
import type { Texts } from "../../domain/errors/explained.ts";
import type { LeadBody } from "../../domain/leads/lead-body.ts";
import type { Refusal } from "../../domain/leads/refusal.ts";
import type { RequestHeaders } from "../../domain/sources/request-headers.ts";
import type { SourceAuth } from "../../domain/sources/source.ts";
import type { Suspicion } from "../../domain/sources/suspicion.ts";
import type { RateLimit } from "../../domain/values/duration.ts";

export interface SourceKind extends DeclaredSource {
  /**
   * Whether the request comes from the source. Compares in constant time; any secret that is valid at `nowMs`
   * (milliseconds since 1970) will do. Never throws, whatever the request is.
   */
  authenticate(auth: SourceAuth, request: SourceRequest, nowMs: number): Authentication;
  /** false: a part of the body is enough to authenticate. */
  readonly signsBody: boolean;
  /**
   * What leads an authenticated request brings, in the order of the body. Absent: one, in whatever format leads come.
   * Never throws, whatever the bytes are.
   */
  readonly read?: ReadLeads;
  /**
   * The body without what is secret in it, before anything of it is read or kept; the same buffer where there is nothing.
   * Absent: nothing ever is.
   */
  readonly withoutSecrets?: (auth: SourceAuth, request: SourceRequest) => Buffer;
  /**
   * Why a person should look at an authenticated request before it becomes a lead: it is kept in the quarantine, and its
   * sender gets the answer of a lead that was taken. null: nothing speaks against it. Not asked of what a person releases.
   * Absent: never. Never throws, whatever the bytes are.
   */
  readonly screen?: (auth: SourceAuth, request: SourceRequest, visitor: Visitor) => Promise<Screened>;
  /**
   * What the sender's system wants to read instead of the answer that everyone gets, or headers beside that one; null:
   * that one alone. Absent: always that one. Whatever it says, what was taken stays taken.
   */
  readonly answer?: (
    auth: SourceAuth,
    answered: Answered,
    request: SourceRequest,
  ) => SourceAnswer | AddedHeaders | null;
  /**
   * The answer to OPTIONS, by which a browser asks whether a script may send a lead, made without the database; null: that
   * is no such question. Absent: none.
   */
  readonly preflight?: (auth: SourceAuth, request: HandshakeRequest) => SourceAnswer | null;
  /** The answer to a GET of the source's address, made without the database; null: that is no handshake of ours. Absent: none. */
  readonly handshake?: (auth: SourceAuth, request: HandshakeRequest, nowMs: number) => SourceAnswer | null;
  /**
   * Fetches what leads say that came as ids, after they were taken (`completes` says of which sources). Absent: leads of this
   * kind are whole.
   */
  readonly complete?: Complete;
  /**
   * Asks the vendor whether leads will come and can be fetched, before the first one does. Absent: there is nobody to ask.
   */
  readonly vendorCheck?: VendorCheck;
  /**
   * By which id the sender knows its request, outside the body, where it sends no Idempotency-Key; null: by none. Of kinds
   * that read their bodies themselves `SourceLead.key` says it.
   */
  readonly idOfRequest?: (auth: SourceAuth, request: SourceRequest) => string | null;
  /** In which unit the sender reads Retry-After; absent: in seconds, as HTTP has it. */
  readonly retryAfterUnit?: "ms";
}

/** Declares a kind. Throws where a field has a reserved name. */
export function sourceKind(declared: SourceKind): SourceKind {
  refuseReservedNames("source", declared);
  const declaration: SourceKind =
    declared.vendorCheck === undefined ? declared : { ...declared, hasVendorCheck: true };
  const { success } = declaration;
  const body = success?.body ?? null;
  return success === undefined || body === null || declaration.answer !== undefined
    ? declaration
    : { ...declaration, answer: (_auth, answered) => successAnswer(success.status, body, answered) };
}

/** Also for what is kept as unreadable: a resend would bring nothing that is not here. null: nothing of it was kept. */
function successAnswer(status: number, body: string, { outcome }: Answered): SourceAnswer | null {
  if (outcome === "turned_away" || outcome === "later") return null;
  const type = body.startsWith("{") ? "application/json" : "text/plain; charset=utf-8";
  return { status, headers: { "Content-Type": type }, body };
}

export interface SourceRequest {
  readonly headers: RequestHeaders;
  /** Empty where the request was turned away unread. */
  readonly rawBody: Buffer;
  /** Path and query as they were requested, `/webhook/lead/website?…`: may hold a token. "": not known any more. */
  readonly target: string;
  /**
   * What stands before `target` in the address that the sender called, as the outside knows it: `https://example.com/leads`.
   * null, or absent: not known.
   */
  readonly origin?: () => string | null;
}

/** A request that is asked whether this address is really ours, before its sender sends any lead. */
export type HandshakeRequest = Omit<SourceRequest, "rawBody">;

/** What the sender of a request gets to read. */
export interface SourceAnswer {
  readonly status: number;
  /** Content-Length is made. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** For the answer that everyone gets. */
export interface AddedHeaders {
  readonly headers: Readonly<Record<string, string>>;
  /** In place of the usual one, for what was kept: `success` with the usual text. */
  readonly status?: number;
}

/** `far_over`: the request has to come again later, and nothing of it is kept. */
export type Screened = Suspicion | "far_over" | null;

/** Who sent a request, as far as a kind may know. */
export interface Visitor {
  /**
   * Counts the request for its address of the network, on this node; `within`, too, where the address is not known because
   * a proxy that is not trusted stands before it.
   */
  take(limit: RateLimit): AddressTake;
}

/** `far_over`: more than twice the limit. */
export type AddressTake = "within" | "over" | "far_over";

/** How a request was answered, as far as its sender's kind may want other words for it. */
export interface Answered {
  /** `turned_away`: nothing of it was taken; `later`: it has to come again. */
  readonly outcome: "taken" | "duplicate" | "refused" | "turned_away" | "later";
  readonly status: number;
  /** Why it was not taken; null: it was. */
  readonly code: ErrorCode | null;
  /** After which it may come again; null: nobody knows. */
  readonly retryAfterSeconds: number | null;
}

export type AuthenticationFailure =
  "credentials_missing" | "credentials_wrong" | "timestamp_missing" | "timestamp_invalid" | "timestamp_stale";

export type Authentication =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: AuthenticationFailure;
      /** What was looked for, and what was there; without any value that may be secret. */
      readonly reason: Texts;
      /** Made longer ago than is tolerated: somebody may have recorded it. It is never kept. Absent: it was not. */
      readonly mayBeReplay?: true;
    };

export const authenticated: Authentication = { ok: true };

export function notAuthenticated(
  code: AuthenticationFailure,
  reason: Texts,
  mayBeReplay = false,
): Authentication {
  return mayBeReplay ? { ok: false, code, reason, mayBeReplay } : { ok: false, code, reason };
}

type ReadLeads = (auth: SourceAuth, request: SourceRequest) => LeadsRead | Promise<LeadsRead>;

export type LeadsRead =
  /** Empty: a sign of life, which is answered as success. */
  | {
      readonly kind: "leads";
      readonly leads: readonly SourceLead[];
      /** What is no lead, and still for a person to see. */
      readonly setAside?: readonly SetAside[];
    }
  /** Nothing in the request can be read; it is kept as a whole. */
  | Refusal
  | { readonly kind: "media_type_unsupported" };

/** A part of a request that goes into the quarantine under this code. */
export interface SetAside {
  readonly code: "erasure_requested";
  readonly bytes: Buffer;
}

/** One lead of a request. */
export interface SourceLead {
  /** A refusal: this one cannot be read, and is kept beside the others. */
  readonly body: LeadBody | Refusal;
  /** What of the request is this lead, as it was sent: kept where `body` is a refusal. */
  readonly bytes: Buffer;
  /** By which the sender knows it, so that a resend is recognised; null: the source's rule finds a key. */
  readonly key: string | null;
  /** Its sender's system marks it as a test: delivered, never counted. */
  readonly test?: true;
}
