// What is to say about a destination of kind `brevo`.
import type { Field } from "../../../config/fields/field.ts";
import { texts } from "../../../config/fields/plain-fields.ts";
import { secretText } from "../../../config/fields/secret-fields.ts";
import { serviceUrl } from "../../../config/fields/service-url.ts";
import { answerFields } from "../answer-fields.ts";
import { baseUrlTexts, unfit } from "../api-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** Attributes as accounts in English have them; those in German have VORNAME and NACHNAME (unsure). */
const usualRecord = {
  email: "/lead/email",
  "attributes.FIRSTNAME": "/lead/first_name",
  "attributes.LASTNAME": "/lead/last_name",
  "attributes.SMS": { pointer: "/lead/phones/0", format: "e164" },
} as const;

const listIds: Field<readonly string[]> = {
  ...texts("list_ids", {
    itemsMax: 50,
    label: { en: "Lists", de: "Listen" },
    help: {
      en: "In Brevo: Contacts › Lists; the number beside the #. None: the contact is on no list.",
      de: "In Brevo: Kontakte › Listen; die Zahl neben dem #. Ohne Angabe kommt der Kontakt auf keine Liste.",
    },
    example: "7",
    option: { title: { en: "lists", de: "Listen" } },
  }),
  check(written, checking) {
    const isFit = !Array.isArray(written) || written.every((id) => /^\d{1,15}$/.test(String(id)));
    if (!isFit)
      unfit(checking, "list_ids", { en: "a list's number, such as 7", de: "die Nummer einer Liste, etwa 7" });
  },
};

export const brevoFields = {
  token: secretText("token", {
    format: "token",
    label: { en: "API key", de: "API-Schlüssel" },
    help: {
      en: "In Brevo: your account › SMTP & API › API Keys › Generate a new API key (xkeysib-…).",
      de: "In Brevo: Ihr Konto › SMTP & API › API-Schlüssel › Einen neuen API-Schlüssel generieren (xkeysib-…).",
    },
    example: "xkeysib-0123456789abcdef",
    option: { title: { en: "API key", de: "API-Schlüssel" } },
  }),
  listIds,
  ...recordMapFields(usualRecord),
  ...answerFields,
  baseUrl: serviceUrl("base_url", { ...baseUrlTexts, preset: "https://api.brevo.com" }),
  ...sendingFields,
} as const;

export type BrevoDestination = DestinationOf<typeof brevoFields>;
