// The sender of every kind that speaks HTTP: one request per attempt, whose end is put into words as an outcome.
import type { SendingDestination } from "../../domain/destinations/destination.ts";
import { classifyStatus, interrupted, timedOut } from "../../domain/destinations/outcome.ts";
import type { Outcome } from "../../domain/destinations/outcome.ts";
import type { Answer, ExchangeEnd } from "../../outgoing/exchange.ts";
import { openHttpClient } from "../../outgoing/http-client.ts";
import type { HttpReach, HttpRequest } from "../../outgoing/http-client.ts";
import { bodyExcerpt, headerExcerpt, headerText } from "../../outgoing/response-excerpt.ts";
import { classifyTransportError } from "../../outgoing/transport-error.ts";
import type { SenderDeps } from "./destination-kind.ts";
import { probeWith } from "./probe.ts";
import type { AttemptResult, DeliveryMessage, ResponseExcerpt, Sender } from "./sender.ts";

/** A destination whose kind has a field `url`. */
type HttpReceiver = SendingDestination & HttpReach & { readonly url: string };

/** Throws TypeError when the URL cannot be parsed: configuration has seen to that before. */
export function httpSender<Of extends HttpReceiver>(
  destination: Of,
  deps: SenderDeps,
  requestOf: (destination: Of, message: DeliveryMessage, nowMs: number) => HttpRequest,
): Sender {
  const client = openHttpClient(new URL(destination.url), destination, deps);
  return {
    async attempt(message, signal): Promise<AttemptResult> {
      const request = requestOf(destination, message, deps.nowMs());
      const end = await client.request(request, signal);
      return resultOf(destination, end, deps.nowMs());
    },
    probe: () => probeWith(destination, () => client.tryToConnect()),
    close: () => client.close(),
  };
}

function resultOf(destination: HttpReceiver, end: ExchangeEnd, nowMs: number): AttemptResult {
  return {
    outcome: outcomeOf(destination, end, nowMs),
    durationMs: Math.round(end.elapsedMs),
    response: end.kind === "answered" ? excerptOf(end) : null,
  };
}

function outcomeOf(destination: HttpReceiver, end: ExchangeEnd, nowMs: number): Outcome {
  switch (end.kind) {
    case "answered": {
      const retryAfter = headerText(end.headers, "retry-after");
      const location = headerText(end.headers, "location");
      return classifyStatus(destination.name, { status: end.status, retryAfter, location }, nowMs);
    }
    case "timed_out":
      return timedOut(destination.name, destination.timeoutMs);
    case "interrupted":
      return interrupted(destination.name);
    case "failed":
      return classifyTransportError(end.error, destination);
  }
}

function excerptOf(answer: Answer): ResponseExcerpt {
  return {
    status: answer.status,
    headers: headerExcerpt(answer.headers),
    bodyExcerpt: bodyExcerpt(answer.bodyStart),
  };
}
