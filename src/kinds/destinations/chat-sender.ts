// The sender of kinds that post into a chat, which takes every repeat for a new message: one that may stand there twice is
// marked.
import type { AnswerRule } from "../../domain/destinations/answer-rules.ts";
import { deliveryId } from "../../domain/destinations/delivery-message.ts";
import type { SendingDestination } from "../../domain/destinations/destination.ts";
import { failure } from "../../domain/destinations/outcome.ts";
import type { Failed } from "../../domain/destinations/outcome.ts";
import type { HttpReach, HttpRequest } from "../../outgoing/http-client.ts";
import type { SenderDeps } from "./destination-kind.ts";
import type { Language } from "../../domain/errors/error-catalogue-entry.ts";
import { httpSender } from "./http-sender.ts";
import { chatMessage } from "./chat-message.ts";
import type { ChatMessage } from "./chat-message.ts";
import type { DeliveryMessage, Sender } from "./sender.ts";
import { noSurroundings } from "./surroundings.ts";
import type { Surroundings } from "./surroundings.ts";
import { unrepeatableSender } from "./unrepeatable-sender.ts";

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
  const request = (to: ChatDestination, message: DeliveryMessage): HttpRequest =>
    chatRequest(to, chat, message, surroundings());
  const sender = unrepeatableSender(
    destination,
    httpSender(destination, deps, request, { answers: chat.answers }),
    deps.nowMs,
  );
  return {
    async attempt(message, signal) {
      const tooLarge = sizeProblem(destination, chat, request(destination, message));
      if (tooLarge !== null) return { outcome: tooLarge, durationMs: 0, response: null };
      return sender.attempt(message, signal);
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
