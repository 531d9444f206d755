// What is to say about a destination of kind `mailchimp`.
import type { Field } from "../../../config/fields/field.ts";
import { choice, described, plain, text } from "../../../config/fields/plain-fields.ts";
import { checkReach, secretText } from "../../../config/fields/secret-fields.ts";
import { answerFields } from "../answer-fields.ts";
import { baseUrlTexts, unfit, withPreset } from "../api-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** Merge tags that every audience has. */
const usualRecord = {
  email_address: "/lead/email",
  "merge_fields.FNAME": "/lead/first_name",
  "merge_fields.LNAME": "/lead/last_name",
  "merge_fields.PHONE": "/lead/phones/0",
} as const;

/** Mailchimp allows ten connections at once, of all programs together. */
const concurrencyPreset = 4;

/** Of a key, which ends in it: `us6`; null: it is no key. */
export function dataCenterOf(token: string): string | null {
  return /-([a-z]{2}\d{1,3})$/.exec(token)?.[1] ?? null;
}

const token: Field<string> = {
  ...secretText("token", {
    format: "token",
    label: { en: "API key", de: "API-Schlüssel" },
    help: {
      en: "In Mailchimp: your profile › Extras › API keys › Create A Key. It ends in the data center, such as -us6.",
      de: "In Mailchimp: Ihr Profil › Extras › API-Schlüssel › Schlüssel erstellen. Er endet mit dem Rechenzentrum, etwa -us6.",
    },
    example: "0123456789abcdef0123456789abcdef-us6",
    option: { title: { en: "API key", de: "API-Schlüssel" } },
  }),
  check(written, checking) {
    const isOwn = typeof checking.entry["base_url"] === "string";
    if (typeof written === "string" && !isOwn && dataCenterOf(written) === null)
      unfit(checking, "token", {
        en: "a key that ends in its data center, such as -us6",
        de: "ein Schlüssel, der mit seinem Rechenzentrum endet, etwa -us6",
      });
  },
};

const ownBaseUrl: Field<string | undefined> = {
  ...plain<string | undefined>(
    "base_url",
    "url",
    baseUrlTexts,
    described(baseUrlTexts, { type: "string", format: "url" }),
  ),
  shown: {
    member: "base_url",
    schema: described(baseUrlTexts, { type: ["string", "null"] }),
    of: (value) => value ?? null,
  },
  read: (written) => (typeof written === "string" ? written : undefined),
  check(written, checking) {
    if (typeof written === "string" && URL.canParse(written))
      checkReach("base_url", new URL(written).hostname, checking);
  },
};

export const mailchimpFields = {
  token,
  audience: {
    ...text("audience", {
      label: { en: "Audience ID", de: "Zielgruppen-ID" },
      help: {
        en: "In Mailchimp: Audience › Settings › Audience name and defaults; at the right.",
        de: "In Mailchimp: Zielgruppe › Einstellungen › Zielgruppenname und Standardwerte; rechts.",
      },
      example: "a1b2c3d4e5",
      option: { title: { en: "audience", de: "Zielgruppe" } },
    }),
    isAddress: true,
    standIn: "to-be-filled-in",
  } satisfies Field<string>,
  newStatus: choice("new_status", {
    label: { en: "New contacts are", de: "Neue Kontakte sind" },
    help: {
      en: "Of contacts that are there already the status is never changed: who has unsubscribed stays so.",
      de: "Bei vorhandenen Kontakten wird der Status nie geändert: Wer sich abgemeldet hat, bleibt abgemeldet.",
    },
    preset: "pending",
    options: [
      {
        value: "pending",
        label: { en: "Asked to confirm (double opt-in)", de: "Um Bestätigung gebeten (Double Opt-in)" },
        help: {
          en: "Mailchimp sends them a mail with a link first.",
          de: "Mailchimp sendet ihnen zuerst eine E-Mail mit einem Link.",
        },
      },
      {
        value: "subscribed",
        label: { en: "Subscribed at once", de: "Sofort angemeldet" },
        help: {
          en: "Only where they have agreed to your mails, and you can prove it.",
          de: "Nur, wenn sie Ihren E-Mails zugestimmt haben und Sie das nachweisen können.",
        },
      },
      {
        value: "transactional",
        label: { en: "Not subscribed", de: "Nicht angemeldet" },
        help: {
          en: "They are in the audience and get no campaigns.",
          de: "Sie stehen in der Zielgruppe und bekommen keine Kampagnen.",
        },
      },
    ],
  }),
  ...recordMapFields(usualRecord),
  ...answerFields,
  baseUrl: ownBaseUrl,
  ...sendingFields,
  concurrency: withPreset(sendingFields.concurrency, concurrencyPreset),
} as const;

export type MailchimpDestination = DestinationOf<typeof mailchimpFields>;
