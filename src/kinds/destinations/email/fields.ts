// What is to say about a destination of kind `email`.
import {
  asText,
  choice,
  count,
  duration,
  flag,
  longText,
  optionalText,
  text,
  texts,
} from "../../../config/fields/plain-fields.ts";
import type { Checking, Field, FieldTexts } from "../../../config/fields/field.ts";
import { checkReach, optionalSecret } from "../../../config/fields/secret-fields.ts";
import { parseMailbox } from "../../../domain/values/mailbox.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { sendingFields } from "../shared-fields.ts";
import { formatSmtpServer, parseSmtpServer } from "./smtp-server.ts";
import { templateFault, templateFilters } from "./template.ts";

const recipientsMax = 20;
const noMailbox = "to-be-filled-in@example.invalid";
/** Mail servers let one sender have few connections, and are slow on purpose with strangers. */
const concurrencyPreset = 2;
const timeoutPresetMs = 60_000;

const server: Field<string> = {
  ...text("smtp", {
    label: { en: "Mail server (SMTP)", de: "Mailserver (SMTP)" },
    help: {
      en: "The server that sends your mail, as your provider names it for mail programs, with its port if it is not 587. `smtps://…` or port 465: encrypted from the first byte. In the file also as `smtp://user:password@server:587`.",
      de: "Der Server, der Ihre E-Mails versendet, wie Ihr Anbieter ihn für Mailprogramme nennt, mit Port, wenn es nicht 587 ist. `smtps://…` oder Port 465: von Anfang an verschlüsselt. In der Datei auch als `smtp://benutzer:passwort@server:587`.",
    },
    example: "smtp.example.com:587",
    option: { title: { en: "mail server", de: "Mailserver" } },
  }),
  isAddress: true,
  standIn: "to-be-filled-in.invalid",
  read: (written) => {
    const parsed = parseSmtpServer(asText(written));
    if (parsed === null) throw new Error("the configuration was built before it was checked");
    return formatSmtpServer(parsed);
  },
  check(written, checking) {
    if (typeof written !== "string" || written === "") return;
    const parsed = parseSmtpServer(written);
    if (parsed === null) unfit(checking, ["smtp"], expectedServer);
    else checkReach("smtp", parsed.host, checking);
  },
};
const expectedServer = {
  en: "a mail server, such as smtp.example.com:587",
  de: "ein Mailserver, etwa smtp.example.com:587",
};

const user: Field<string | undefined> = {
  ...optionalText("user", {
    label: { en: "User name", de: "Benutzername" },
    help: {
      en: "Of the mailbox that sends; with most providers its whole address. Without one nobody signs in.",
      de: "Des Postfachs, das sendet; bei den meisten Anbietern dessen ganze Adresse. Ohne ihn wird nicht angemeldet.",
    },
    example: "leads@example.com",
    option: { title: { en: "user", de: "Benutzer" } },
  }),
  isClients: true,
  read: (written, { entry }) =>
    inServer(entry["smtp"])?.user ?? (typeof written === "string" ? written : undefined),
};

const password: Field<string | null> = {
  ...optionalSecret("password", {
    label: { en: "Password", de: "Passwort" },
    help: {
      en: "Of the mailbox; with Google, and wherever two factors are asked for, an app password.",
      de: "Des Postfachs; bei Google und überall, wo ein zweiter Faktor verlangt wird, ein App-Passwort.",
    },
  }),
  read: (written, { entry }) =>
    inServer(entry["smtp"])?.password ?? (typeof written === "string" ? written : null),
};

function inServer(
  written: unknown,
): { readonly user: string | null; readonly password: string | null } | null {
  return typeof written === "string" ? parseSmtpServer(written) : null;
}

