// The mail that brings a lead: headers, text, HTML, files. The same for every attempt, to the byte.
import { hash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import { deliveryId } from "../../../domain/destinations/delivery-message.ts";
import type { LeadFile } from "../../../domain/leads/answered-questions.ts";
import type { VocabularyLead } from "../../../domain/leads/vocabulary.ts";
import { asciiDomainOf, isMailAddress, parseMailbox } from "../../../domain/values/mailbox.ts";
import type { Mailbox } from "../../../domain/values/mailbox.ts";
import type { DeliveryMessage } from "../sender.ts";
import { linkToLead } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import type { EmailDestination } from "./fields.ts";
import { cut, letterAbout, oneLine, plainText, readDelivery } from "./lead-letter.ts";
import type { DeliveredLead, LeadLetter } from "./lead-letter.ts";
import { escapeHtml, letterHtml, textAsHtml } from "./letter-html.ts";
import { letterText } from "./letter-text.ts";
import { rendered } from "./template.ts";
import type { TemplateContext } from "./template.ts";

export interface Mail {
  readonly from: string;
  /** Everyone who gets it, each once. */
  readonly to: readonly string[];
  /** RFC 5322, in ASCII, with CRLF. */
  readonly raw: Buffer;
}

/** RFC 5322 section 2.1.1 has no limit to a folded one; longer than this nobody reads. */
const subjectCharactersMax = 150;
const nameCharactersMax = 80;
const attachmentsMaxBytes = 10 * 1_024 * 1_024;

export async function mailAbout(
  destination: EmailDestination,
  message: DeliveryMessage,
  surroundings: Surroundings,
): Promise<Mail> {
  const delivery = readDelivery(message.body);
  const letter = letterAbout(delivery, destination.language, surroundings);
  const from = mailboxOf(destination.from);
  const node = new MailComposer({
    from: addressed(from),
    to: destination.to.map((each) => addressed(mailboxOf(each))),
    cc: destination.cc.map((each) => addressed(mailboxOf(each))),
    ...replyToOf(destination, delivery.lead),
    ...contentOf(destination, delivery, letter, surroundings),
    attachments: destination.attachFiles ? attachmentsOf(letter.files) : [],
    messageId: messageId(destination, message, from),
    date: new Date(delivery.received_at),
    headers: {
      // RFC 3834 section 5; the second is for Exchange: no answers of absence, no receipts.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "X-LeadLedger-Delivery": deliveryId(message.runId, destination.name, message.revision),
    },
    // Nobody who writes a lead can know what stands between the parts, for it follows from all that is in them.
    baseBoundary: hash("sha256", `${destination.name}\n${message.body}`, "hex").slice(0, 32),
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  return { from: envelope.from || from.address, to: [...new Set(envelope.to)], raw: await node.build() };
}

/** The same for each attempt, so that whoever gets it twice can see that; another one for each destination. */
export function messageId(
  { name }: Pick<EmailDestination, "name">,
  { runId, revision }: Pick<DeliveryMessage, "runId" | "revision">,
  from: Mailbox,
): string {
  // RFC 5322 section 3.2.3: dots stand between atoms.
  const atom = name.replaceAll(/\.(?=\.|$)/g, "-");
  return `<${runId}.${atom}${revision === null ? "" : `.r${revision}`}@${asciiDomainOf(from.address)}>`;
}

function contentOf(
  { language, subject, text, html, replyTo }: EmailDestination,
  delivery: DeliveredLead,
  letter: LeadLetter,
  surroundings: Surroundings,
): { readonly subject: string; readonly text: string; readonly html: string } {
  const { timezone } = surroundings;
  const document = { ...delivery, link: linkToLead(surroundings, delivery.run_id) };
  const context: TemplateContext = { document, language, timezone };
  const own = text === undefined ? null : rendered(text, context, plainText);
  const asHtml = (value: string): string => escapeHtml(plainText(value)).replaceAll("\n", "<br>");
  return {
    subject: cut(
      subject === undefined ? letter.subject : oneLine(rendered(subject, context, oneLine)),
      subjectCharactersMax,
    ),
    text: own ?? letterText(letter),
    html:
      html !== undefined
        ? rendered(html, context, asHtml)
        : own === null
          ? letterHtml(letter, leadsAddress(replyTo, delivery.lead) !== null)
          : textAsHtml(letter, own),
  };
}

function replyToOf({ replyTo }: EmailDestination, lead: VocabularyLead) {
  if (replyTo !== undefined) return { replyTo: addressed(mailboxOf(replyTo)) };
  const address = leadsAddress(replyTo, lead);
  return address === null
    ? {}
    : { replyTo: { name: cut(oneLine(lead.name ?? ""), nameCharactersMax), address } };
}

/**
 * Whoever answers the mail answers the lead; null: somebody else. An address that not every server can take (RFC 6532)
 * stays out of the headers; it stands in the text.
 */
function leadsAddress(replyTo: string | undefined, { email }: VocabularyLead): string | null {
  const isFit = email !== null && isMailAddress(email) && /^[\x21-\x7e]+$/.test(email);
  return replyTo === undefined && isFit ? email : null;
}

function attachmentsOf(files: readonly LeadFile[]) {
  let leftBytes = attachmentsMaxBytes;
  return files.flatMap(({ name, type, base64 }) => {
    if (base64 === null) return [];
    const content = Buffer.from(base64, "base64");
    leftBytes -= content.length;
    if (leftBytes < 0) return [];
    const contentType = /^[a-z]+\/[a-z0-9.+-]+$/i.test(type) ? type : "application/octet-stream";
    return [
      { filename: cut(oneLine(name).replaceAll(/[/\\]/g, "_"), nameCharactersMax), content, contentType },
    ];
  });
}

function mailboxOf(text: string): Mailbox {
  const mailbox = parseMailbox(text);
  if (mailbox === null) throw new TypeError("an address that configuration has not seen");
  return mailbox;
}

/** As an object: a text would be read again, and might be several. */
function addressed({ name, address }: Mailbox): { name: string; address: string } {
  return { name, address };
}
