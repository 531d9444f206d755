// The installation's own mail account, the section `mail:` of leadledger.yaml: the mailbox that alerts, reports, invitations
// and links for new passwords come from. It is spoken to as by destinations of this kind.
import { sectionOfFields } from "../../../config/sections/declared-section.ts";
import type { Field, SettingsOf } from "../../../config/fields/field.ts";
import { emailFields } from "./fields.ts";

const { from, language, security, allowPrivate, caFile, timeoutMs } = emailFields;

export const mailAccountFields = {
  server: emailFields.server,
  user: emailFields.user,
  password: emailFields.password,
  from: {
    ...from,
    texts: { ...from.texts, example: "LeadLedger <leadledger@example.com>" },
  } satisfies Field<string>,
  language: {
    ...language,
    texts: {
      ...language.texts,
      help: {
        en: "Of what is sent, where nothing else says in which language somebody reads it.",
        de: "Der E-Mails, sofern nicht anderswo steht, in welcher Sprache jemand sie liest.",
      },
    },
    schema: { ...language.schema, description: "Of what is sent, where nothing else says it." },
  },
  security: {
    ...security,
    texts: {
      ...security.texts,
      help: {
        en: "A mail server that cannot do what is chosen here gets no mail and no password.",
        de: "Ein Mailserver, der nicht kann, was hier gewählt ist, bekommt weder E-Mail noch Passwort.",
      },
    },
  },
  oauthTokenUrl: emailFields.oauthTokenUrl,
  oauthClientId: emailFields.oauthClientId,
  oauthClientSecret: emailFields.oauthClientSecret,
  oauthRefreshToken: emailFields.oauthRefreshToken,
  oauthScope: emailFields.oauthScope,
  allowPrivate: {
    ...allowPrivate,
    texts: {
      ...allowPrivate.texts,
      help: {
        en: "For a mail server on this machine or in your own network.",
        de: "Für einen Mailserver auf diesem Rechner oder im eigenen Netz.",
      },
    },
  },
  caFile,
  timeoutMs,
} as const;

/** `name`: what it is called in a sentence about a failure. */
export type MailAccount = SettingsOf<typeof mailAccountFields> & { readonly name: string };

export const mailSection = sectionOfFields({
  name: "mail",
  label: { en: "Mail account", de: "E-Mail-Konto" },
  description: "The mailbox that LeadLedger itself writes from: alerts, reports, invitations, new passwords.",
  fields: mailAccountFields,
});
