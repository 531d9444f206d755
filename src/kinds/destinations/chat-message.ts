// What a message in a chat says about a lead: who, how to reach them, what they want, where it came from.
import type { Language } from "../../domain/errors/error-catalogue-entry.ts";
import { letterAbout, readDelivery } from "./email/lead-letter.ts";
import type { Notice } from "./notice.ts";
import type { DeliveryMessage } from "./sender.ts";
import type { Surroundings } from "./surroundings.ts";

/** Of a lead, its `runId` is the lead's, and where it is read is the link. */
export type ChatMessage = Notice;

const titleCharactersMax = 140;
const factCharactersMax = 300;
const messageCharactersMax = 2_000;

export function chatMessage(
  { body, runId, notice }: DeliveryMessage,
  language: Language,
  surroundings: Surroundings,
): ChatMessage {
  if (notice !== undefined) return notice;
  const delivery = readDelivery(body);
  const letter = letterAbout(delivery, language, surroundings);
  const { words, link, message, about } = letter;
  const facts = [
    ...(about === null ? [] : [{ label: words.about, text: about }]),
    ...letter.contact.map(({ label, lines }) => ({ label, text: lines.map(({ text }) => text).join(", ") })),
    { label: words.source, text: delivery.source },
  ];
  return {
    title: cut(letter.subject, titleCharactersMax),
    facts: facts.map(({ label, text }) => ({ label, text: cut(text, factCharactersMax) })),
    message: message === null || message === "" ? null : cut(message, messageCharactersMax),
    link: link === null ? null : { text: words.open, href: link },
    runId,
  };
}

function cut(text: string, charactersMax: number): string {
  const characters = Array.from(text);
  return characters.length <= charactersMax ? text : `${characters.slice(0, charactersMax - 1).join("")}…`;
}
