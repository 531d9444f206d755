// The sender of kinds that post into a chat, which takes every repeat for a new message: one that may stand there twice is
// marked.
import type { AnswerRule } from "../../domain/destinations/answer-rules.ts";
import { deliveryId } from "../../domain/destinations/delivery-message.ts";
import type { SendingDestination } from "../../domain/destinations/destination.ts";
import { failure } from "../../domain/destinations/outcome.ts";
import type { Failed, Outcome } from "../../domain/destinations/outcome.ts";
import type { HttpReach, HttpRequest } from "../../outgoing/http-client.ts";
import type { SenderDeps } from "./destination-kind.ts";
import type { Language } from "../../domain/errors/error-catalogue-entry.ts";
import { httpSender } from "./http-sender.ts";
import { chatMessage } from "./chat-message.ts";
import type { ChatMessage } from "./chat-message.ts";
import { rememberRepeats } from "./repeats.ts";
import type { DeliveryMessage, Sender } from "./sender.ts";
import { noSurroundings } from "./surroundings.ts";
import type { Surroundings } from "./surroundings.ts";

export type ChatDestination = SendingDestination &
  HttpReach & {
    readonly url: string;
    readonly language: Language;
    readonly success?: readonly AnswerRule[] | undefined;
  };

export interface Chat {
  /** The body of the request, JSON. */
  readonly bodyOf: (message: ChatMessage) => string;
  /** Larger ones are not sent. */
  readonly bodyBytesMax: number;
  /** What the service's answers mean. */
  readonly answers: readonly AnswerRule[];
}

export function chatSender(destination: ChatDestination, chat: Chat, deps: SenderDeps): Sender {
  const surroundings = (): Surroundings => deps.surroundings?.() ?? noSurroundings;
  const repeats = rememberRepeats(deps.nowMs);
  const request = (to: ChatDestination, message: DeliveryMessage): HttpRequest =>
    chatRequest(to, chat, message, surroundings());
  const sender = httpSender(destination, deps, request, { answers: chat.answers });
  return {
    async attempt(message, signal) {
      const tooLarge = sizeProblem(destination, chat, request(destination, message));
      if (tooLarge !== null) return { outcome: tooLarge, durationMs: 0, response: null };
      const id = deliveryId(message.runId, destination.name, message.revision);
      const attempt = repeats.begin(id, message.attempt);
      attempt.sending();
      const { outcome, durationMs, response } = await sender.attempt(message, signal);
      if (isRefusal(outcome)) attempt.refused();
      if (outcome.kind === "failed") return { outcome, durationMs, response };
      return { outcome: marked(outcome, attempt.delivered() !== null), durationMs, response };
    },
    probe: () => sender.probe(),
    close: () => sender.close(),
  };
}

export function chatRequest(
  { url, name, language }: ChatDestination,
  { bodyOf }: Chat,
  message: DeliveryMessage,
  surroundings: Surroundings,
): HttpRequest {
  const { pathname, search } = new URL(url);
  return {
    method: "POST",
    path: pathname + search,
    headers: {
      "user-agent": "LeadLedger",
      "content-type": "application/json",
      "idempotency-key": deliveryId(message.runId, name, message.revision),
    },
    body: bodyOf(chatMessage(message, language, surroundings)),
  };
}

function sizeProblem(
  { name }: ChatDestination,
  { bodyBytesMax }: Chat,
  { body }: HttpRequest,
): Failed | null {
  return Buffer.byteLength(body) <= bodyBytesMax
    ? null
    : failure(
        "destination_rejected",
        `the message is larger than the ${bodyBytesMax} bytes that ${name} takes`,
      );
}

const neverSent: ReadonlySet<string> = new Set([
  "destination_dns",
  "destination_connect",
  "destination_tls",
  "destination_address_forbidden",
  "destination_misconfigured",
]);

/** Whether it is certain that no message stands there. */
function isRefusal(outcome: Outcome): boolean {
  if (outcome.kind === "delivered") return false;
  if (outcome.httpStatus === null) return neverSent.has(outcome.code);
  return outcome.code !== "destination_indeterminate" && outcome.httpStatus < 500;
}

function marked(outcome: Extract<Outcome, { kind: "delivered" }>, maybeTwice: boolean): Outcome {
  return maybeTwice ? { ...outcome, receipt: { ...outcome.receipt, maybeTwice } } : outcome;
}
