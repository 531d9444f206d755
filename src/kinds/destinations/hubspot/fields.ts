// What is to say about a destination of kind `hubspot`.
import { choice, optionalText, textWithPreset } from "../../../config/fields/plain-fields.ts";
import { secretText } from "../../../config/fields/secret-fields.ts";
import { serviceUrl } from "../../../config/fields/service-url.ts";
import type { TargetMap } from "../../../domain/destinations/target-map.ts";
import { answerFields } from "../answer-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { languageField } from "../language-field.ts";
import { recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** HubSpot's own properties of a contact, which every account has. */
const usualProperties: TargetMap = {
  email: "/lead/email",
  firstname: "/lead/first_name",
  lastname: ["/lead/last_name", "/lead/name"],
  phone: "/lead/phones/0",
  company: "/lead/company",
  address: "/lead/street",
  zip: "/lead/postal_code",
  city: "/lead/town",
  country: "/lead/country",
  message: "/lead/message",
};

export const hubspotFields = {
  token: secretText("token", {
    format: "token",
    label: { en: "Service key", de: "Service Key" },
    help: {
      en: "In HubSpot: Settings › Integrations › Service Keys › Create service key, with the scopes crm.objects.contacts.read and .write and crm.schemas.contacts.read. The token of a private app that exists goes on to work.",
      de: "In HubSpot: Einstellungen › Integrationen › Service Keys › Service Key erstellen, mit den Scopes crm.objects.contacts.read und .write sowie crm.schemas.contacts.read. Das Token einer vorhandenen privaten App gilt weiter.",
    },
    example: "pat-eu1-00000000-0000-0000-0000-000000000000",
    option: { title: { en: "service key", de: "Service Key" } },
  }),
  note: choice("note", {
    label: { en: "Note with the enquiry", de: "Notiz mit der Anfrage" },
    help: {
      en: "At the contact, with all that the lead says.",
      de: "Am Kontakt, mit allem, was der Lead sagt.",
    },
    option: { title: { en: "note", de: "Notiz" } },
    preset: "always",
    options: [
      {
        value: "always",
        label: { en: "For every lead", de: "Bei jedem Lead" },
        help: { en: "So that no enquiry is overwritten.", de: "So wird keine Anfrage überschrieben." },
      },
      {
        value: "known_person",
        label: { en: "Where the contact was known", de: "Wenn der Kontakt schon bekannt war" },
        help: {
          en: "Of a new contact, the properties say it all.",
          de: "Bei einem neuen Kontakt sagen die Eigenschaften alles.",
        },
      },
      {
        value: "never",
        label: { en: "Never", de: "Niemals" },
        help: {
          en: "An enquiry of a known contact then is in its properties alone, over the one before.",
          de: "Die Anfrage eines bekannten Kontakts steht dann nur in seinen Eigenschaften, anstelle der früheren.",
        },
      },
    ],
  }),
  language: languageField({
    en: "The language of everything in the note that the lead does not say itself.",
    de: "In dieser Sprache steht in der Notiz, was nicht vom Lead selbst kommt.",
  }),
  runIdProperty: optionalText("run_id_property", {
    label: { en: "Property for leads without e-mail", de: "Eigenschaft für Leads ohne E-Mail" },
    help: {
      en: "The internal name of a property of contacts with unique values, in which the lead's id is written, so that a repeat makes no second contact. In HubSpot: Settings › Properties › Create property › single-line text › Require unique values.",
      de: "Der interne Name einer Kontakteigenschaft mit eindeutigen Werten, in die die Kennung des Leads geschrieben wird, damit eine Wiederholung keinen zweiten Kontakt anlegt. In HubSpot: Einstellungen › Eigenschaften › Eigenschaft erstellen › Einzeiliger Text › Eindeutige Werte erforderlich.",
    },
    example: "leadledger_id",
    advanced: true,
    option: { title: { en: "property of the id", de: "Eigenschaft der Kennung" } },
  }),
  apiVersion: textWithPreset("api_version", {
    preset: "2026-03",
    label: { en: "Version of the API", de: "Version der API" },
    help: {
      en: "From 2026-09 on HubSpot refuses contacts that lack a property which an administrator made required.",
      de: "Ab 2026-09 lehnt HubSpot Kontakte ab, denen eine von einem Administrator vorgeschriebene Eigenschaft fehlt.",
    },
    example: "2026-09",
    advanced: true,
    option: { title: { en: "version of the API", de: "Version der API" } },
  }),
  baseUrl: serviceUrl("base_url", {
    preset: "https://api.hubapi.com",
    label: { en: "Address of the API", de: "Adresse der API" },
    help: {
      en: "The same for all accounts; another one for tests.",
      de: "Für alle Konten dieselbe; eine andere für Tests.",
    },
    example: "https://api.hubapi.com",
    advanced: true,
    option: { title: { en: "address", de: "Adresse" } },
  }),
  ...recordMapFields(usualProperties),
  ...answerFields,
  ...sendingFields,
} as const;

export type HubspotDestination = DestinationOf<typeof hubspotFields>;
