// What is to say about a destination of kind `http`.
import type { Checking } from "../../../config/fields/field.ts";
import { choice } from "../../../config/fields/plain-fields.ts";
import { headers, parameters, signingSecret, url } from "../../../config/fields/secret-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { answerFields } from "../answer-fields.ts";
import { contentField, mapFields } from "../map-fields.ts";
import { sendingFields } from "../shared-fields.ts";
import { httpAuth } from "./auth-fields.ts";
import { isTestAddress } from "./known-receivers.ts";

const address = url("url", {
  description: "Where leads are posted to.",
  label: { en: "Address", de: "Adresse (URL)" },
  help: {
    en: "Where leads are posted to. Credentials do not belong in it but below.",
    de: "Wohin die Leads gesendet werden. Zugangsdaten gehören nicht hinein, sondern in die Felder darunter.",
  },
  example: "https://crm.example/api/leads",
  option: {
    name: "address",
    text: { en: "where leads are posted to", de: "wohin Leads gesendet werden" },
    title: { en: "address", de: "Adresse" },
  },
});

export const httpFields = {
  url: { ...address, check: checkAddress },
  method: choice("method", {
    label: { en: "Method", de: "Methode" },
    option: { title: { en: "method", de: "Methode" } },
    help: {
      en: "What the receiver's documentation asks for.",
      de: "Wie in der Dokumentation des Empfängers verlangt.",
    },
    options: [
      {
        value: "POST",
        label: { en: "POST", de: "POST" },
        help: { en: "Nearly always the right one.", de: "Fast immer die richtige." },
      },
      {
        value: "PUT",
        label: { en: "PUT", de: "PUT" },
        help: {
          en: "For receivers that write what comes in the place of what is there.",
          de: "Für Empfänger, die das Gesendete an die Stelle des Vorhandenen setzen.",
        },
      },
      {
        value: "PATCH",
        label: { en: "PATCH", de: "PATCH" },
        help: {
          en: "For receivers that change single fields of what is there.",
          de: "Für Empfänger, die vom Vorhandenen einzelne Felder ändern.",
        },
      },
    ],
    preset: "POST",
    advanced: true,
  }),
  secret: signingSecret("secret", {
    description: "Signs every delivery (Standard Webhooks); absent: no signature.",
    label: { en: "Signing secret", de: "Signaturgeheimnis" },
    help: {
      en: "Signs every delivery, so that the receiver can check that it comes from you (Standard Webhooks). Without one there is no signature.",
      de: "Signiert jede Zustellung, damit der Empfänger prüfen kann, dass sie von Ihnen kommt (Standard Webhooks). Ohne Geheimnis gibt es keine Signatur.",
    },
    option: { title: { en: "secrets", de: "Geheimnisse" } },
  }),
  headers: headers("headers", {
    description: "Sent with every delivery.",
    label: { en: "Headers", de: "Header" },
    help: {
      en: "Sent with every delivery, for example Authorization with a key of the receiver's.",
      de: "Gehen mit jeder Zustellung mit, zum Beispiel Authorization mit einem Token des Empfängers.",
    },
    option: {
      name: "header",
      text: { en: "sent with every delivery", de: "geht mit jeder Zustellung mit" },
      title: { en: "headers", de: "Header" },
    },
  }),
  ...answerFields,
  query: parameters("query", {
    shownAs: "query_names",
    description: "Parameters behind the address's `?`, sent with every delivery.",
    label: { en: "Parameters", de: "Parameter" },
    help: {
      en: "Stand behind the address's `?` in every delivery. Proxies on the way may write them into their logs.",
      de: "Stehen bei jeder Zustellung hinter dem `?` der Adresse. Proxys auf dem Weg schreiben sie womöglich in ihre Logs.",
    },
    advanced: true,
    option: {
      text: { en: "parameter behind the address's ?", de: "Parameter hinter dem ? der Adresse" },
      title: { en: "parameters", de: "Parameter" },
    },
  }),
  auth: httpAuth,
  ...mapFields,
  content: contentField,
  ...sendingFields,
} as const;

export type HttpDestination = DestinationOf<typeof httpFields>;

function checkAddress(written: unknown, checking: Checking): void {
  address.check?.(written, checking);
  if (typeof written !== "string" || !URL.canParse(written) || !isTestAddress(new URL(written))) return;
  checking.note("problems", ["url"], { code: "text_unfit", params: { expected: productionExpected } });
}

const productionExpected = {
  en: "n8n's production address (/webhook/…); the one with /webhook-test/ takes one call while somebody looks at the editor",
  de: "die Production-URL von n8n (/webhook/…); die mit /webhook-test/ nimmt einen Aufruf an, während jemand im Editor zusieht",
} as const;
