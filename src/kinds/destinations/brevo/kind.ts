// Destinations of kind `brevo`: every lead is a contact of Brevo, on lists if wanted.
import { destinationKind } from "../destination-kind.ts";
import { contactAnswers } from "./answers.ts";
import { brevoFields } from "./fields.ts";

export const brevo = destinationKind({
  kind: "brevo",
  group: "newsletters",
  label: { en: "Brevo", de: "Brevo" },
  help: {
    en: "Every lead is a contact, on the lists that you choose; somebody who is known is updated.",
    de: "Jeder Lead wird ein Kontakt auf den gewählten Listen; bereits Bekannte werden aktualisiert.",
  },
  testLeaves: {
    en: "A test lead is a contact in Brevo, on the lists that are chosen; every further test updates that contact. Brevo's automations see it like any other.",
    de: "Ein Testlead wird in Brevo ein Kontakt auf den gewählten Listen; jeder weitere Test aktualisiert diesen Kontakt. Automationen von Brevo behandeln ihn wie jeden anderen.",
  },
  fields: brevoFields,
  answers: [{ rules: contactAnswers("https://app.brevo.com/contact/index/{id}") }],
  formOrder: ["token", "listIds", "map", "success"],
  transport: () => import("./transport.ts"),
});
