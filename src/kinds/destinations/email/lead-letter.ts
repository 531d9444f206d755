// What a mail says about a lead, before it is written as text or as HTML: who, what about, everything that was answered,
// where from and when.
import { answersIn } from "../../../domain/leads/answered-questions.ts";
import type { LeadFile } from "../../../domain/leads/answered-questions.ts";
import type { VocabularyLead } from "../../../domain/leads/vocabulary.ts";
import { parseExactly } from "../../../domain/values/exact-json.ts";
import { readableEmail } from "../../../domain/values/email-address.ts";
import { linkToContact, linkToLead } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { localDate, localTime } from "./local-time.ts";
import { mailWords } from "./words.ts";
import type { MailLanguage, MailWords } from "./words.ts";

/** A line of a table; `links`: what its lines lead to, null where nowhere. */
export interface LetterFact {
  readonly label: string;
  readonly lines: readonly { readonly text: string; readonly href: string | null }[];
}

export interface LeadLetter {
  readonly words: MailWords;
  readonly subject: string;
  readonly title: string;
  /** As they are addressed: `Frau Dr. Anna Berg`. */
  readonly who: string;
  readonly contact: readonly LetterFact[];
  readonly about: string | null;
  readonly message: string | null;
  readonly answers: readonly LetterFact[];
  readonly origin: readonly LetterFact[];
  /** Of this lead, and of the one of the same person before it; null: none is known. */
  readonly link: string | null;
  readonly earlierLink: string | null;
  /** Where its reader says that the person was contacted; null: nowhere. */
  readonly contactLink: string | null;
  readonly isKnownPerson: boolean;
  readonly files: readonly LeadFile[];
}

/** The body of a delivery (docs/contract.md, Outgoing requests), read. */
export interface DeliveredLead {
  readonly run_id: string;
  readonly source: string;
  readonly received_at: string;
  readonly revision?: number;
  readonly same_person?: { readonly run_id: string };
  readonly lead: VocabularyLead;
  readonly data: unknown;
}

export function readDelivery(body: string): DeliveredLead {
  return parseExactly(body) as DeliveredLead;
}

export function letterAbout(
  delivery: DeliveredLead,
  language: MailLanguage,
  surroundings: Surroundings,
): LeadLetter {
  const words = mailWords[language];
  const { lead, data, same_person: earlier, revision } = delivery;
  const { questions, files } = answersIn(data);
  const shown = shownAbove(lead);
  const who = oneLine(lead.name ?? lead.company ?? mailOf(lead) ?? lead.phones[0] ?? words.nobody);
  const about = lead.product === null ? null : oneLine(lead.product);
  const subject = revision === undefined ? words.subject : words.changedSubject;
  return {
    words,
    subject: subject(cut(who, subjectPartMax), subjectAbout(lead)),
    title: revision === undefined ? words.title : words.changedTitle,
    who: addressed(lead, who),
    contact: contactOf(lead, words),
    about,
    message: lead.message === null ? null : cut(plainText(lead.message), messageMax),
    answers: questions
      .filter(({ answer }) => !shown.has(comparable(answer)))
      .map(({ question, answer }) => fact(cut(oneLine(question), questionMax), said(answer, words))),
    origin: originOf(delivery, language, surroundings),
    link: linkToLead(surroundings, delivery.run_id),
    earlierLink: earlier === undefined ? null : linkToLead(surroundings, earlier.run_id),
    contactLink: linkToContact(surroundings, delivery.run_id),
    isKnownPerson: earlier !== undefined,
    files,
  };
}

function subjectAbout({ product, form, campaign }: VocabularyLead): string | null {
  const about = product ?? form ?? campaign;
  return about === null ? null : cut(oneLine(about), subjectPartMax);
}

function addressed({ salutation, title, name }: VocabularyLead, who: string): string {
  return name === null ? who : oneLine([salutation, title, name].filter((part) => part !== null).join(" "));
}

