// What is to say about a destination of kind `lead-buyer`.
import type { Field, FieldTexts } from "../../../config/fields/field.ts";
import { texts, textWithPreset } from "../../../config/fields/plain-fields.ts";
import { headers, url } from "../../../config/fields/secret-fields.ts";
import { answerFields } from "../answer-fields.ts";
import { withPreset } from "../api-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { contentField, recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** The names that LeadConduit has for what leads usually say. */
const usualRecord = {
  first_name: "/lead/first_name",
  last_name: "/lead/last_name",
  email: "/lead/email",
  phone_1: "/lead/phones/0",
  address_1: "/lead/street",
  postal_code: "/lead/postal_code",
  city: "/lead/town",
  country: "/lead/country",
  comments: "/lead/message",
} as const;

/** What LeadConduit answers. */
export const usualTerms = {
  outcome: "/outcome",
  accepted: ["success"],
  reason: "/reason",
  duplicateTerm: "duplicate",
  leadId: "/lead/id",
} as const;

/** Where in the answer something stands. */
function place(member: string, said: FieldTexts, preset: string): Field<string> {
  const field = textWithPreset(member, { ...said, preset });
  return { ...field, schema: { ...field.schema, format: "pointer" } };
}

export const leadBuyerFields = {
  url: url("url", {
    label: { en: "Posting address", de: "Adresse für Leads (Posting URL)" },
    help: {
      en: "As the buyer's posting instructions name it; at LeadConduit: the flow › Sources › the source › Posting URL.",
      de: "Wie sie in der Anleitung des Käufers (Posting Instructions) steht; bei LeadConduit: der Flow › Sources › die Quelle › Posting URL.",
    },
    example: "https://app.leadconduit.com/flows/5f1/sources/7a2/submit",
    option: { name: "address", title: { en: "address", de: "Adresse" } },
  }),
  content: contentField,
  ...recordMapFields(usualRecord),
  headers: headers("headers", {
    label: { en: "Headers", de: "Header" },
    help: {
      en: "Sent with every lead, for example a key that the buyer gave you.",
      de: "Gehen mit jedem Lead mit, zum Beispiel ein Schlüssel, den Sie vom Käufer haben.",
    },
    option: { name: "header", title: { en: "headers", de: "Header" } },
    advanced: true,
  }),
  outcome: place(
    "outcome",
    {
      label: { en: "Where the outcome stands", de: "Wo das Ergebnis steht" },
      help: {
        en: "The place in the answer's JSON that says whether the lead was taken.",
        de: "Die Stelle im JSON der Antwort, die sagt, ob der Lead genommen wurde.",
      },
      advanced: true,
    },
    usualTerms.outcome,
  ),
  accepted: withPreset(
    texts("accepted", {
      itemsMax: 10,
      label: { en: "Outcomes that mean it was taken", de: "Ergebnisse, die „genommen“ heißen" },
      help: {
        en: "What stands there when a lead was taken. With `error` the buyer's system failed, and the lead is tried again; any other word means that it was refused.",
        de: "Was dort steht, wenn ein Lead genommen wurde. Bei `error` hat das System des Käufers versagt, und der Lead wird erneut versucht; jedes andere Wort heißt, dass er abgelehnt wurde.",
      },
      example: "success",
      advanced: true,
    }),
    usualTerms.accepted,
  ),
  reason: place(
    "reason",
    {
      label: { en: "Where the reason stands", de: "Wo der Grund steht" },
      help: { en: "Why a lead was refused.", de: "Weshalb ein Lead abgelehnt wurde." },
      advanced: true,
    },
    usualTerms.reason,
  ),
  duplicateTerm: textWithPreset("duplicate_term", {
    preset: usualTerms.duplicateTerm,
    label: { en: "Word for leads that are known", de: "Wort für bereits bekannte Leads" },
    help: {
      en: "Where it stands in the reason, the buyer has this person already: the lead is not sold, and counted apart.",
      de: "Steht es im Grund, hat der Käufer diese Person schon: Der Lead ist nicht verkauft und wird getrennt gezählt.",
    },
    advanced: true,
  }),
  price: place(
    "price",
    {
      label: { en: "Where the price stands", de: "Wo der Preis steht" },
      help: {
        en: "What the buyer pays; it stands on the lead.",
        de: "Was der Käufer zahlt; es steht am Lead.",
      },
      advanced: true,
    },
    "/price",
  ),
  leadId: place(
    "lead_id",
    {
      label: { en: "Where the buyer's id stands", de: "Wo die ID des Käufers steht" },
      help: {
        en: "By which the buyer knows the lead.",
        de: "Unter welcher der Käufer den Lead kennt.",
      },
      advanced: true,
    },
    usualTerms.leadId,
  ),
  ...answerFields,
  ...sendingFields,
} as const;

export type LeadBuyerDestination = DestinationOf<typeof leadBuyerFields>;