export const emailFields = {
  server,
  security: choice("security", {
    label: { en: "Encryption", de: "Verschlüsselung" },
    option: { title: { en: "encryption", de: "Verschlüsselung" } },
    help: {
      en: "A mail server that cannot do what is chosen here gets no lead and no password.",
      de: "Ein Mailserver, der nicht kann, was hier gewählt ist, bekommt weder Lead noch Passwort.",
    },
    preset: "auto",
    advanced: true,
    options: [
      {
        value: "auto",
        label: { en: "By the port", de: "Nach dem Port" },
        help: {
          en: "On port 465 from the first byte, otherwise by STARTTLS. Always encrypted.",
          de: "Auf Port 465 von Anfang an, sonst mit STARTTLS. Immer verschlüsselt.",
        },
      },
      {
        value: "starttls",
        label: { en: "STARTTLS", de: "STARTTLS" },
        help: { en: "Usual on port 587.", de: "Üblich auf Port 587." },
      },
      {
        value: "tls",
        label: { en: "TLS from the first byte", de: "TLS von Anfang an" },
        help: { en: "Usual on port 465.", de: "Üblich auf Port 465." },
      },
      {
        value: "none",
        label: { en: "None", de: "Keine" },
        help: {
          en: "Leads and password go over the network in the open: only for a mail server on this machine.",
          de: "Leads und Passwort gehen offen über das Netz: nur für einen Mailserver auf diesem Rechner.",
        },
      },
    ],
  }),
  user,
  password,
  oauthTokenUrl: {
    ...optionalText("oauth_token_url", {
      label: { en: "OAuth2: address of the token server", de: "OAuth2: Adresse des Token-Servers" },
      help: {
        en: "In place of a password, where the provider wants it: with Microsoft 365 https://login.microsoftonline.com/TENANT/oauth2/v2.0/token, with Google https://oauth2.googleapis.com/token.",
        de: "Anstelle eines Passworts, wo der Anbieter es verlangt: bei Microsoft 365 https://login.microsoftonline.com/MANDANT/oauth2/v2.0/token, bei Google https://oauth2.googleapis.com/token.",
      },
      example: "https://oauth2.googleapis.com/token",
      advanced: true,
    }),
    isClients: true,
    check: (written, checking) => checkTokenUrl(written, checking),
  } satisfies Field<string | undefined>,
  oauthClientId: {
    ...optionalText("oauth_client_id", {
      label: { en: "OAuth2: client ID", de: "OAuth2: Client-ID" },
      help: {
        en: "Of the application that you registered with the provider.",
        de: "Der Anwendung, die Sie beim Anbieter angelegt haben.",
      },
      example: "11111111-2222-3333-4444-555555555555",
      advanced: true,
    }),
    isClients: true,
  } satisfies Field<string | undefined>,
  oauthClientSecret: optionalSecret("oauth_client_secret", {
    label: { en: "OAuth2: client secret", de: "OAuth2: Client-Secret" },
    help: {
      en: "Of the same application. Many end at some date: note when.",
      de: "Derselben Anwendung. Viele laufen an einem bestimmten Tag ab: Notieren Sie sich, wann.",
    },
    advanced: true,
  }),
  oauthRefreshToken: optionalSecret("oauth_refresh_token", {
    label: { en: "OAuth2: refresh token", de: "OAuth2: Refresh-Token" },
    help: {
      en: "Of the mailbox. Empty: the application itself signs in (client credentials).",
      de: "Des Postfachs. Leer: Die Anwendung selbst meldet sich an (Client Credentials).",
    },
    advanced: true,
  }),
  oauthScope: optionalText("oauth_scope", {
    label: { en: "OAuth2: scope", de: "OAuth2: Scope" },
    help: {
      en: "What the token is to allow. With Microsoft 365 https://outlook.office365.com/.default, with Google nothing.",
      de: "Was das Token erlauben soll. Bei Microsoft 365 https://outlook.office365.com/.default, bei Google nichts.",
    },
    example: "https://outlook.office365.com/.default",
    advanced: true,
  }),
  from: mailbox("from", {
    label: { en: "Sender", de: "Absender" },
    option: { title: { en: "sender", de: "Absender" } },
    help: {
      en: "An address that the mail server lets this user send from, with a name if you like. Bounces come there: it should be one that somebody reads.",
      de: "Eine Adresse, unter der dieser Benutzer senden darf, auf Wunsch mit Namen. Dorthin kommen Fehlermeldungen: Es sollte sie jemand lesen.",
    },
    example: "Leads <leads@example.com>",
  }),
  to: {
    ...mailboxes("to", {
      label: { en: "Recipients", de: "Empfänger" },
      option: { title: { en: "recipients", de: "Empfänger" } },
      help: {
        en: "Who gets each lead; several are separated by commas.",
        de: "Wer jeden Lead bekommt; mehrere durch Komma getrennt.",
      },
      example: "sales@example.com",
    }),
    isRequired: true,
    standIn: [noMailbox],
  },
  cc: mailboxes("cc", {
    label: { en: "Copy to", de: "Kopie an" },
    option: { title: { en: "copy to", de: "Kopie an" } },
    help: { en: "Who gets a copy that everyone sees.", de: "Wer eine Kopie bekommt, die alle sehen." },
    example: "archive@example.com",
    advanced: true,
  }),
  replyTo: optionalMailbox("reply_to", {
    label: { en: "Replies to", de: "Antworten an" },
    option: { title: { en: "replies to", de: "Antworten an" } },
    help: {
      en: "Where replies go. Empty: to the lead.",
      de: "Wohin Antworten gehen. Leer: an den Lead.",
    },
    example: "sales@example.com",
    advanced: true,
  }),
  language: choice("language", {
    label: { en: "Language", de: "Sprache" },
    option: { title: { en: "language", de: "Sprache" } },
    help: {
      en: "The language of everything in the mail that the lead does not say itself.",
      de: "In dieser Sprache steht in der E-Mail, was nicht vom Lead selbst kommt.",
    },
    preset: "en",
    options: [
      {
        value: "en",
        label: { en: "English", de: "Englisch" },
        help: { en: "For English-speaking recipients.", de: "Für englischsprachige Empfänger." },
      },
      {
        value: "de",
        label: { en: "German", de: "Deutsch" },
        help: { en: "For German-speaking recipients.", de: "Für deutschsprachige Empfänger." },
      },
    ],
  }),
  subject: template("subject", optionalText, {
    label: { en: "Subject", de: "Betreff" },
    option: { title: { en: "subject", de: "Betreff" } },
    help: {
      en: "In place of ours. `{{/lead/name}}` puts in what the lead says: a JSON pointer into the delivery, and filters after it.",
      de: "Anstelle von unserem. `{{/lead/name}}` setzt ein, was der Lead sagt: ein JSON-Pointer in die Zustellung, dahinter Filter.",
    },
    example: "Lead: {{/lead/name}} ({{/lead/town}})",
    advanced: true,
  }),
  text: template("text", longText, {
    label: { en: "Text", de: "Text" },
    help: {
      en: "In place of our whole mail, with the same places as the subject. `{{/link}}` is the lead's address here.",
      de: "Anstelle unserer ganzen E-Mail, mit denselben Platzhaltern wie im Betreff. `{{/link}}` ist die Adresse des Leads hier.",
    },
    advanced: true,
  }),
  html: template("html", longText, {
    label: { en: "HTML", de: "HTML" },
    help: {
      en: "A page of your own for mail programs that show HTML; what the lead says is put in as text. Empty: ours, or the text above.",
      de: "Eine eigene Seite für Mailprogramme, die HTML zeigen; was der Lead sagt, wird als Text eingesetzt. Leer: unsere oder der Text darüber.",
    },
    advanced: true,
  }),
  attachFiles: flag("attach_files", {
    label: { en: "Attach files", de: "Dateien anhängen" },
    option: { title: { en: "files attached", de: "Dateien angehängt" } },
    help: {
      en: "Files of a form whose source keeps them, up to 10 MB a mail. They are a stranger's files.",
      de: "Dateien eines Formulars, dessen Quelle sie behält, bis 10 MB je E-Mail. Es sind Dateien von Fremden.",
    },
    advanced: true,
  }),
  ...sendingFields,
  timeoutMs: duration("timeout", {
    format: "duration-timeout",
    presetMs: timeoutPresetMs,
    description: "Longest attempt, 100ms to 5m.",
    label: sendingFields.timeoutMs.texts.label,
    help: {
      en: "Mail servers are slow, some on purpose. One that has not taken the mail by then is tried again later.",
      de: "Mailserver sind langsam, manche mit Absicht. Hat einer die E-Mail bis dahin nicht angenommen, wird es später erneut versucht.",
    },
    advanced: true,
    example: "60s",
    option: sendingFields.timeoutMs.texts.option ?? {},
  }),
  concurrency: count("concurrency", {
    min: 1,
    max: 20,
    preset: concurrencyPreset,
    description: "Deliveries under way at once, per node.",
    label: sendingFields.concurrency.texts.label,
    help: {
      en: "Connections to the mail server, on each node. Most providers allow few.",
      de: "Verbindungen zum Mailserver, auf jedem Knoten. Die meisten Anbieter erlauben nur wenige.",
    },
    advanced: true,
    option: sendingFields.concurrency.texts.option ?? {},
  }),
} as const;

