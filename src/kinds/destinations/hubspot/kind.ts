// Destinations of kind `hubspot`: every lead is a contact with a note, or a note at the contact that is there.
import { destinationKind } from "../destination-kind.ts";
import { hubspotFields } from "./fields.ts";

export const hubspot = destinationKind({
  kind: "hubspot",
  group: "crm",
  label: { en: "HubSpot", de: "HubSpot" },
  help: {
    en: "Every lead is a contact in HubSpot; the enquiry is a note there, also at a contact that is known already.",
    de: "Jeder Lead wird ein Kontakt in HubSpot; die Anfrage steht dort als Notiz, auch bei einem schon bekannten Kontakt.",
  },
  fields: hubspotFields,
  formOrder: ["token", "note", "language"],
  transport: async () => (await import("./transport.ts")).hubspotTransport,
});
