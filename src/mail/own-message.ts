// A message of LeadLedger's own (an alert, a report, an invitation) as RFC 5322 has it.
import { hash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import { asciiDomainOf, parseMailbox } from "../domain/values/mailbox.ts";
import type { Mailbox } from "../domain/values/mailbox.ts";
import type { Mail } from "../kinds/destinations/email/mail.ts";

export interface OwnMessage {
  /** One address each: `Anna Berg <anna@example.com>`. Everyone sees the others: who must not gets a message of their own. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /**
   * What stands before the `@` of its Message-ID: atoms with dots between them. The same for every attempt, so that whoever
   * gets it twice can see that.
   */
  readonly id: string;
  readonly language: "de" | "en";
  /** Pictures that the HTML shows by `cid:`. */
  readonly pictures?: readonly InlinePicture[];
  /** Id of the first message of this conversation, as `id`; absent: it begins one. */
  readonly answers?: string;
  /** Where whoever does not want it any more goes, RFC 2369; absent: it cannot be turned off. */
  readonly unsubscribe?: string;
  readonly at: Date;
}

export interface InlinePicture {
  readonly cid: string;
  readonly fileName: string;
  readonly png: Buffer;
}

const subjectCharactersMax = 150;

/** @throws {TypeError} where an address is none: whoever keeps addresses checks them (`parseMailbox`) */
export async function mailOf(message: OwnMessage, sender: string): Promise<Mail> {
  const from = mailboxOf(sender);
  const { subject, text, html, pictures = [], answers, unsubscribe } = message;
  const node = new MailComposer({
    from: addressed(from),
    to: message.to.map((each) => addressed(mailboxOf(each))),
    subject: onOneLine(subject),
    text,
    html,
    attachments: pictures.map(({ cid, fileName, png }) => ({
      cid,
      filename: fileName,
      content: png,
      contentType: "image/png",
      contentDisposition: "inline" as const,
    })),
    messageId: messageIdOf(message.id, from),
    ...(answers === undefined
      ? {}
      : { inReplyTo: messageIdOf(answers, from), references: messageIdOf(answers, from) }),
    date: message.at,
    headers: {
      // RFC 3834 section 5; the second is for Exchange: no answers of absence, no receipts.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "Content-Language": message.language,
      ...(unsubscribe === undefined ? {} : { "List-Unsubscribe": `<${unsubscribe}>` }),
    },
    baseBoundary: hash("sha256", `${message.id}\n${text}`, "hex").slice(0, 32),
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  return { from: envelope.from || from.address, to: [...new Set(envelope.to)], raw: await node.build() };
}

function messageIdOf(id: string, from: Mailbox): string {
  return `<${id}@${asciiDomainOf(from.address)}>`;
}

function onOneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > subjectCharactersMax ? `${line.slice(0, subjectCharactersMax - 1)}…` : line;
}

function mailboxOf(text: string): Mailbox {
  const mailbox = parseMailbox(text);
  if (mailbox === null) throw new TypeError("an address that nobody has checked");
  return mailbox;
}

/** As an object: a text would be read again, and might be several. */
function addressed({ name, address }: Mailbox): { name: string; address: string } {
  return { name, address };
}
