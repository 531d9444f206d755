// What a lead says, as a note at a person's record that was there before: the enquiry itself, so that none is lost because
// its sender is known. In plain text; whoever sends HTML escapes it.
import type { Language } from "../../domain/errors/error-catalogue-entry.ts";
import { chatMessage } from "./chat-message.ts";
import type { DeliveryMessage } from "./sender.ts";
import type { Surroundings } from "./surroundings.ts";

export interface LeadNote {
  readonly title: string;
  /** Lines, `mark` being the last one. */
  readonly text: string;
  /** By it a note that is there already is recognised: of this delivery, and no other's begins with it. */
  readonly mark: string;
}

export function leadNote(message: DeliveryMessage, language: Language, surroundings: Surroundings): LeadNote {
  const said = chatMessage({ ...message, body: message.delivery ?? message.body }, language, surroundings);
  const lines = [
    said.title,
    ...said.facts.map(({ label, text }) => `${label}: ${text}`),
    ...(said.message === null ? [] : ["", said.message, ""]),
    ...(said.link === null ? [] : [`${said.link.text}: ${said.link.href}`]),
  ];
  const mark = noteMark(message);
  return { title: said.title, text: [...lines, mark].join("\n"), mark };
}

/** A revision is an enquiry of its own. */
export function noteMark({ runId, revision }: DeliveryMessage): string {
  return `LeadLedger [${runId}${revision === null ? "" : `:r${revision}`}]`;
}

/** For fields that show HTML: a lead's text becomes no markup. */
export function noteHtml({ text }: LeadNote): string {
  return htmlLines(text);
}

/** The same of any text. */
export function htmlLines(text: string): string {
  return escapedHtml(text).replaceAll("\n", "<br>");
}

function escapedHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
