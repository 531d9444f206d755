// Mails about somebody's own account: an invitation, and a link for a new password.
import { randomUUID } from "node:crypto";
import { messageHtml, messageText } from "./message-frame.ts";
import type { OwnMessage } from "./own-message.ts";

export interface AccountLink {
  /** The address that they sign in with. */
  readonly to: string;
  /** As somebody wrote it; "" for nobody. */
  readonly name: string;
  readonly language: "de" | "en";
  /** The whole link. */
  readonly url: string;
  readonly expiresAt: Date;
  readonly timezone: string;
}

export function invitationMessage(link: AccountLink, at: Date): OwnMessage {
  return messageOf("invitation", link, at);
}

export function newPasswordMessage(link: AccountLink, at: Date): OwnMessage {
  return messageOf("password", link, at);
}

function messageOf(kind: "invitation" | "password", link: AccountLink, at: Date): OwnMessage {
  const { to, name, language, url } = link;
  const said = words[language][kind];
  const frame = {
    language,
    title: said.title,
    paragraphs: [words[language].greeting(name), ...said.paragraphs(to, until(link))],
    action: { label: said.button, url },
    notes: [said.note],
  };
  return {
    to: [to],
    subject: said.title,
    text: messageText(frame),
    html: messageHtml(frame),
    id: `${kind}.${randomUUID()}`,
    language,
    at,
  };
}

function until({ expiresAt, language, timezone }: AccountLink): string {
  return new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", {
    timeZone: timezone,
    day: "2-digit",
    month: language === "de" ? "2-digit" : "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(expiresAt);
}

const words = {
  de: {
    greeting: (name: string) => (name === "" ? "Guten Tag," : `Guten Tag ${name},`),
    invitation: {
      title: "Ihr Zugang zu LeadLedger",
      paragraphs: (login: string, time: string) => [
        `für Sie wurde ein Zugang eingerichtet. Sie melden sich an mit ${login} und einem Passwort, das Sie selbst festlegen.`,
        `Der Link gilt einmal, bis ${time}.`,
      ],
      button: "Passwort festlegen",
      note: "Geben Sie diese E-Mail nicht weiter: Wer den Link öffnet, kann sich mit Ihrem Namen anmelden. Kennen Sie LeadLedger nicht, löschen Sie sie einfach.",
    },
    password: {
      title: "Neues Passwort für LeadLedger",
      paragraphs: (login: string, time: string) => [
        `jemand hat für ${login} ein neues Passwort verlangt. Waren Sie das, legen Sie es hier fest; alle angemeldeten Geräte werden dabei abgemeldet.`,
        `Der Link gilt einmal, bis ${time}.`,
      ],
      button: "Neues Passwort festlegen",
      note: "Waren Sie es nicht, brauchen Sie nichts zu tun: Ihr bisheriges Passwort gilt weiter.",
    },
  },
  en: {
    greeting: (name: string) => (name === "" ? "Hello," : `Hello ${name},`),
    invitation: {
      title: "Your account at LeadLedger",
      paragraphs: (login: string, time: string) => [
        `an account was made for you. You sign in with ${login} and a password that you set yourself.`,
        `The link works once, until ${time}.`,
      ],
      button: "Set a password",
      note: "Do not pass this mail on: whoever opens the link can sign in as you. If you do not know LeadLedger, just delete it.",
    },
    password: {
      title: "A new password for LeadLedger",
      paragraphs: (login: string, time: string) => [
        `somebody asked for a new password for ${login}. If that was you, set it here; every device that is signed in is signed out then.`,
        `The link works once, until ${time}.`,
      ],
      button: "Set a new password",
      note: "If it was not you there is nothing to do: the password that you have goes on.",
    },
  },
};
