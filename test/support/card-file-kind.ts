// A kind of destination for tests whose receiver has fields of its own, and makes new ones.
import { url } from "../../src/config/fields/secret-fields.ts";
import type { RemoteField } from "../../src/domain/destinations/remote-field.ts";
import { destinationKind } from "../../src/kinds/destinations/destination-kind.ts";
import type { DestinationOf } from "../../src/kinds/destinations/destination-kind.ts";
import { dialogueSender, fieldsFrom, jsonRequest } from "../../src/kinds/destinations/dialogue.ts";
import { recordMapFields } from "../../src/kinds/destinations/map-fields.ts";
import { sendingFields } from "../../src/kinds/destinations/shared-fields.ts";

const cardFileFields = {
  url: url("url", {
    label: { en: "Address", de: "Adresse" },
    help: { en: "Of the card file.", de: "Der Kartei." },
    example: "https://cards.example",
    option: { name: "address" },
  }),
  ...recordMapFields({ mail: "/lead/email" }),
  ...sendingFields,
} as const;

export const cardFile = destinationKind({
  kind: "card-file",
  group: "tables",
  label: { en: "Card file", de: "Kartei" },
  help: { en: "Every lead is a card.", de: "Jeder Lead ist eine Karte." },
  testLeaves: {
    en: "A test lead is a card like any other.",
    de: "Ein Testlead ist eine Karte wie jede andere.",
  },
  fields: cardFileFields,
  transport: () =>
    Promise.resolve({
      open: (destination: DestinationOf<typeof cardFileFields>, deps) =>
        dialogueSender(destination, deps, {
          origin: new URL(destination.url),
          prove: () => ({}),
          deliver: async (message, ask) =>
            (await ask({ request: jsonRequest("POST", "/cards", message.body), answers: [] })).outcome,
          fields: async (ask) =>
            fieldsFrom(
              await ask({ request: jsonRequest("GET", "/fields"), answers: [] }),
              (json) => json as readonly RemoteField[],
            ),
          createField: async ({ label, type }, ask) => {
            const request = jsonRequest("POST", "/fields", JSON.stringify({ label }));
            const reply = await ask({ request, answers: [] });
            if (reply.kind === "failed") return { kind: "not_created", outcome: reply.outcome };
            return {
              kind: "created",
              field: { target: label.toLowerCase(), label, type, isRequired: false },
            };
          },
        }),
      preview: () => ({ method: "POST", url: "", headers: {}, body: "" }),
    }),
});
