// Intake: one webhook request in, one answer out. Authenticates the source, reads the body, finds the key, and hands
// the lead to the ledger; the answer comes only after the commit.
import type { ErrorCode } from "../domain/errors/error-catalogue.ts";
import type { IntakeResult } from "../domain/leads/lead.ts";
import type { Log } from "../domain/node/log.ts";
import type { Texts } from "../domain/errors/explained.ts";
import { quarantinedBytesMax } from "../domain/attention/quarantine.ts";
import { defaultBodyLimitBytes } from "../domain/sources/source.ts";
import { senderNotice } from "../domain/sources/sender-notice.ts";
import type { SenderNotice } from "../domain/sources/sender-notice.ts";
import type { Source } from "../domain/sources/source.ts";
import type { AddressLimits } from "./address-limits.ts";
import type { ContentHash } from "./content-hash.ts";
import type { PersonIndex } from "./person-index.ts";
import type { Quarantine } from "./quarantine.ts";
import type { RateLimiter } from "../domain/sources/rate-limiter.ts";
import { readRequest } from "./read-request.ts";
import { keepParts, turnedAway, unpackedOf } from "./turned-away.ts";
import type { Unpacked } from "../bodies/unpack-body.ts";
import type { LeadRecorder, NotRecorded, RecordableArrival, Recorded } from "./record-lead.ts";
import type {
  AddedHeaders,
  Answered,
  AuthenticationFailure,
  HandshakeRequest,
  SourceAnswer,
  SourceRequest,
  Visitor,
} from "../kinds/sources/source-kind.ts";
import { singleHeader } from "../domain/sources/request-headers.ts";
import type { KnownSource, SourceDirectory } from "./source-directory.ts";

export interface WebhookRequest extends SourceRequest {
  readonly sourceName: string;
  /** IP address of whoever sent it; null: not known. Asked of few. */
  readonly clientAddress: () => string | null;
}

export interface WebhookHandshake extends HandshakeRequest {
  readonly sourceName: string;
}

export type IntakeAnswer =
  | {
      readonly kind: "recorded";
      /** Of each lead, in the order of the body; empty: a sign of life, of which nothing is stored. */
      readonly results: readonly IntakeResult[];
      readonly stored: "ledger" | "spool";
      /** What the sender should be corrected for nevertheless. */
      readonly notice?: SenderNotice;
    }
  | {
      readonly kind: "denied";
      readonly code: "source_unknown" | AuthenticationFailure;
      readonly reason: Texts;
      /** Under which it was kept aside; null: it was not. */
      readonly quarantineId: string | null;
    }
  /** It looks like spam and waits in the quarantine; its sender is answered as if it were a lead. */
  | { readonly kind: "set_aside"; readonly quarantineId: string }
  /** `isPacked`: only unpacked. */
  | { readonly kind: "too_large"; readonly limitBytes: number; readonly isPacked?: true }
  | { readonly kind: "content_coding_broken"; readonly coding: string }
  | { readonly kind: "media_type_unsupported" }
  | { readonly kind: "content_coding_unsupported"; readonly coding: string }
  | { readonly kind: "key_missing" }
  | { readonly kind: "key_invalid"; readonly message: string }
  | { readonly kind: "rate_limited"; readonly retryAfterMs: number }
  | { readonly kind: "paused" }
  /** This node was started without the role of intake. */
  | { readonly kind: "not_taken_here" }
  | NotRecorded;

export interface Intake {
  /** The largest body that the source may send, in bytes; the default where there is no such source. */
  bodyLimitBytes(sourceName: string): number;
  /** Never throws for what a sender does; what needs no database is answered at once. */
  receive(request: WebhookRequest): IntakeAnswer | Promise<IntakeAnswer>;
  /** What the source's kind answers a request in place of what everyone gets; null: nothing else. */
  answerInstead(request: WebhookRequest, answered: () => Answered): SourceAnswer | AddedHeaders | null;
  /** Answers a browser that asks whether a script may send leads; null: nobody here has anything to say to it. */
  preflight(request: WebhookHandshake): SourceAnswer | null;
  /** Answers a question whether this address is ours; null: nobody here has anything to say to it. */
  handshake(request: WebhookHandshake): SourceAnswer | null;
  /** Whether somebody set up a source of this name; under open intake others are taken as well. */
  isConfigured(sourceName: string): boolean;
  /** In which unit the source's sender reads Retry-After. */
  retryAfterUnit(sourceName: string): "s" | "ms";
  /** Keeps aside, as far as there is room, what was turned away as `too_large` by whoever read it. */
  keepTooLarge(request: TooLargeRequest): void;
  /**
   * Counts a request that was turned away, whoever answered it: no lead may be lost without a trace. null: it does not
   * say, in a way that can be a name, which source it is from.
   */
  readonly noteRefused: NoteRefused;
}

