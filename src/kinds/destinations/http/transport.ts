// Delivers leads to a destination of kind `http`: one POST per attempt (docs/contract.md, Outgoing requests).
import { classifyStatus, interrupted, timedOut } from "../../../domain/destinations/outcome.ts";
import type { Outcome } from "../../../domain/destinations/outcome.ts";
import type { Answer, ExchangeEnd } from "../../../outgoing/exchange.ts";
import { openHttpClient } from "../../../outgoing/http-client.ts";
import { bodyExcerpt, headerExcerpt, headerText } from "../../../outgoing/response-excerpt.ts";
import { classifyTransportError } from "../../../outgoing/transport-error.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { probeWith } from "../probe.ts";
import type { AttemptResult, DeliveryMessage, ResponseExcerpt, Sender, ShownRequest } from "../sender.ts";
import type { HttpDestination } from "./fields.ts";
import { deliveryRequest, showRequest } from "./request.ts";

/** Throws TypeError when the URL cannot be parsed: configuration has seen to that before. */
export function open(destination: HttpDestination, deps: SenderDeps): Sender {
  const client = openHttpClient(new URL(destination.url), destination, deps);
  return {
    async attempt(message: DeliveryMessage, signal: AbortSignal): Promise<AttemptResult> {
      const request = deliveryRequest(destination, message, deps.nowMs());
      const end = await client.request(request, signal);
      return resultOf(destination, end, deps.nowMs());
    },
    probe: () => probeWith(destination, () => client.tryToConnect()),
    close: () => client.close(),
  };
}

export function preview(destination: HttpDestination, message: DeliveryMessage, nowMs: number): ShownRequest {
  return showRequest(deliveryRequest(destination, message, nowMs), destination);
}

function resultOf(destination: HttpDestination, end: ExchangeEnd, nowMs: number): AttemptResult {
  return {
    outcome: outcomeOf(destination, end, nowMs),
    durationMs: Math.round(end.elapsedMs),
    response: end.kind === "answered" ? excerptOf(end) : null,
  };
}

function outcomeOf(destination: HttpDestination, end: ExchangeEnd, nowMs: number): Outcome {
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
