// Destinations of kind `zoho`: every lead is a Lead in Zoho CRM, or changes the one of the same person and adds a note to it.
import { destinationKind } from "../destination-kind.ts";
import { recordAnswers } from "./answers.ts";
import { zohoFields } from "./fields.ts";

export const zoho = destinationKind({
  kind: "zoho",
  group: "crm",
  label: { en: "Zoho CRM", de: "Zoho CRM" },
  help: {
    en: "Every lead becomes a Lead in Zoho CRM. If the person is known there, their Lead is brought up to date and the enquiry becomes a note at it.",
    de: "Jeder Lead wird ein Lead in Zoho CRM. Ist die Person dort bekannt, wird ihr Lead auf den neuen Stand gebracht, und die Anfrage wird eine Notiz daran.",
  },
  testLeaves: {
    en: "A test lead is a Lead in Zoho. Every further test updates that Lead and adds a note to it. Workflows run for it unless they are switched off.",
    de: "Ein Testlead wird in Zoho ein Lead. Jeder weitere Test bringt diesen Lead auf den neuen Stand und fügt eine Notiz hinzu. Workflows laufen auch für ihn, sofern sie nicht abgeschaltet sind.",
  },
  fields: zohoFields,
  answers: [{ rules: recordAnswers("https://crm.zoho.com/crm/tab/Leads/{id}") }],
  formOrder: ["dataCenter", "oauth", "duplicateCheck", "language", "workflows", "map"],
  transport: () => import("./transport.ts"),
});
