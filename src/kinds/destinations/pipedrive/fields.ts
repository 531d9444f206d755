// What is to say about a destination of kind `pipedrive`.
import { choice, optionalText } from "../../../config/fields/plain-fields.ts";
import { secretText } from "../../../config/fields/secret-fields.ts";
import { serviceUrl } from "../../../config/fields/service-url.ts";
import type { TargetMap } from "../../../domain/destinations/target-map.ts";
import { answerFields } from "../answer-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { languageField } from "../language-field.ts";
import { recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** `person.…` and `lead.…`, the latter also of a deal: both have the deal's fields. */
const usualRecord: TargetMap = {
  "person.name": ["/lead/name", "/lead/company", "/lead/email", "/lead/phones/0"],
  "person.emails": "/lead/email",
  "person.phones": "/lead/phones",
  "lead.title": { join: ["/lead/name", "/lead/product"], with: " – ", default: "Lead" },
};

export const pipedriveFields = {
  token: secretText("token", {
    format: "token",
    label: { en: "API token", de: "API-Token" },
    help: {
      en: "In Pipedrive: the account menu at the top right › Personal preferences › API. It sees what that user sees.",
      de: "In Pipedrive: Kontomenü oben rechts › Persönliche Einstellungen › API. Es sieht, was dieser Benutzer sieht.",
    },
    example: "0123456789abcdef0123456789abcdef01234567",
    option: { title: { en: "API token", de: "API-Token" } },
  }),
  record: choice("record", {
    label: { en: "What a lead becomes", de: "Was aus einem Lead wird" },
    help: {
      en: "In Pipedrive, of the person whom the lead is from.",
      de: "In Pipedrive, bei der Person, von der der Lead stammt.",
    },
    option: { title: { en: "becomes", de: "wird" } },
    preset: "lead",
    options: [
      {
        value: "lead",
        label: { en: "A lead in the leads inbox", de: "Ein Lead in der Leads Inbox" },
        help: { en: "To be qualified first.", de: "Zum Prüfen, bevor er in eine Pipeline kommt." },
      },
      {
        value: "deal",
        label: { en: "A deal in a pipeline", de: "Ein Deal in einer Pipeline" },
        help: {
          en: "In the first stage of the first pipeline, unless the fields name another.",
          de: "In der ersten Phase der ersten Pipeline, wenn die Felder keine andere nennen.",
        },
      },
    ],
  }),
  note: choice("note", {
    label: { en: "Note with the enquiry", de: "Notiz mit der Anfrage" },
    help: {
      en: "At the lead or the deal, with all that the lead says.",
      de: "Am Lead oder Deal, mit allem, was der Lead sagt.",
    },
    option: { title: { en: "note", de: "Notiz" } },
    preset: "always",
    options: [
      {
        value: "always",
        label: { en: "For every lead", de: "Bei jedem Lead" },
        help: {
          en: "Pipedrive has no field for a message.",
          de: "Pipedrive hat kein Feld für eine Nachricht.",
        },
      },
      {
        value: "never",
        label: { en: "Never", de: "Niemals" },
        help: {
          en: "What no field gets is not in Pipedrive then.",
          de: "Was kein Feld bekommt, steht dann nicht in Pipedrive.",
        },
      },
    ],
  }),
  language: languageField({
    en: "The language of everything in the note that the lead does not say itself.",
    de: "In dieser Sprache steht in der Notiz, was nicht vom Lead selbst kommt.",
  }),
  runIdField: optionalText("run_id_field", {
    label: { en: "Deal field of the lead's id", de: "Deal-Feld für die Kennung des Leads" },
    help: {
      en: "The key, of 40 digits, of a text field of deals. By it a deal that is there already is recognised for certain when a lead is sent again. Leads need none.",
      de: "Der 40-stellige Schlüssel eines Textfelds für Deals. Daran wird ein schon vorhandener Deal sicher erkannt, wenn ein Lead noch einmal gesendet wird. Leads brauchen keines.",
    },
    example: "dcf558aac1ae4e8c4f849ba5e668430d8df9be12",
    advanced: true,
    option: { title: { en: "field of the id", de: "Feld der Kennung" } },
  }),
  baseUrl: serviceUrl("base_url", {
    preset: "https://api.pipedrive.com",
    label: { en: "Address of the API", de: "Adresse der API" },
    help: {
      en: "Pipedrive's, or that of your company: https://example.pipedrive.com.",
      de: "Die von Pipedrive oder die Ihrer Firma: https://beispiel.pipedrive.com.",
    },
    example: "https://example.pipedrive.com",
    advanced: true,
    option: { title: { en: "address", de: "Adresse" } },
  }),
  ...recordMapFields(usualRecord),
  ...answerFields,
  ...sendingFields,
} as const;

export type PipedriveDestination = DestinationOf<typeof pipedriveFields>;
