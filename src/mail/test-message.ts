// The mail by which somebody sees that the installation's mail account works.
import { randomUUID } from "node:crypto";
import { messageHtml, messageText } from "./message-frame.ts";
import type { OwnMessage } from "./own-message.ts";

export function testMessage(to: string, language: "de" | "en", at: Date): OwnMessage {
  const { subject, paragraphs } = words[language];
  const frame = { language, title: subject, paragraphs, action: null, notes: [] };
  return {
    to: [to],
    subject,
    text: messageText(frame),
    html: messageHtml(frame),
    id: `test.${randomUUID()}`,
    language,
    at,
  };
}

const words = {
  de: {
    subject: "LeadLedger: Testmail",
    paragraphs: [
      "Das E-Mail-Konto dieser Installation funktioniert.",
      "Von hier kommen künftig Alarme, Berichte, Einladungen und Links für neue Passwörter.",
    ],
  },
  en: {
    subject: "LeadLedger: test mail",
    paragraphs: [
      "The mail account of this installation works.",
      "Alerts, reports, invitations and links for new passwords will come from here.",
    ],
  },
};
