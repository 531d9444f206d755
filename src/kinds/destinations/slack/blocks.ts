// A message for Slack (Block Kit) and what Slack's incoming webhooks answer
// (api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks; the words marked below are unsure).
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import type { Chat } from "../chat-sender.ts";
import type { ChatMessage } from "../chat-message.ts";

/** What a lead says stands in plain text alone, so that nothing of it becomes a link, a mention or markup. */
function blocksOf({ title, facts, message, link, runId }: ChatMessage): string {
  const lines = facts.map(({ label, text }) => `${label}: ${text}`).join("\n");
  return JSON.stringify({
    text: escaped(title),
    blocks: [
      { type: "header", text: plain(title, headerLengthMax) },
      { type: "section", text: plain(lines) },
      ...(message === null ? [] : [{ type: "section", text: plain(message) }]),
      ...(link === null
        ? []
        : [
            {
              type: "section",
              text: { type: "mrkdwn", text: `<${escaped(link.href)}|${escaped(link.text)}>` },
            },
          ]),
      { type: "context", elements: [plain(runId)] },
    ],
  });
}

/** Block Kit refuses the whole message for one text that is longer; what escaping adds counts (unsure). */
const headerLengthMax = 150;
const sectionLengthMax = 3_000;

function plain(text: string, lengthMax = sectionLengthMax): object {
  return { type: "plain_text", text: escapedWithin(text, lengthMax), emoji: false };
}

function escapedWithin(text: string, lengthMax: number): string {
  const whole = escaped(text);
  if (whole.length <= lengthMax) return whole;
  let kept = "";
  for (const character of text) {
    const next = escaped(character);
    if (kept.length + next.length >= lengthMax) break;
    kept += next;
  }
  return `${kept}…`;
}

/** Slack's control characters. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const answers: readonly AnswerRule[] = [
  { status: "2xx", body: { matches: "^\\s*ok\\s*$" }, outcome: "delivered" },
  { status: "2xx", header: { name: "content-type", matches: "html" }, outcome: "configuration" },
  // Of the Web API, whose address is none of a webhook.
  { status: "2xx", body: { pointer: "/error", equals: "ratelimited" }, outcome: "throttled" },
  { status: "2xx", body: { pointer: "/error", matches: "auth|token" }, outcome: "credentials" },
  { status: "2xx", body: { pointer: "/ok", equals: false }, outcome: "configuration", reason: "/error" },
  { status: [403, 404, 410], outcome: "configuration", reason: "" },
  {
    status: 400,
    // user_not_found is known, the others are unsure.
    body: { matches: "user_not_found|no_service|no_team|team_disabled|invalid_token" },
    outcome: "configuration",
    reason: "",
  },
  { status: 400, outcome: "rejected", reason: "" },
  { status: 500, outcome: "transient", reason: "" },
];

/** Far more than what our messages take; Slack says no limit of its own (unsure). */
const bodyBytesMax = 100_000;

export const slackChat: Chat = { bodyOf: blocksOf, bodyBytesMax, answers };