export type EmailDestination = DestinationOf<typeof emailFields>;

const expectedMailbox = {
  en: "one e-mail address, or a name with it: Sales <sales@example.com>",
  de: "eine E-Mail-Adresse, auch mit Namen: Vertrieb <vertrieb@example.com>",
};

function mailbox(member: string, said: FieldTexts): Field<string> {
  return {
    ...text(member, said),
    isClients: true,
    standIn: noMailbox,
    check: (written, checking) => checkMailbox(written, [member], checking),
  };
}

function optionalMailbox(member: string, said: FieldTexts): Field<string | undefined> {
  return {
    ...optionalText(member, said),
    isClients: true,
    check: (written, checking) => checkMailbox(written, [member], checking),
  };
}

function mailboxes(member: string, said: FieldTexts): Field<readonly string[]> {
  return {
    ...texts(member, { ...said, itemsMax: recipientsMax }),
    isClients: true,
    check: (written, checking) => {
      if (!Array.isArray(written)) return;
      written.forEach((each: unknown, index) => checkMailbox(each, [member, String(index)], checking));
    },
  };
}

function checkMailbox(written: unknown, place: readonly string[], checking: Checking): void {
  if (typeof written !== "string" || written === "") return;
  if (parseMailbox(written) === null) unfit(checking, place, expectedMailbox);
}

