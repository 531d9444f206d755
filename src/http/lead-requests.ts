// POST /webhook/lead and /webhook/lead/{source}: reads the body, asks intake, and answers as the contract says
// (docs/contract.md, HTTP). Works on node's own request and response, because most requests come here without a router.
import { validateHeaderName, validateHeaderValue } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { languageOf } from "../domain/errors/accept-language.ts";
import { errorCatalogue, isErrorCode } from "../domain/errors/error-catalogue.ts";
import type { ErrorCode } from "../domain/errors/error-catalogue.ts";
import type { IntakeResult } from "../domain/leads/lead.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { Intake, IntakeAnswer, WebhookRequest } from "../intake/intake.ts";
import type { RequestHeaders } from "../domain/sources/request-headers.ts";
import type { AddedHeaders, Answered, SourceAnswer } from "../kinds/sources/source-kind.ts";
import type { Texts } from "../domain/errors/explained.ts";
import type { SenderNotice } from "../domain/sources/sender-notice.ts";
import { clientAddressOf } from "./forwarded.ts";
import { warningOf } from "./problem.ts";
import type { ProblemExtras } from "./problem.ts";
import { knownCodings } from "../bodies/unpack-body.ts";
import { addressFor, directReach } from "./reach.ts";
import type { Reach } from "./reach.ts";
import type { ReadRequestBody } from "./request-body.ts";
import { createBeginningReader } from "./request-beginning.ts";
import { writeProblem } from "./send-problem.ts";

export interface LeadRequests {
  /** Answers one request. `sourceInPath`: as it stands in the path, decoded; null: the header X-Source names it. */
  receive(request: IncomingMessage, response: ServerResponse, sourceInPath: string | null): void;
  /** false: it is no handshake of the source that the path names, and nothing was answered. */
  handshake(request: IncomingMessage, response: ServerResponse, sourceInPath: string | null): boolean;
  /** The same for OPTIONS, by which a browser asks before a script may send a lead. */
  preflight(request: IncomingMessage, response: ServerResponse, sourceInPath: string | null): boolean;
  /** Whether somebody set up a source of this name. */
  isConfigured(sourceName: string): boolean;
}

const defaultSource = "unknown";
const sourceNameBytesMax = 255;
const pausedRetryAfterSeconds = 60;
const elsewhereRetryAfterSeconds = 60;