export interface IntakeDeps {
  readonly sources: SourceDirectory;
  readonly recorder: LeadRecorder;
  readonly persons: PersonIndex;
  readonly contentHash: ContentHash;
  readonly rateLimiter: RateLimiter;
  readonly addressLimits: AddressLimits;
  /** Database time in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Called for every request that was turned away, so that it is counted and audited. */
  readonly onDenied: NoteRefused;
  /** Called for every lead that was taken although its sender should be corrected. */
  readonly onNotice: (sourceName: string, notice: SenderNotice) => void;
  /** Keeps aside what was turned away; absent: nothing is kept. */
  readonly quarantine?: Pick<Quarantine, "keep" | "keepNow">;
  readonly log: Log;
}

/** Its body was read to the kept part of it and no further. */
export interface TooLargeRequest extends WebhookRequest {
  /** false: `rawBody` is only its beginning. */
  readonly isWhole: boolean;
  /** null: not known. */
  readonly sizeBytes: number | null;
}

/** `reason`: what was looked for and what was there; never a value that may be secret. */
export type NoteRefused = (sourceName: string | null, code: ErrorCode, reason?: Texts) => void;

export function createIntake(deps: IntakeDeps): Intake {
  const { sources, recorder, rateLimiter, nowMs } = deps;

  function receive(request: WebhookRequest): IntakeAnswer | Promise<IntakeAnswer> {
    const known = sources.find(request.sourceName);
    if (known === null) {
      const reason = sourceReason(request);
      return { kind: "denied", code: "source_unknown", reason, quarantineId: null };
    }
    const { source, kind } = known;
    if (kind === null) return { kind: "not_taken_here" };
    if (request.rawBody.length > source.bodyLimitBytes) {
      keepTooLarge({ ...request, isWhole: true, sizeBytes: request.rawBody.length });
      return { kind: "too_large", limitBytes: source.bodyLimitBytes };
    }
    const receivedAtMs = nowMs();
    const authentication = kind.authenticate(source.auth, request, receivedAtMs);
    if (!authentication.ok && !isProvenUnpacked(known, request, receivedAtMs)) {
      const { code, reason, mayBeReplay = false } = authentication;
      const quarantineId = mayBeReplay ? null : keepUnproven(request, known, receivedAtMs, code);
      return { kind: "denied", code, reason, quarantineId };
    }
    if (source.paused === "refuse") return { kind: "paused" };
    if (source.rateLimit !== null) {
      const taken = rateLimiter.take(source.name, source.rateLimit);
      if (!taken.ok) return { kind: "rate_limited", retryAfterMs: taken.retryAfterMs };
    }
    return record(known, request, receivedAtMs);
  }

  async function record(
    known: KnownSource,
    request: WebhookRequest,
    receivedAtMs: number,
  ): Promise<IntakeAnswer> {
    const { source } = known;
    const unpacked = unpackedOf(request, source);
    if (unpacked !== null && unpacked.kind !== "unpacked") {
      const { code, answer } = notUnpacked(unpacked, source);
      keepUnusable(request, known, receivedAtMs, code);
      return answer;
    }
    const readable =
      unpacked === null
        ? request
        : {
            ...request,
            rawBody: unpacked.body,
            packed: { bytes: request.rawBody, coding: unpacked.coding },
          };
    if (known.kind?.screen !== undefined) {
      const aside = await setAside(known, request, readable, receivedAtMs);
      if (aside !== null) return aside;
    }
    const reading = readRequest(known, readable, receivedAtMs, deps);
    const read = reading instanceof Promise ? await reading : reading;
    switch (read.kind) {
      case "media_type_unsupported":
        keepUnusable(request, known, receivedAtMs, "media_type_unsupported");
        return read;
      case "key_missing":
        keepUnusable(request, known, receivedAtMs, "idempotency_key_missing");
        return read;
      case "key_invalid":
        keepUnusable(request, known, receivedAtMs, "idempotency_key_invalid");
        return read;
      case "arrivals":
        break;
    }
    const recorded = await recordArrivals(read.arrivals);
    if (read.setAside !== undefined && recorded.kind === "recorded") {
      const isKept = await keepParts(deps, source, request, receivedAtMs, read.setAside);
      // Its sender comes again with all of it, and what of it are leads is known by then.
      if (!isKept) return { kind: "unavailable", retryAfterMs: notKeptRetryAfterMs };
    }
    logRecorded(read.arrivals, recorded);
    if (read.readAs === undefined || recorded.kind !== "recorded") return recorded;
    const notice = senderNotice(read.readAs, singleHeader(request.headers["content-type"]));
    deps.onNotice(source.name, notice);
    return { ...recorded, notice };
  }

  function recordArrivals(arrivals: readonly RecordableArrival[]): Promise<Recorded> | Recorded {
    const [first] = arrivals;
    if (first === undefined) return { kind: "recorded", results: [], stored: "ledger" };
    return arrivals.length === 1
      ? recorder.record(first.arrival, first.keepInstead)
      : recorder.recordSeveral(arrivals);
  }

  /**
   * A signature is over what was sent; but where a proxy or a library packs what a program has signed, it is over what
   * comes out. Either way it was made by somebody who knows the secret.
   */
  function isProvenUnpacked(
    { source, kind }: KnownSource,
    request: WebhookRequest,
    receivedAtMs: number,
  ): boolean {
    if (kind?.signsBody !== true) return false;
    const unpacked = unpackedOf(request, source);
    return (
      unpacked?.kind === "unpacked" &&
      kind.authenticate(source.auth, { ...request, rawBody: unpacked.body }, receivedAtMs).ok
    );
  }

  /** null: it is a lead. What the quarantine cannot keep whole is one in doubt. */
  async function setAside(
    known: KnownSource,
    request: WebhookRequest,
    readable: SourceRequest,
    receivedAtMs: number,
  ): Promise<IntakeAnswer | null> {
    const { source, kind } = known;
    const screened = await kind?.screen?.(source.auth, readable, visitorOf(source, request));
    if (screened === undefined || screened === null || deps.quarantine === undefined) return null;
    const busy = { kind: "rate_limited", retryAfterMs: farOverRetryAfterMs } as const;
    if (screened === "far_over") return busy;
    const doubtful = turnedAway(known, request, { receivedAtMs, errorCode: screened, authenticated: false });
    if (doubtful.body.length > quarantinedBytesMax) return null;
    const kept = await deps.quarantine.keepNow(doubtful);
    if (kept.kind === "no_room") return busy;
    // The spool takes leads alone.
    if (kept.kind === "not_written") return null;
    const { quarantineId } = kept;
    deps.log("debug", "lead_set_aside", { source: source.name, code: screened, quarantine_id: quarantineId });
    return { kind: "set_aside", quarantineId };
  }

  function visitorOf(source: Source, request: WebhookRequest): Visitor {
    return {
      take(limit) {
        const address = request.clientAddress();
        return address === null ? "within" : deps.addressLimits.take(source.name, address, limit);
      },
    };
  }

  /** What had valid credentials and nothing else that a lead needs. */
  function keepUnusable(
    request: WebhookRequest,
    known: KnownSource,
    receivedAtMs: number,
    errorCode: ErrorCode,
  ): void {
    deps.quarantine?.keep(turnedAway(known, request, { receivedAtMs, errorCode, authenticated: true }));
  }

  function keepUnproven(
    request: WebhookRequest,
    known: KnownSource,
    receivedAtMs: number,
    errorCode: ErrorCode,
  ): string | null {
    if (known.source.onBadCredentials !== "quarantine" || deps.quarantine === undefined) return null;
    return deps.quarantine.keep(
      turnedAway(known, request, { receivedAtMs, errorCode, authenticated: false }),
    );
  }

  /** A signature is over the whole body: without it, nobody knows whose this is. */
  function keepTooLarge(request: TooLargeRequest): void {
    const known = sources.find(request.sourceName);
    if (known === null || known.kind === null) return;
    const { source, kind } = known;
    const { isWhole, sizeBytes } = request;
    const receivedAtMs = nowMs();
    const isProvable = isWhole || !kind.signsBody;
    const proof = isProvable ? kind.authenticate(source.auth, request, receivedAtMs) : null;
    const authenticated = proof?.ok === true;
    const mayBeReplay = proof?.ok === false && proof.mayBeReplay === true;
    if (!authenticated && (source.onBadCredentials !== "quarantine" || mayBeReplay)) return;
    const errorCode = "body_too_large";
    const kept = turnedAway(known, request, { receivedAtMs, errorCode, authenticated });
    deps.quarantine?.keep({ ...kept, isWhole, sizeBytes });
  }

  function logRecorded(arrivals: readonly RecordableArrival[], answer: IntakeAnswer): void {
    if (answer.kind !== "recorded") return;
    for (const [place, { kind, runId }] of answer.results.entries())
      deps.log("debug", eventNames[kind], { source: arrivals[place]?.arrival.source, run_id: runId });
  }

  return {
    receive,
    keepTooLarge,
    answerInstead(request, answered) {
      const known = sources.find(request.sourceName);
      const kind = known?.kind ?? null;
      const status = kind?.success?.body === null ? kind.success.status : null;
      if (known === null || (kind?.answer === undefined && status === null)) return null;
      const said = answered();
      const own = kind?.answer?.(known.source.auth, said, request) ?? null;
      return own ?? (status !== null && keptOutcomes.includes(said.outcome) ? { headers: {}, status } : null);
    },
    preflight(request) {
      const known = sources.find(request.sourceName);
      return known?.kind?.preflight?.(known.source.auth, request) ?? null;
    },
    handshake(request) {
      const known = sources.find(request.sourceName);
      return known?.kind?.handshake?.(known.source.auth, request, nowMs()) ?? null;
    },
    isConfigured: (sourceName) => sources.isConfigured(sourceName),
    retryAfterUnit: (sourceName) => sources.find(sourceName)?.kind?.retryAfterUnit ?? "s",
    noteRefused: deps.onDenied,
    bodyLimitBytes: (sourceName) => sources.find(sourceName)?.source.bodyLimitBytes ?? defaultBodyLimitBytes,
  };
}