function template(
  member: string,
  field: (member: string, said: FieldTexts) => Field<string | undefined>,
  said: FieldTexts,
): Field<string | undefined> {
  return {
    ...field(member, said),
    check: (written, checking) => {
      const fault = typeof written === "string" ? templateFault(written) : null;
      if (fault !== null) unfit(checking, [member], expectedPlace(fault));
    },
  };
}

function expectedPlace(fault: string) {
  const filters = templateFilters.join(", ");
  return {
    en: `a JSON pointer, with filters after it, in place of ${fault}: {{/lead/name}}, {{/received_at|day}}. Filters: ${filters}`,
    de: `ein JSON-Pointer, dahinter Filter, anstelle von ${fault}: {{/lead/name}}, {{/received_at|day}}. Filter: ${filters}`,
  };
}

function checkTokenUrl(written: unknown, checking: Checking): void {
  if (typeof written !== "string" || written === "") return;
  const url = URL.canParse(written) ? new URL(written) : null;
  const isFit = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (!isFit) unfit(checking, ["oauth_token_url"], expectedTokenUrl);
  else checkReach("oauth_token_url", url.hostname, checking);
}

const expectedTokenUrl = {
  en: "the whole address of a token server, such as https://oauth2.googleapis.com/token",
  de: "die ganze Adresse eines Token-Servers, etwa https://oauth2.googleapis.com/token",
};

function unfit(
  { note }: Checking,
  place: readonly string[],
  expected: { readonly en: string; readonly de: string },
): void {
  note("problems", place, { code: "text_unfit", params: { expected } });
}