export function createLeadRequests(
  intake: Intake,
  readBody: ReadRequestBody,
  log: Log,
  reach: Reach = directReach,
): LeadRequests {
  const readBeginning = createBeginningReader();
  return {
    receive(request, response, sourceInPath) {
      const sourceName = sourceNameOf(sourceInPath, request.headers["x-source"]);
      const limitBytes = intake.bodyLimitBytes(sourceName ?? "");
      readBody(request, limitBytes, (error, body, begun) => {
        const url = request.url ?? "";
        if (sourceName === null) {
          refuse(request, response, null, { code: "source_name_invalid" });
        } else if (error !== null || body === undefined) {
          // The sender went away in the middle of the body: nobody reads this, and nothing was stored.
          refuse(request, response, sourceName, { code: "request_timeout" });
        } else if (body === "gave_way") {
          if (request.httpVersionMajor !== 2) response.setHeader("Connection", "close");
          refuseUnread(request, response, sourceName, { code: "request_timeout" });
        } else if (body === "too_large") {
          readBeginning(request, begun ?? [], (beginning) => {
            intake.keepTooLarge({
              ...leadRequest(request, sourceName, url, beginning.rawBody),
              ...beginning,
            });
          });
          refuseUnread(request, response, sourceName, tooLarge(limitBytes));
        } else {
          void answer(request, response, leadRequest(request, sourceName, url, body));
        }
      });
    },
    handshake(request, response, sourceInPath) {
      const sourceName = sourceNameOf(sourceInPath, request.headers["x-source"]);
      if (sourceName === null) return false;
      const asked = { sourceName, headers: request.headers, target: request.url ?? "" };
      const own = sendable(() => intake.handshake(asked));
      if (own !== null) {
        // A kind may also tell a person who opens the address in a browser that nothing is there to be read.
        if (own.status === 401 || own.status === 403)
          intake.noteRefused(sourceName, "credentials_wrong", handshakeReason(own));
        sendOwn(response, own);
      }
      return own !== null;
    },
    preflight(request, response, sourceInPath) {
      const sourceName = sourceNameOf(sourceInPath, request.headers["x-source"]);
      if (sourceName === null) return false;
      const asked = { sourceName, headers: request.headers, target: request.url ?? "" };
      const own = sendable(() => intake.preflight(asked));
      if (own !== null) sendOwn(response, own);
      return own !== null;
    },
    isConfigured: (sourceName) => intake.isConfigured(sourceName),
  };

  function leadRequest(
    request: IncomingMessage,
    sourceName: string,
    target: string,
    rawBody: Buffer,
  ): WebhookRequest {
    return {
      sourceName,
      headers: leadHeaders(request),
      rawBody,
      target,
      origin: () => addressFor({ headers: request.headers, raw: request }, reach),
      clientAddress: () => clientAddressOf(request, reach.isTrusted),
    };
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    lead: WebhookRequest,
  ): Promise<void> {
    let reply: Reply;
    try {
      reply = replyTo(await intake.receive(lead));
    } catch (error) {
      log("error", "request_failed", { code: "internal_error", method: "POST", error: errorText(error) });
      reply = { code: "internal_error" };
    }
    const own = sendable(() => intake.answerInstead(lead, () => answeredOf(reply)));
    const keptStatus = own !== null && !("body" in own) ? own.status : undefined;
    if (keptStatus !== undefined) send(request, response, { ...keptReply(reply), status: keptStatus }, null);
    else if ("code" in reply) refuse(request, response, lead.sourceName, reply, own);
    else if (own !== null && "body" in own) sendOwn(response, own);
    else send(request, response, reply, own);
  }

  /** A kind that fails to word its answer must not cost the sender the one that everyone gets. */
  function sendable<Own extends OwnAnswer>(word: () => Own): Own | null {
    try {
      const own = word();
      if (own !== null) requireSendable(own);
      return own;
    } catch (error) {
      log("error", "request_failed", { code: "internal_error", method: "POST", error: errorText(error) });
      return null;
    }
  }

  function refuseUnread(
    request: IncomingMessage,
    response: ServerResponse,
    sourceName: string,
    reply: Refusing,
  ): void {
    const unread = leadRequest(request, sourceName, request.url ?? "", Buffer.alloc(0));
    const own = sendable(() => intake.answerInstead(unread, () => answeredOf(reply)));
    refuse(request, response, sourceName, reply, own);
  }

  /** What was recorded as refused has an event and an entry of its own; everything else leaves its trace here. */
  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    sourceName: string | null,
    { code, extras, headers = {} }: Refusing,
    own: OwnAnswer = null,
  ): void {
    // A reason that is one text may repeat what the sender wrote.
    const reason = typeof extras?.reason === "string" ? undefined : extras?.reason;
    if (extras?.run_id === undefined) intake.noteRefused(sourceName, code, reason);
    if (own !== null && "body" in own) {
      sendOwn(response, own);
      return;
    }
    const added = { ...headers, ...own?.headers };
    for (const [name, value] of Object.entries(added)) response.setHeader(name, value);
    if (
      headers["Retry-After"] !== undefined &&
      sourceName !== null &&
      intake.retryAfterUnit(sourceName) === "ms"
    )
      response.setHeader("Retry-After", String(Number(headers["Retry-After"]) * 1_000));
    writeProblem(request, response, code, extras);
  }
}

/** The words are the kind's own. */
function handshakeReason({ status, body }: SourceAnswer): Texts {
  return {
    en: `The sender's system asked whether this address is yours, and was answered ${status}: ${body}`,
    de: `Das System des Absenders hat gefragt, ob diese Adresse Ihnen gehört, und bekam die Antwort ${status}: ${body}`,
  };
}

/**
 * The source that a request is from, by its path or the header X-Source; null: not usable as a name. Header bytes arrive
 * as latin1 and are read as UTF-8.
 */
export function sourceNameOf(
  sourceInPath: string | null,
  header: string | string[] | undefined,
): string | null {
  const named = Array.isArray(header) ? header.join(", ") : header;
  const name =
    sourceInPath ??
    (named === undefined ? defaultSource : Buffer.from(named, "latin1").toString("utf8").trim());
  if (/^[\x20-\x7e]{1,255}$/.test(name)) return name;
  const bytes = Buffer.byteLength(name);
  return bytes < 1 || bytes > sourceNameBytesMax || /[\p{Cc}\ufffd\p{Cs}]/u.test(name) ? null : name;
}

/** Node joins repeated headers with a comma; a key that has one itself must be told from two keys. */
function leadHeaders(request: IncomingMessage): RequestHeaders {
  const { headers } = request;
  const mayBeRepeated =
    mentionsComma(headers["idempotency-key"]) || mentionsComma(headers["x-idempotency-key"]);
  if (!mayBeRepeated) return headers;
  return request.httpVersionMajor === 2 ? distinctHeaders(request.rawHeaders) : request.headersDistinct;
}

