// Destinations of kind `brevo`: every lead is a contact of Brevo, on lists if wanted.
import { destinationKind } from "../destination-kind.ts";
import { brevoFields } from "./fields.ts";

export const brevo = destinationKind({
  kind: "brevo",
  group: "newsletters",
  label: { en: "Brevo", de: "Brevo" },
  help: {
    en: "Every lead is a contact, on the lists that you choose; somebody who is known is updated.",
    de: "Jeder Lead wird ein Kontakt auf den gewählten Listen; bereits Bekannte werden aktualisiert.",
  },
  fields: brevoFields,
  formOrder: ["token", "listIds", "map", "success"],
  transport: () => import("./transport.ts"),
});
