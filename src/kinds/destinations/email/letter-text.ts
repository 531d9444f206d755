// The letter about a lead as plain text.
import type { LeadLetter, LetterFact } from "./lead-letter.ts";

export function letterText(letter: LeadLetter): string {
  const { words, about, message, answers, origin, link, earlierLink, contactLink, isKnownPerson } = letter;
  const facts = [...letter.contact, ...(about === null ? [] : [plainFact(words.about, about)])];
  return [
    `${letter.title}: ${letter.who}`,
    facts.map(written).join("\n"),
    message === null ? "" : `${words.message}:\n${message}`,
    answers.length === 0 ? "" : `${words.answers}:\n${answers.map(written).join("\n")}`,
    isKnownPerson ? [words.again, earlierLink].filter((each) => each !== null).join("\n") : "",
    origin.map(written).join("\n"),
    link === null ? "" : `${words.open}:\n${link}`,
    contactLink === null ? "" : `${words.contacted}:\n${contactLink}`,
    // RFC 3676 section 4.3: what follows belongs no longer to the letter.
    `-- \n${words.footer}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function plainFact(label: string, text: string): LetterFact {
  return { label, lines: [{ text, href: null }] };
}

function written({ label, lines }: LetterFact): string {
  const text = lines.map((line) => line.text).join("\n  ");
  return label === "" ? text : `${label}${/[?:!.]$/.test(label) ? "" : ":"} ${text}`;
}
