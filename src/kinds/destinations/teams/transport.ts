// Delivers leads to a destination of kind `teams`: one card per attempt.
import { chatTransport } from "../chat-transport.ts";
import { teamsChat } from "./card.ts";

export const teamsTransport = chatTransport(teamsChat);