/** Node has them apart for HTTP/1.1 alone. */
function distinctHeaders(rawHeaders: readonly string[]): Record<string, string[]> {
  const distinct: Record<string, string[]> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    (distinct[(rawHeaders[index] ?? "").toLowerCase()] ??= []).push(rawHeaders[index + 1] ?? "");
  }
  return distinct;
}

function mentionsComma(value: string | string[] | undefined): boolean {
  return value !== undefined && value.includes(", ");
}

interface Taking {
  readonly status: number;
  readonly text: string;
  readonly notice?: SenderNotice | undefined;
  readonly isDuplicate?: true;
}

/** What was kept and needs a person, as it is said among several leads. */
function keptReply(reply: Reply): Taking {
  if (!("code" in reply)) return reply;
  const { run_id: runId, dlq_id: dlqId } = reply.extras ?? {};
  const text = `{"status":"refused","run_id":"${runId}","dlq_id":${dlqId ?? null},"code":"${reply.code}"}`;
  return { status: errorCatalogue[reply.code].status, text };
}

interface Refusing {
  readonly code: ErrorCode;
  readonly extras?: ProblemExtras;
  readonly headers?: Readonly<Record<string, string>>;
}

type Reply = Taking | Refusing;

type OwnAnswer = SourceAnswer | AddedHeaders | null;

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text, notice }: Taking,
  added: AddedHeaders | null,
): void {
  if (added !== null)
    for (const [name, value] of Object.entries(added.headers)) response.setHeader(name, value);
  if (notice !== undefined) {
    const warning = warningOf(notice, languageOf(request.headers["accept-language"]));
    const body = `${text.slice(0, -1)},"warning":${JSON.stringify(warning)}}`;
    response
      .writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) })
      .end(body);
    return;
  }
  response
    .writeHead(status, { "Content-Type": "application/json", "Content-Length": text.length })
    .end(text, "latin1");
}

/** Throws what node would throw in the middle of sending it. */
function requireSendable(own: SourceAnswer | AddedHeaders): void {
  const { status = 200 } = own;
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`no status: ${status}`);
  for (const [name, value] of Object.entries(own.headers ?? {})) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
}

function sendOwn(response: ServerResponse, { status, headers = {}, body }: SourceAnswer): void {
  response.writeHead(status, { ...headers, "Content-Length": Buffer.byteLength(body) }).end(body);
}

function answeredOf(reply: Reply): Answered {
  if (!("code" in reply)) {
    const outcome = reply.isDuplicate === true ? "duplicate" : "taken";
    return { outcome, status: reply.status, code: null, retryAfterSeconds: null };
  }
  const { code, extras, headers } = reply;
  const { status } = errorCatalogue[code];
  const seconds = headers?.["Retry-After"];
  const retryAfterSeconds = seconds === undefined ? null : Number(seconds);
  if (extras?.run_id !== undefined) return { outcome: "refused", status, code, retryAfterSeconds };
  const outcome = status === 429 || status >= 500 ? "later" : "turned_away";
  return { outcome, status, code, retryAfterSeconds };
}

function replyTo(answer: IntakeAnswer): Reply {
  switch (answer.kind) {
    case "recorded":
      return replyToResults(answer);
    case "denied":
      return {
        code: answer.code,
        extras: {
          reason: answer.reason,
          ...(answer.quarantineId === null ? {} : { quarantine_id: answer.quarantineId }),
        },
        headers: { "WWW-Authenticate": "Bearer" },
      };
    case "set_aside":
      return { status: 202, text: `{"status":"accepted","run_id":"${answer.quarantineId}"}` };
    case "too_large":
      return answer.isPacked === true
        ? { code: "body_too_large", extras: { reason: unpackedLimit(answer.limitBytes) } }
        : tooLarge(answer.limitBytes);
    case "content_coding_broken":
      return { code: "content_coding_broken", extras: { reason: codingReason(answer.coding) } };
    case "media_type_unsupported":
      return { code: "media_type_unsupported" };
    case "content_coding_unsupported":
      // RFC 9110 section 15.5.16: the header says what would have been taken.
      return {
        code: "content_coding_unsupported",
        extras: { reason: codingReason(answer.coding) },
        headers: { "Accept-Encoding": knownCodings },
      };
    case "key_missing":
      return { code: "idempotency_key_missing" };
    case "key_invalid":
      return { code: "idempotency_key_invalid", extras: { reason: answer.message } };
    case "rate_limited":
      return later("rate_limited", Math.ceil(answer.retryAfterMs / 1_000));
    case "paused":
      return later("source_paused", pausedRetryAfterSeconds);
    case "not_taken_here":
      return later("role_without_intake", elsewhereRetryAfterSeconds);
    case "overloaded":
      return later("intake_overloaded", Math.ceil(answer.retryAfterMs / 1_000));
    case "unavailable":
      return later("ledger_unavailable", Math.ceil(answer.retryAfterMs / 1_000));
  }
}

