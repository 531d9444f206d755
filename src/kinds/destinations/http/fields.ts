// What is to say about a destination of kind `http`.
import { headers, signingSecret, url } from "../../../config/fields/secret-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";
import { answerFields } from "../answer-fields.ts";
import { sendingFields } from "../shared-fields.ts";

export const httpFields = {
  url: url("url", {
    description: "Where leads are posted to.",
    label: { en: "Address", de: "Adresse (URL)" },
    help: {
      en: "Where leads are posted to. Credentials do not belong in it but in a header.",
      de: "Wohin die Leads gesendet werden. Zugangsdaten gehören nicht hinein, sondern in einen Header.",
    },
    example: "https://crm.example/api/leads",
    option: {
      name: "address",
      text: { en: "where leads are posted to", de: "wohin Leads gesendet werden" },
      title: { en: "address", de: "Adresse" },
    },
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
  ...sendingFields,
} as const;

export type HttpDestination = DestinationOf<typeof httpFields>;
