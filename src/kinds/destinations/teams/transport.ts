// Delivers leads to a destination of kind `teams`: one card per attempt.
import { chatSender } from "../chat-sender.ts";
import { previewChat } from "../chat-preview.ts";
import type { SenderDeps } from "../destination-kind.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { teamsChat } from "./card.ts";
import type { TeamsDestination } from "./fields.ts";

export function open(destination: TeamsDestination, deps: SenderDeps): Sender {
  return chatSender(destination, teamsChat, deps);
}

export function preview(
  destination: TeamsDestination,
  message: DeliveryMessage,
  _nowMs: number,
  surroundings: Surroundings = noSurroundings,
): ShownRequest {
  return previewChat(destination, teamsChat, message, surroundings);
}
