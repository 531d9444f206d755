// The sender of every kind that speaks HTTP: one request per attempt, whose end is put into words as an outcome.
import type { SendingDestination } from "../../domain/destinations/destination.ts";
import { outcomeOfAnswer } from "../../domain/destinations/answer-outcome.ts";
import { lookIntoBody } from "../../domain/destinations/answer-rules.ts";
import type { AnswerRule } from "../../domain/destinations/answer-rules.ts";
import { classifyStatus, interrupted, timedOut } from "../../domain/destinations/outcome.ts";
import type { Outcome } from "../../domain/destinations/outcome.ts";
import { answerText } from "../../outgoing/answer-text.ts";
import type { AnswerText } from "../../outgoing/answer-text.ts";
import type { Answer, ExchangeEnd } from "../../outgoing/exchange.ts";
import { openHttpClient } from "../../outgoing/http-client.ts";
import type { HttpReach, HttpRequest } from "../../outgoing/http-client.ts";
import { bodyExcerpt, bodyExcerptBytes, headerExcerpt, headerText } from "../../outgoing/response-excerpt.ts";
import { classifyTransportError } from "../../outgoing/transport-error.ts";
import type { SenderDeps } from "./destination-kind.ts";
import type { AccessTokens } from "./oauth2/access-tokens.ts";
import { bearerSender } from "./oauth2/bearer-sender.ts";
import { probeWith } from "./probe.ts";
import type { AttemptResult, DeliveryMessage, ResponseExcerpt, Sender } from "./sender.ts";

/** A destination whose kind has a field `url`; perhaps with rules of its own (`answerFields`). */
type HttpReceiver = SendingDestination &
  HttpReach & { readonly url: string; readonly success?: readonly AnswerRule[] | undefined };

export interface HttpSenderOptions {
  /** What the kind knows of the receiver's answers; the destination's own rules come before. */
  readonly answers?: readonly AnswerRule[];
  /** Every request bears one of them. */
  readonly tokens?: AccessTokens | undefined;
}

/** Throws TypeError when the URL cannot be parsed: configuration has seen to that before. */
export function httpSender<Of extends HttpReceiver>(
  destination: Of,
  deps: SenderDeps,
  requestOf: (destination: Of, message: DeliveryMessage, nowMs: number) => HttpRequest,
  { answers = [], tokens }: HttpSenderOptions = {},
): Sender {
  const rules = [...(destination.success ?? []), ...answers];
  const bodyDecides = lookIntoBody(rules);
  const client = openHttpClient(new URL(destination.url), { ...destination, bodyDecides }, deps);
  const request = (message: DeliveryMessage): HttpRequest => requestOf(destination, message, deps.nowMs());
  const result = ({ attempt }: DeliveryMessage, end: ExchangeEnd): AttemptResult =>
    resultOf({ destination, rules, bodyDecides, attempt, nowMs: deps.nowMs() }, end);
  if (tokens !== undefined) return bearerSender({ destination, client, request, result }, tokens);
  return {
    attempt: async (message, signal) => result(message, await client.request(request(message), signal)),
    probe: () => probeWith(destination, () => client.tryToConnect()),
    close: () => client.close(),
  };
}

/** By what an exchange is judged. */
interface Judged {
  readonly destination: HttpReceiver;
  readonly rules: readonly AnswerRule[];
  readonly bodyDecides: boolean;
  readonly attempt: number;
  readonly nowMs: number;
}

function resultOf(judged: Judged, end: ExchangeEnd): AttemptResult {
  const durationMs = Math.round(end.elapsedMs);
  if (end.kind !== "answered")
    return { outcome: unanswered(judged.destination, end), durationMs, response: null };
  const body = judged.bodyDecides ? answerText(end) : null;
  return { outcome: outcomeOf(judged, end, body), durationMs, response: excerptOf(end, body) };
}

function unanswered(destination: HttpReceiver, end: Exclude<ExchangeEnd, Answer>): Outcome {
  switch (end.kind) {
    case "timed_out":
      return timedOut(destination.name, destination.timeoutMs);
    case "interrupted":
      return interrupted(destination.name);
    case "failed":
      return classifyTransportError(end.error, destination);
  }
}

function outcomeOf(judged: Judged, answer: Answer, body: AnswerText | null): Outcome {
  const { destination, rules, attempt, nowMs } = judged;
  const header = (name: string): string | null => headerText(answer.headers, name);
  const { name } = destination;
  const { status } = answer;
  if (rules.length === 0)
    return classifyStatus(
      name,
      { status, retryAfter: header("retry-after"), location: header("location") },
      nowMs,
    );
  if (body !== null && answer.bodyEnd === "interrupted") return interrupted(name);
  return outcomeOfAnswer(rules, { status, header, body: body ?? unread }, { name, attempt, nowMs });
}

/** Where no rule looks into it. */
const unread: AnswerText = { kind: "whole", text: "" };

/** Fit to be kept and shown. */
export function excerptOf(answer: Answer, body: AnswerText | null): ResponseExcerpt {
  const { status, headers } = answer;
  // What comes with a redirect repeats the address that was called, in which a key may stand.
  const isRedirect = status >= 300 && status <= 399;
  const isPacked = body?.kind === "whole" && headers["content-encoding"] !== undefined;
  const kept = isPacked ? Buffer.from(body.text.slice(0, bodyExcerptBytes)) : answer.bodyStart;
  return { status, headers: headerExcerpt(headers), bodyExcerpt: isRedirect ? "" : bodyExcerpt(kept) };
}
