// Destinations of kind `espocrm`: every lead is a lead of EspoCRM.
import { destinationKind } from "../destination-kind.ts";
import { captureAnswers, createAnswers } from "./answers.ts";
import { espocrmFields, wayLabels } from "./fields.ts";

export const espocrm = destinationKind({
  kind: "espocrm",
  group: "crm",
  label: { en: "EspoCRM", de: "EspoCRM" },
  help: {
    en: "Every lead is a lead in EspoCRM; of somebody who is known, a note at their record.",
    de: "Jeder Lead wird ein Lead in EspoCRM; bei bereits Bekannten eine Notiz an ihrem Datensatz.",
  },
  testLeaves: {
    en: "A test lead is a lead in EspoCRM. Where EspoCRM recognises the test person, every further test is added to that record, as a note or by updating it; else it is one more lead.",
    de: "Ein Testlead wird in EspoCRM ein Lead. Erkennt EspoCRM die Testperson, kommt jeder weitere Test zu diesem Datensatz hinzu, als Notiz oder als Aktualisierung; sonst entsteht noch ein Lead.",
  },
  fields: espocrmFields,
  answers: [
    { when: wayLabels.api, rules: createAnswers("https://crm.example/#Lead/view/{id}") },
    { when: wayLabels.capture, rules: captureAnswers },
  ],
  formOrder: ["url", "way", "token", "map", "knownPerson", "language", "runIdField", "success"],
  transport: () => import("./transport.ts"),
});
