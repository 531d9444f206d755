// Destinations of kind `hubspot`: every lead is a contact with a note, or a note at the contact that is there.
import { destinationKind } from "../destination-kind.ts";
import { upsertAnswers } from "./answers.ts";
import { hubspotFields } from "./fields.ts";

export const hubspot = destinationKind({
  kind: "hubspot",
  group: "crm",
  label: { en: "HubSpot", de: "HubSpot" },
  help: {
    en: "Every lead is a contact in HubSpot; the enquiry is a note there, also at a contact that is known already.",
    de: "Jeder Lead wird ein Kontakt in HubSpot; die Anfrage steht dort als Notiz, auch bei einem schon bekannten Kontakt.",
  },
  testLeaves: {
    en: "A test lead is a contact in HubSpot, which every further test updates. Each test adds a note there, as far as notes are wanted. Workflows see it like any other.",
    de: "Ein Testlead wird in HubSpot ein Kontakt, den jeder weitere Test aktualisiert. Jeder Test fügt dort eine Notiz hinzu, soweit Notizen gewünscht sind. Workflows behandeln ihn wie jeden anderen.",
  },
  fields: hubspotFields,
  answers: [{ rules: upsertAnswers }],
  formOrder: ["token", "note", "language"],
  transport: async () => (await import("./transport.ts")).hubspotTransport,
});
