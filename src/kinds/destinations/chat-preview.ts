// A message for a chat as it would be sent, for people to look at: of the address only what is no secret.
import { masked } from "../../domain/destinations/shown-address.ts";
import { chatRequest } from "./chat-sender.ts";
import type { Chat, ChatDestination } from "./chat-sender.ts";
import type { DeliveryMessage, ShownRequest } from "./sender.ts";
import type { Surroundings } from "./surroundings.ts";

export function previewChat(
  destination: ChatDestination,
  chat: Chat,
  message: DeliveryMessage,
  surroundings: Surroundings,
): ShownRequest {
  const { method, headers, body } = chatRequest(destination, chat, message, surroundings);
  return { method, url: `${new URL(destination.url).origin}/${masked}`, headers, body };
}
