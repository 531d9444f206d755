// What is to say about a destination of kind `google-sheets`.
import type { Field } from "../../../config/fields/field.ts";
import { asText, text, textWithPreset } from "../../../config/fields/plain-fields.ts";
import { secretText } from "../../../config/fields/secret-fields.ts";
import { otherServiceUrl } from "../../../config/fields/service-url.ts";
import { answerFields } from "../answer-fields.ts";
import { baseUrlTexts, unfit, withPreset } from "../api-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";
import { readServiceAccount } from "./service-account.ts";

/** Headings of a new tab. */
const usualHeadings = {
  Received: "/received_at",
  Name: "/lead/name",
  Company: "/lead/company",
  Email: "/lead/email",
  Phone: "/lead/phones/0",
  Street: "/lead/street",
  "Postal code": "/lead/postal_code",
  Town: "/lead/town",
  Product: "/lead/product",
  Message: "/lead/message",
  Source: "/source",
} as const;

/** For Google, a service account is one user: 60 writes per minute (developers.google.com/sheets/api/limits). */
const limitsPreset = ["60/m"];
const concurrencyPreset = 4;

/** Of an address of the spreadsheet, or the id alone; null: neither. */
export function spreadsheetIdOf(written: string): string | null {
  const id = /\/spreadsheets\/d\/([\w-]+)/.exec(written)?.[1] ?? written.trim();
  return /^[\w-]{10,200}$/.test(id) ? id : null;
}

const spreadsheet: Field<string> = {
  ...text("spreadsheet", {
    label: { en: "Spreadsheet", de: "Tabelle" },
    help: {
      en: "Its address in the browser, or the long id in it. Share it with the service account's address (…gserviceaccount.com) as an editor.",
      de: "Ihre Adresse im Browser oder die lange ID darin. Geben Sie sie für die Adresse des Dienstkontos (…gserviceaccount.com) als Mitbearbeiter frei.",
    },
    example: "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz/edit",
    option: { title: { en: "spreadsheet", de: "Tabelle" } },
  }),
  isAddress: true,
  standIn: "to-be-filled-in",
  read: (written) => spreadsheetIdOf(asText(written)) ?? asText(written),
  check(written, checking) {
    if (typeof written === "string" && spreadsheetIdOf(written) === null)
      unfit(checking, "spreadsheet", {
        en: "a spreadsheet's address, such as https://docs.google.com/spreadsheets/d/1AbC…/edit",
        de: "die Adresse einer Tabelle, etwa https://docs.google.com/spreadsheets/d/1AbC…/edit",
      });
  },
};

const serviceAccount: Field<string> = {
  ...secretText("service_account", {
    label: { en: "Key of the service account (JSON)", de: "Schlüssel des Dienstkontos (JSON)" },
    help: {
      en: "In the Google Cloud Console: IAM & Admin › Service Accounts › the account › Keys › Add key › JSON. Paste the whole content of the file that is downloaded. The Google Sheets API must be enabled in the same project.",
      de: "In der Google Cloud Console: IAM & Verwaltung › Dienstkonten › das Konto › Schlüssel › Schlüssel hinzufügen › JSON. Fügen Sie den ganzen Inhalt der heruntergeladenen Datei ein. Im selben Projekt muss die Google Sheets API aktiviert sein.",
    },
    example: '{ "type": "service_account", "client_email": "…" }',
    option: { title: { en: "service account", de: "Dienstkonto" } },
  }),
  check(written, checking) {
    if (typeof written === "string" && readServiceAccount(written) === null)
      unfit(checking, "service_account", {
        en: 'the content of the JSON file that Google made for the key, beginning with { "type": "service_account"',
        de: 'der Inhalt der JSON-Datei, die Google für den Schlüssel erstellt hat; sie beginnt mit { "type": "service_account"',
      });
  },
};

const runIdHeading = textWithPreset("run_id_heading", {
  preset: "LeadLedger ID",
  label: { en: "Heading of the lead's id", de: "Überschrift der Lead-ID" },
  help: {
    en: "Under it stands which lead a row is. By it a repeat finds its row, so that no lead is there twice, and a changed lead changes its own row.",
    de: "Darunter steht, welcher Lead eine Zeile ist. Daran erkennt eine Wiederholung ihre Zeile, damit kein Lead zweimal dasteht, und ein geänderter Lead ändert seine eigene Zeile.",
  },
  advanced: true,
});

export const googleSheetsFields = {
  spreadsheet,
  tab: text("tab", {
    label: { en: "Name of the tab", de: "Tabellenblatt" },
    help: {
      en: "The name at the bottom of the spreadsheet. Leads wait while no tab is called that.",
      de: "Der Name unten in der Tabelle. Solange kein Blatt so heißt, warten die Leads.",
    },
    example: "Leads",
    option: { title: { en: "tab", de: "Tabellenblatt" } },
  }),
  serviceAccount,
  ...recordMapFields(usualHeadings),
  runIdHeading,
  ...answerFields,
  baseUrl: otherServiceUrl("base_url", { ...baseUrlTexts, preset: "https://sheets.googleapis.com" }),
  ...sendingFields,
  limits: withPreset(sendingFields.limits, limitsPreset),
  concurrency: withPreset(sendingFields.concurrency, concurrencyPreset),
} as const;

export type GoogleSheetsDestination = DestinationOf<typeof googleSheetsFields>;
