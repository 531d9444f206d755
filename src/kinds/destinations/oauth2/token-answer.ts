// What a token server's answer means (RFC 6749 sections 5.1 and 5.2): a token, or why there is none. Nothing of the answer
// is repeated but its error code: it may hold tokens or secrets.
import { classifyStatus, failure } from "../../../domain/destinations/outcome.ts";
import type { Failed, FailureCode } from "../../../domain/destinations/outcome.ts";
import { parseRetryAfter } from "../../../domain/destinations/retry-after.ts";
import { answerText } from "../../../outgoing/answer-text.ts";
import type { AnswerText } from "../../../outgoing/answer-text.ts";
import type { Answer } from "../../../outgoing/exchange.ts";
import { headerText } from "../../../outgoing/response-excerpt.ts";

export interface GrantedToken {
  readonly kind: "granted";
  readonly token: string;
  /** null: the server does not say. */
  readonly lifetimeMs: number | null;
  /** Takes the place of the one that was sent; absent: that stays. */
  readonly refreshToken?: string;
}

export interface TokenServer {
  /** How it is called in a sentence. */
  readonly name: string;
  /** What it was asked with, in a sentence; absent: client ID and secret. */
  readonly proof?: string;
}

export function readTokenAnswer(
  { name: server, proof = clientProof }: TokenServer,
  answer: Answer,
  nowMs: number,
): GrantedToken | Failed {
  const text = answerText(answer);
  const members = text.kind === "whole" ? membersOf(text.text) : null;
  const error = errorCode(members?.["error"]);
  const isSuccess = answer.status >= 200 && answer.status <= 299;
  if (error !== null) return refused({ name: server, proof }, answer, error, nowMs);
  if (!isSuccess) return withoutError(server, answer, nowMs);
  if (members === null) return failed(unreadable(server, text), answer, nowMs);
  const given = granted(server, members) ?? noToken(server);
  return given.kind === "granted" ? given : failed(given, answer, nowMs);
}

/** null: there is no token in it that could be sent. */
function granted(server: string, members: Members): GrantedToken | Failed | null {
  const { access_token: token, token_type: type, expires_in: seconds, refresh_token: next } = members;
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) return null;
  if (typeof type === "string" && !/^bearer/i.test(type))
    return failure("destination_configuration", `${server} gives tokens that are no bearer tokens`);
  // Some servers write the number as text.
  const lifetimeMs = seconds == null || seconds === "" ? NaN : Number(seconds) * 1_000;
  return {
    kind: "granted",
    token,
    lifetimeMs: Number.isFinite(lifetimeMs) ? lifetimeMs : null,
    ...(typeof next === "string" && next !== "" ? { refreshToken: next } : {}),
  };
}

/** RFC 6749 section 5.2, 4.1.2.1 and RFC 8707; what is not known is a matter of the status. */
const codeOfError: Readonly<Record<string, FailureCode>> = {
  invalid_client: "destination_auth",
  invalid_grant: "destination_auth",
  // Salesforce's and Zoho's own words; unsure.
  invalid_client_id: "destination_auth",
  invalid_code: "destination_auth",
  unauthorized_client: "destination_auth",
  access_denied: "destination_auth",
  invalid_request: "destination_configuration",
  invalid_scope: "destination_configuration",
  invalid_target: "destination_configuration",
  unsupported_grant_type: "destination_configuration",
  server_error: "destination_error",
  temporarily_unavailable: "destination_error",
  slow_down: "destination_throttled",
};

function refused(
  { name: server, proof }: Required<TokenServer>,
  answer: Answer,
  error: string,
  nowMs: number,
): Failed {
  // A server that is in trouble says so by its status, whatever else it says.
  const known = answer.status >= 500 || answer.status === 429 ? undefined : codeOfError[error];
  if (known === undefined) return withoutError(server, answer, nowMs);
  const what = known === "destination_auth" ? credentialsIn(error, proof) : "what is asked for";
  const sentence =
    known === "destination_auth" || known === "destination_configuration"
      ? `${server} refuses ${what} (${error})`
      : `${server} has no token at the moment (${error})`;
  return failed(failure(known, sentence), answer, nowMs);
}

/** Of client credentials there is no other grant than they themselves. */
function credentialsIn(error: string, proof: string): string {
  return error === "invalid_grant" && proof === clientProof ? `${proof}, or the refresh token` : proof;
}

const clientProof = "client ID and secret";

/** By its status alone; that it is no place to get tokens from at all is a mistake in the configuration. */
function withoutError(server: string, answer: Answer, nowMs: number): Failed {
  const outcome = classifyStatus(server, headOf(answer), nowMs);
  if (outcome.kind === "failed" && !/^destination_(?:rejected|redirect)$/.test(outcome.code)) return outcome;
  return failed(noToken(server, ` but status ${answer.status}`), answer, nowMs);
}

function noToken(server: string, instead = ""): Failed {
  return failure(
    "destination_configuration",
    `${server} gives no token${instead}: is its address the right one?`,
  );
}

/** A page in place of an answer is a wrong address; an answer that was cut off is not. */
function unreadable(server: string, text: AnswerText): Failed {
  return text.kind === "whole"
    ? noToken(server, " but something that is no JSON")
    : failure("destination_bad_response", `the answer of ${server} could not be read (${text.why})`);
}

function failed(outcome: Failed, answer: Answer, nowMs: number): Failed {
  const { retryAfter } = headOf(answer);
  return {
    ...outcome,
    httpStatus: answer.status,
    retryAfterMs: retryAfter === null ? null : parseRetryAfter(retryAfter, nowMs),
  };
}

function headOf({ status, headers }: Answer) {
  return { status, retryAfter: headerText(headers, "retry-after"), location: null };
}

type Members = Readonly<Record<string, unknown>>;

/** null: no JSON object. */
function membersOf(text: string): Members | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : null;
  } catch {
    return null;
  }
}

/** null: none, or something that is no code and could be anything. */
function errorCode(error: unknown): string | null {
  return typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? error : null;
}
