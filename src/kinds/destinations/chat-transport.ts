// What kinds that post into a chat do, and the message as it would be sent, for people to look at: of the address only what is
// no secret.
import { masked } from "../../domain/destinations/shown-address.ts";
import { chatRequest, chatSender } from "./chat-sender.ts";
import type { Chat, ChatDestination } from "./chat-sender.ts";
import type { Transport } from "./destination-kind.ts";

export function chatTransport(chat: Chat): Transport<ChatDestination> {
  return {
    open: (destination, deps) => chatSender(destination, chat, deps),
    preview(destination, message, _nowMs, surroundings) {
      const { method, headers, body } = chatRequest(destination, chat, message, surroundings);
      return { method, url: `${new URL(destination.url).origin}/${masked}`, headers, body };
    },
  };
}