function unpackedLimit(limitBytes: number): Texts {
  return {
    en: `It is compressed; unpacked it may have at most ${limitBytes} bytes.`,
    de: `Die Daten sind komprimiert; entpackt dürfen es höchstens ${limitBytes} Bytes sein.`,
  };
}

function codingReason(coding: string): Texts {
  const shown = /^[a-z0-9._+-]{1,40}$/.test(coding) ? `"${coding}"` : `${coding.length}`;
  return shown.startsWith('"')
    ? { en: `Content-Encoding is ${shown}.`, de: `Content-Encoding ist ${shown}.` }
    : {
        en: `Content-Encoding has ${shown} characters and names no known coding.`,
        de: `Content-Encoding hat ${shown} Zeichen und nennt keine bekannte Kodierung.`,
      };
}

type RecordedAnswer = Extract<IntakeAnswer, { kind: "recorded" }>;

/** The texts of what went well are ASCII. */
function replyToResults(answer: RecordedAnswer): Reply {
  const { results, stored, notice } = answer;
  const [result, ...others] = results;
  if (result === undefined || others.length > 0) return replyToSeveral(answer);
  const where = whereOf(stored);
  const extras = stored === "spool" ? ({ stored } as const) : {};
  switch (result.kind) {
    case "accepted":
      return { status: 202, text: `{"status":"accepted","run_id":"${result.runId}"${where}}`, notice };
    case "duplicate":
      return {
        status: 200,
        isDuplicate: true,
        text: `{"status":"duplicate","run_id":"${result.runId}","existing_status":"${result.existingStatus}"${revisionOf(result)}${where}}`,
        notice,
      };
    case "revised":
      return {
        status: 202,
        text: `{"status":"accepted","run_id":"${result.runId}"${revisionOf(result)}${where}}`,
        notice,
      };
    case "refused": {
      const code = codeOf(result.errorCode);
      const { runId, dlqId, message } = result;
      return { code, extras: { run_id: runId, dlq_id: dlqId, reason: message, ...extras, notice } };
    }
    case "key_reused":
      return {
        code: "idempotency_key_reused",
        extras: { run_id: result.runId, dlq_id: result.dlqId, ...extras, notice },
      };
  }
}

/** What was refused of them is kept, like everything: the request as a whole is taken, and need not come again. */
function replyToSeveral({ results, stored, notice }: RecordedAnswer): Taking {
  const leads = results.map(leadReply).join(",");
  return {
    status: results.length === 0 ? 200 : 202,
    text: `{"status":"accepted","leads":[${leads}]${whereOf(stored)}}`,
    notice,
  };
}

function leadReply(result: IntakeResult): string {
  const { kind, runId } = result;
  switch (kind) {
    case "accepted":
      return `{"status":"accepted","run_id":"${runId}"}`;
    case "duplicate":
      return `{"status":"duplicate","run_id":"${runId}","existing_status":"${result.existingStatus}"${revisionOf(result)}}`;
    case "revised":
      return `{"status":"accepted","run_id":"${runId}"${revisionOf(result)}}`;
    case "refused":
    case "key_reused": {
      const code = kind === "refused" ? codeOf(result.errorCode) : "idempotency_key_reused";
      return `{"status":"refused","run_id":"${runId}","dlq_id":${result.dlqId},"code":"${code}"}`;
    }
  }
}

function revisionOf({ revision }: { readonly revision?: number }): string {
  return revision === undefined ? "" : `,"revision":${revision}`;
}

/** An entry's code may have been written by hand. */
function codeOf(code: string): ErrorCode {
  return isErrorCode(code) ? code : "json_malformed";
}

function whereOf(stored: RecordedAnswer["stored"]): string {
  return stored === "spool" ? ',"stored":"spool"' : "";
}

function tooLarge(limitBytes: number): Refusing {
  return { code: "body_too_large", extras: { reason: `at most ${limitBytes} bytes` } };
}

function later(code: ErrorCode, seconds: number): Refusing {
  return { code, headers: { "Retry-After": String(Math.max(1, seconds)) } };
}