const farOverRetryAfterMs = 600_000;
const notKeptRetryAfterMs = 15_000;

const keptOutcomes: readonly Answered["outcome"][] = ["taken", "duplicate", "refused"];

const eventNames = {
  accepted: "lead_received",
  duplicate: "duplicate_received",
  refused: "lead_rejected",
  key_reused: "idempotency_key_reused",
  revised: "lead_revised",
} as const;

/** Where the source's name was looked for. */
function sourceReason({ headers }: WebhookRequest): Texts {
  const others = ["Source", "X-Source-Name", "X-Lead-Source", "X-Webhook-Source", "X-Source-Id"].filter(
    (name) => headers[name.toLowerCase()] !== undefined,
  );
  const isNamed = headers["x-source"] !== undefined;
  return {
    en: `Looked for: the source's name in the path (/webhook/lead/<source>), then X-Source, which was ${isNamed ? "" : "not "}there.${others.length === 0 ? "" : ` There, but not looked at: ${others.join(", ")}.`}`,
    de: `Gesucht: der Name der Quelle im Pfad (/webhook/lead/<Quelle>), dann X-Source; X-Source war ${isNamed ? "" : "nicht "}da.${others.length === 0 ? "" : ` Da, aber nicht beachtet: ${others.join(", ")}.`}`,
  };
}

function notUnpacked(
  unpacked: Exclude<Unpacked, { kind: "unpacked" }>,
  { bodyLimitBytes }: Source,
): { readonly code: ErrorCode; readonly answer: IntakeAnswer } {
  switch (unpacked.kind) {
    case "unsupported": {
      const { coding } = unpacked;
      return { code: "content_coding_unsupported", answer: { kind: "content_coding_unsupported", coding } };
    }
    case "broken": {
      const { coding } = unpacked;
      return { code: "content_coding_broken", answer: { kind: "content_coding_broken", coding } };
    }
    case "too_large":
      return {
        code: "body_too_large",
        answer: { kind: "too_large", limitBytes: bodyLimitBytes, isPacked: true },
      };
  }
}