function contactOf(lead: VocabularyLead, words: MailWords): LetterFact[] {
  const town = [lead.postal_code, lead.town].filter((part) => part !== null).join(" ");
  const address = [lead.street, town, lead.country].filter((part) => part !== null && part !== "");
  const email = mailOf(lead);
  return [
    ...(lead.company === null ? [] : [fact(words.company, lead.company)]),
    ...(email === null
      ? []
      : [{ label: words.email, lines: [{ text: email, href: mailTo(lead.email ?? "") }] }]),
    ...(lead.phones.length === 0 ? [] : [{ label: words.phone, lines: lead.phones.map(phoneLine) }]),
    ...(address.length === 0 ? [] : [fact(words.address, address.join(", "))]),
  ];
}

/** RFC 6068 section 2. */
function mailTo(address: string): string {
  return `mailto:${encodeURIComponent(address).replace("%40", "@")}`;
}

function phoneLine(phone: string): { text: string; href: string | null } {
  const digits = phone.replaceAll(/[^\d+]/g, "");
  return { text: oneLine(phone), href: digits.length < 3 ? null : `tel:${digits}` };
}

function originOf(
  { source, received_at: at, lead }: DeliveredLead,
  language: MailLanguage,
  { timezone }: Surroundings,
): LetterFact[] {
  const words = mailWords[language];
  const { utm, consent, campaign, page } = lead;
  const came = [utm["source"], utm["medium"]].filter((part) => part !== undefined).join(" / ");
  const given = consent?.given == null ? null : consent.given ? words.given : words.notGiven;
  const agreed = [given, consent?.text ?? null].filter((part) => part !== null).join(": ");
  return [
    fact(words.received, words.at(localDate(at, language, timezone), localTime(at, language, timezone))),
    fact(words.source, source),
    ...(campaign === null ? [] : [fact(words.campaign, campaign)]),
    ...(came === "" ? [] : [fact(words.origin, came)]),
    ...(page === null ? [] : [fact(words.page, page)]),
    ...(agreed === "" ? [] : [fact(words.consent, agreed)]),
  ];
}

function fact(label: string, text: string): LetterFact {
  return {
    label,
    lines: cut(plainText(text), answerMax)
      .split("\n")
      .map((line) => ({ text: line, href: null })),
  };
}

function said(answer: string, words: MailWords): string {
  return answer === "true" ? words.yes : answer === "false" ? words.no : answer;
}

/** What stands above all answers needs no repeating there. */
function shownAbove(lead: VocabularyLead): ReadonlySet<string> {
  const { salutation, first_name: first, last_name: last, name, company, email, street } = lead;
  const { postal_code: code, town, country, message, product, page, campaign, consent } = lead;
  const whole = [
    salutation,
    first,
    last,
    name,
    company,
    email,
    street,
    code,
    town,
    country,
    message,
    product,
  ];
  return new Set(
    [...whole, page, campaign, consent?.text ?? null, mailOf(lead), ...lead.phones]
      .filter((each) => each !== null)
      .map(comparable),
  );
}

/** `+49 171 1234567`, `0171 1234567` and `+491711234567` are one. */
function comparable(text: string): string {
  const digits = text.replaceAll(/[\s()/.-]/g, "");
  const isNumber = /^(?:\+|00)?\d{6,20}$/.test(digits);
  return isNumber ? digits.replace(/^(?:\+49|0049|0)/, "") : text.trim().toLowerCase();
}

function mailOf({ email }: VocabularyLead): string | null {
  return email === null ? null : readableEmail(email);
}

/** Without what a mail program would obey, or what turns the direction of reading around. */
export function plainText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, " ")
    .trim();
}

export function oneLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, " ");
}

/** By characters, not by halves of them. */
export function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const characters = Array.from(text.slice(0, 2 * charactersMax));
  return characters.length <= charactersMax ? text : `${characters.slice(0, charactersMax - 1).join("")}…`;
}

const subjectPartMax = 70;
const questionMax = 300;
const answerMax = 4_000;
const messageMax = 20_000;
