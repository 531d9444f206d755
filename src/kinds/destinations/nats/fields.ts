// What is to say about a destination of kind `nats`.
import { connectionUrl } from "../../../config/fields/connection-url.ts";
import type { Checking, Field } from "../../../config/fields/field.ts";
import { text } from "../../../config/fields/plain-fields.ts";
import { optionalSecret } from "../../../config/fields/secret-fields.ts";
import { passwordField, tlsField, userField } from "../connection-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { mapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

export const natsPort = 4_222;

const subject: Field<string> = {
  ...text("subject", {
    label: { en: "Subject", de: "Subject" },
    help: {
      en: "Where leads are published. A JetStream stream must take this subject; without one nothing is sent.",
      de: "Worunter Leads veröffentlicht werden. Ein JetStream-Stream muss dieses Subject aufnehmen; ohne ihn wird nichts gesendet.",
    },
    example: "leads.new",
    option: { title: { en: "subject", de: "Subject" } },
  }),
  check(written, { note }) {
    if (typeof written === "string" && !isSubject(written))
      note("problems", ["subject"], { code: "text_unfit", params: { expected: subjectExpected } });
  },
};

export const natsFields = {
  url: connectionUrl("url", {
    protocols: ["nats:", "tls:"],
    expected: {
      en: "nats://host:4222, with a user and a password or without; special characters in a password are written as in URLs (# is %23), or it goes into the field of its own",
      de: "nats://host:4222, mit oder ohne Benutzer und Passwort; Sonderzeichen im Passwort stehen darin wie in URLs (# ist %23), oder es kommt in das eigene Feld",
    },
    fits: ({ pathname, search }) => pathname.length <= 1 && search === "",
    label: { en: "Address", de: "Adresse" },
    help: {
      en: "One server of the cluster; those that it tells of are not asked.",
      de: "Ein Server des Clusters; die anderen, die er nennt, werden nicht angesprochen.",
    },
    example: "nats://nats.example:4222",
    option: {
      name: "address",
      text: { en: "server", de: "Server" },
      title: { en: "address", de: "Adresse" },
    },
  }),
  subject,
  user: userField,
  password: passwordField,
  credentials: optionalSecret("credentials", {
    label: { en: "Token, seed or credentials file", de: "Token, Seed oder Credentials-Datei" },
    help: {
      en: "Instead of user and password: a token, an nkey seed (SU…), or all that stands in a .creds file.",
      de: "Anstelle von Benutzer und Passwort: ein Token, ein nkey-Seed (SU…) oder alles, was in einer .creds-Datei steht.",
    },
    option: { title: { en: "credentials", de: "Zugangsdaten" } },
  }),
  tls: tlsField,
  ...mapFields,
  ...sendingFields,
} as const;

export type NatsDestination = DestinationOf<typeof natsFields>;

/** One way to prove who one is. */
export function checkCredentials({ entry, note }: Checking): void {
  if (entry["credentials"] === undefined) return;
  if (entry["user"] === undefined && entry["password"] === undefined) return;
  note("problems", ["credentials"], { code: "text_unfit", params: { expected: oneWayExpected } });
}

/** NATS documentation, Subject-Based Messaging: tokens between dots, no blanks; wildcards are for those who listen. */
function isSubject(text: string): boolean {
  return (
    text.split(".").every((token) => token !== "" && /^[^\s*>\p{Cc}]+$/u.test(token)) && !text.startsWith("$")
  );
}

const subjectExpected = {
  en: "a subject such as leads.new: words between dots, without blanks, *, > and without $ at its beginning",
  de: "ein Subject wie leads.new: Wörter zwischen Punkten, ohne Leerzeichen, * und >, ohne $ am Anfang",
};

const oneWayExpected = {
  en: "either this, or a user and a password",
  de: "entweder dies oder Benutzer und Passwort",
};
