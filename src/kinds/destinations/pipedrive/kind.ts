// Destinations of kind `pipedrive`: every lead is a lead or a deal of a person, with the enquiry as a note.
import { destinationKind } from "../destination-kind.ts";
import { writeAnswers } from "./answers.ts";
import { pipedriveFields } from "./fields.ts";

export const pipedrive = destinationKind({
  kind: "pipedrive",
  group: "crm",
  label: { en: "Pipedrive", de: "Pipedrive" },
  help: {
    en: "Every lead is a lead or a deal in Pipedrive, of the person that is there or a new one, with the enquiry as a note.",
    de: "Jeder Lead wird ein Lead oder Deal in Pipedrive, bei der vorhandenen oder einer neuen Person, mit der Anfrage als Notiz.",
  },
  testLeaves: {
    en: "A test lead is a person in Pipedrive with a lead or a deal. Every further test adds a lead or a deal to the same person, each with a note where notes are wanted.",
    de: "Ein Testlead wird in Pipedrive eine Person mit einem Lead oder Deal. Jeder weitere Test fügt derselben Person einen Lead oder Deal hinzu, jeweils mit einer Notiz, wenn Notizen gewünscht sind.",
  },
  fields: pipedriveFields,
  answers: [{ rules: writeAnswers }],
  formOrder: ["token", "record", "note", "language"],
  transport: async () => (await import("./transport.ts")).pipedriveTransport,
});
