// Delivers leads to a destination of kind `slack`: one message per attempt.
import { chatSender } from "../chat-sender.ts";
import { previewChat } from "../chat-preview.ts";
import type { SenderDeps } from "../destination-kind.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { slackChat } from "./blocks.ts";
import type { SlackDestination } from "./fields.ts";

export function open(destination: SlackDestination, deps: SenderDeps): Sender {
  return chatSender(destination, slackChat, deps);
}

export function preview(
  destination: SlackDestination,
  message: DeliveryMessage,
  _nowMs: number,
  surroundings: Surroundings = noSurroundings,
): ShownRequest {
  return previewChat(destination, slackChat, message, surroundings);
}
