// A message for Teams (Adaptive Card 1.4) and what workflows answer (learn.microsoft.com/connectors/teams; what is said of
// 401 and 404 is unsure).
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import type { Chat } from "../chat-sender.ts";
import type { ChatMessage } from "../chat-message.ts";

/** Text runs are shown as they are; text blocks and facts would make links and markup of what a lead says. */
function cardOf({ title, facts, message, link, runId }: ChatMessage): string {
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      block([{ type: "TextRun", text: title, size: "Large", weight: "Bolder" }]),
      ...facts.map(({ label, text }) => block([run(`${label}: `, "Bolder"), run(text)])),
      ...(message === null ? [] : linesOf(message).map((line) => block([run(line)]))),
      block([{ type: "TextRun", text: runId, size: "Small", isSubtle: true }]),
    ],
    ...(link === null ? {} : { actions: [{ type: "Action.OpenUrl", title: link.text, url: link.href }] }),
  };
  const contentType = "application/vnd.microsoft.card.adaptive";
  return JSON.stringify({ type: "message", attachments: [{ contentType, contentUrl: null, content }] });
}

function block(inlines: readonly object[]): object {
  return { type: "RichTextBlock", inlines };
}

/** Each takes far more of a card than what stands in it. */
const messageLinesMax = 80;

/** What is over stands in the last one. */
function linesOf(message: string): readonly string[] {
  const lines = message.split("\n");
  if (lines.length <= messageLinesMax) return lines;
  const rest = lines.slice(messageLinesMax - 1).filter((line) => line.trim() !== "");
  return [...lines.slice(0, messageLinesMax - 1), rest.join(" ")];
}

/** An empty run is none. */
function run(text: string, weight: "Bolder" | "Default" = "Default"): object {
  return { type: "TextRun", text: text === "" ? " " : text, weight };
}

const answers: readonly AnswerRule[] = [
  { status: "2xx", header: { name: "content-type", matches: "html" }, outcome: "configuration" },
  // The flow has begun, no more. A step “Response” at its end answers 200, which is proof.
  { status: 202, outcome: "unproven" },
  { status: [401, 404, 410], outcome: "configuration" },
];

/** What Teams shows; of a larger card nobody is told. */
const bodyBytesMax = 28 * 1_024;

export const teamsChat: Chat = { bodyOf: cardOf, bodyBytesMax, answers };
