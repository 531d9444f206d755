// Delivers leads to a destination of kind `slack`: one message per attempt.
import { chatTransport } from "../chat-transport.ts";
import { slackChat } from "./blocks.ts";

export const slackTransport = chatTransport(slackChat);
