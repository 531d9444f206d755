// What is to say about a destination of kind `odoo`.
import { lastValidInstant, parseExpiry } from "../../../config/secret-expiry.ts";
import type { Field } from "../../../config/fields/field.ts";
import { optionalText, textWithPreset } from "../../../config/fields/plain-fields.ts";
import { secretText, url } from "../../../config/fields/secret-fields.ts";
import { answerFields } from "../answer-fields.ts";

import type { DestinationOf } from "../destination-kind.ts";
import { recordMapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";

/** By Odoo's own names (crm.lead). Its name is the only one without which Odoo takes no lead. */
const usualRecord = {
  name: {
    first: [{ pointer: "/lead/product" }, "/lead/name", "/lead/company", "/lead/email", "/lead/phones/0"],
    default: "Lead",
  },
  contact_name: "/lead/name",
  partner_name: "/lead/company",
  email_from: "/lead/email",
  phone: "/lead/phones/0",
  street: "/lead/street",
  zip: "/lead/postal_code",
  city: "/lead/town",
  description: "/lead/message",
} as const;

/** Odoo's API keys live at most three months. */
const warnedBeforeEndMs = 14 * 24 * 3_600_000;

const keyExpires: Field<string | undefined> = {
  ...optionalText("key_expires", {
    format: "expiry",
    label: { en: "The key ends on", de: "Der Schlüssel endet am" },
    help: {
      en: "The date that Odoo showed when the key was made: at most three months ahead. From 14 days before there is a warning.",
      de: "Das Datum, das Odoo beim Anlegen des Schlüssels gezeigt hat: höchstens drei Monate voraus. Ab 14 Tagen davor kommt eine Warnung.",
    },
    example: "2027-02-28",
    option: { title: { en: "key ends", de: "Schlüssel endet" } },
  }),
  check(written, { name, note }) {
    const expiry = typeof written === "string" ? parseExpiry(written) : null;
    if (expiry === null) return;
    const endsMs = lastValidInstant(expiry, "UTC").getTime();
    if (endsMs - Date.now() < warnedBeforeEndMs)
      note("warnings", ["key_expires"], {
        code: "key_ends",
        params: { destination: name, on: String(written) },
      });
  },
};

export const odooFields = {
  url: url("url", {
    label: { en: "Address of Odoo", de: "Adresse von Odoo" },
    help: {
      en: "As it stands in the browser, without what comes behind the name. The interface is open only with the plan “Custom”, and on servers of your own.",
      de: "Wie sie im Browser steht, ohne das, was auf den Namen folgt. Die Schnittstelle ist nur im Tarif „Custom“ und auf eigenen Servern offen.",
    },
    example: "https://example.odoo.com",
    option: { name: "address", title: { en: "address", de: "Adresse" } },
  }),
  token: secretText("token", {
    format: "token",
    label: { en: "API key", de: "API-Schlüssel" },
    help: {
      en: "In Odoo, as the user that writes the leads: Preferences › Account Security (Security) › New API Key.",
      de: "In Odoo als der Benutzer, der die Leads schreibt: Einstellungen › Kontosicherheit (Sicherheit) › Neuer API-Schlüssel.",
    },
    example: "9a1f0c6e2b7d4e8f",
    option: { title: { en: "API key", de: "API-Schlüssel" } },
  }),
  keyExpires,
  database: optionalText("database", {
    format: "header-value",
    label: { en: "Database", de: "Datenbank" },
    help: {
      en: "Only where several databases answer at this address.",
      de: "Nur, wenn unter dieser Adresse mehrere Datenbanken antworten.",
    },
    example: "production",
    advanced: true,
  }),
  ...recordMapFields(usualRecord),
  runIdField: textWithPreset("run_id_field", {
    preset: "x_run_id",
    label: { en: "Field of the lead's id", de: "Feld der Lead-ID" },
    help: {
      en: "A text field of Odoo's leads. By it a repeat finds what is there already, so that no lead is there twice. Create it on the page “Map the fields”, or write `description` here: then the id stands in the last line of the notes.",
      de: "Ein Textfeld der Leads in Odoo. Daran erkennt eine Wiederholung, was schon da ist, damit kein Lead zweimal dasteht. Legen Sie es auf der Seite „Felder zuordnen“ an, oder schreiben Sie hier `description`: Dann steht die ID in der letzten Zeile der Notizen.",
    },
    advanced: true,
  }),
  ...answerFields,
  ...sendingFields,
} as const;

export type OdooDestination = DestinationOf<typeof odooFields>;
