// What is to say about a destination of kind `espocrm`.
import { choice, textWithPreset } from "../../../config/fields/plain-fields.ts";
import { secretText, url } from "../../../config/fields/secret-fields.ts";
import { answerFields } from "../answer-fields.ts";

import type { DestinationOf } from "../destination-kind.ts";
import { languageField } from "../language-field.ts";
import { recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** EspoCRM takes no lead without a last name. */
const usualRecord = {
  firstName: "/lead/first_name",
  lastName: ["/lead/last_name", "/lead/name", "/lead/company", "/lead/email", "/lead/phones/0"],
  accountName: "/lead/company",
  emailAddress: "/lead/email",
  phoneNumber: "/lead/phones/0",
  addressStreet: "/lead/street",
  addressPostalCode: "/lead/postal_code",
  addressCity: "/lead/town",
  description: "/lead/message",
} as const;

export const wayLabels = {
  api: { en: "API user", de: "API-Benutzer" },
  capture: { en: "Lead Capture", de: "Lead-Erfassung (Lead Capture)" },
} as const;

export const espocrmFields = {
  url: url("url", {
    label: { en: "Address of EspoCRM", de: "Adresse von EspoCRM" },
    help: {
      en: "As it stands in the browser, up to the #.",
      de: "Wie sie im Browser steht, bis zum #.",
    },
    example: "https://crm.example.com",
    option: { name: "address", title: { en: "address", de: "Adresse" } },
  }),
  way: choice("way", {
    label: { en: "Way into EspoCRM", de: "Weg in EspoCRM" },
    help: {
      en: "Which of EspoCRM's two interfaces takes the leads.",
      de: "Welche der beiden Schnittstellen von EspoCRM die Leads annimmt.",
    },
    preset: "api",
    options: [
      {
        value: "api",
        label: wayLabels.api,
        help: {
          en: "Leads are created; somebody who is known gets a note. The usual one.",
          de: "Leads werden angelegt, bereits Bekannte bekommen eine Notiz. Der übliche Weg.",
        },
      },
      {
        value: "lead_capture",
        label: wayLabels.capture,
        help: {
          en: "EspoCRM decides by the settings of the entry point. Whoever is known is updated, and nobody is told.",
          de: "EspoCRM entscheidet nach den Einstellungen des Einstiegspunkts. Bereits Bekannte werden aktualisiert, ohne dass es jemand erfährt.",
        },
      },
    ],
  }),
  token: secretText("token", {
    format: "token",
    label: { en: "API key", de: "API-Schlüssel" },
    help: {
      en: "Of an API user: Administration › API Users › the user. It needs a role that may create, read and edit leads. For Lead Capture: Administration › Lead Capture › the entry point.",
      de: "Eines API-Benutzers: Administration › API-Benutzer › der Benutzer. Er braucht eine Rolle, die Leads anlegen, lesen und bearbeiten darf. Für Lead Capture: Administration › Lead-Erfassung › der Einstiegspunkt.",
    },
    example: "9a1f0c6e2b7d4e8f",
    option: { title: { en: "API key", de: "API-Schlüssel" } },
  }),
  ...recordMapFields(usualRecord),
  knownPerson: choice("known_person", {
    label: { en: "When the person is known", de: "Wenn die Person bekannt ist" },
    help: {
      en: "What happens when EspoCRM finds a lead with the same name, address or number.",
      de: "Was geschieht, wenn EspoCRM einen Lead mit gleichem Namen, gleicher Adresse oder Nummer findet.",
    },
    preset: "note",
    options: [
      {
        value: "note",
        label: { en: "Note in the stream", de: "Notiz im Verlauf" },
        help: {
          en: "The enquiry stands as a post at the record that is there, which stays as it is.",
          de: "Die Anfrage steht als Beitrag am vorhandenen Datensatz; dieser bleibt, wie er ist.",
        },
      },
      {
        value: "update",
        label: { en: "Update the record", de: "Datensatz aktualisieren" },
        help: {
          en: "What this lead says takes the place of what stands there.",
          de: "Was dieser Lead sagt, ersetzt, was dort steht.",
        },
      },
      {
        value: "create",
        label: { en: "Create another lead", de: "Weiteren Lead anlegen" },
        help: {
          en: "EspoCRM does not look for duplicates (X-Skip-Duplicate-Check).",
          de: "EspoCRM sucht nicht nach Dubletten (X-Skip-Duplicate-Check).",
        },
      },
    ],
  }),
  language: languageField({
    en: "The language of everything in the note that the lead does not say itself.",
    de: "In dieser Sprache steht in der Notiz, was nicht vom Lead selbst kommt.",
  }),
  runIdField: textWithPreset("run_id_field", {
    preset: "description",
    label: { en: "Field of the lead's id", de: "Feld der Lead-ID" },
    help: {
      en: "By it a repeat finds what is there already. In the description it stands in the last line; a text field of your own keeps it apart.",
      de: "Daran erkennt eine Wiederholung, was schon da ist. In der Beschreibung steht sie in der letzten Zeile; ein eigenes Textfeld hält sie getrennt.",
    },
    example: "cLeadLedgerId",
    advanced: true,
  }),
  ...answerFields,
  ...sendingFields,
} as const;

export type EspocrmDestination = DestinationOf<typeof espocrmFields>;
