// Destinations of kind `dynamics`: every lead is a Lead in Microsoft Dynamics 365 (Dataverse), found again by its run id.
import { destinationKind } from "../destination-kind.ts";
import { leadAnswers } from "./answers.ts";
import { dynamicsFields } from "./fields.ts";

export const dynamics = destinationKind({
  kind: "dynamics",
  group: "crm",
  label: { en: "Microsoft Dynamics 365", de: "Microsoft Dynamics 365" },
  help: {
    en: "Every lead becomes a Lead in Dynamics 365 Sales (Dataverse), exactly once. If its duplicate detection refuses the person, the enquiry becomes a note at their record.",
    de: "Jeder Lead wird ein Lead in Dynamics 365 Sales (Dataverse), genau einmal. Lehnt die Duplikaterkennung die Person ab, wird die Anfrage eine Notiz an deren Datensatz.",
  },
  testLeaves: {
    en: "A test lead is a Lead in Dynamics like any other, one more for each test. Where duplicate detection refuses it, each further test is a note at the record of the test person instead, unless such leads are only to be counted.",
    de: "Ein Testlead wird in Dynamics ein Lead wie jeder andere, bei jedem Test einer mehr. Lehnt die Duplikaterkennung ihn ab, wird jeder weitere Test stattdessen eine Notiz am Datensatz der Testperson, sofern solche Leads nicht nur gezählt werden.",
  },
  fields: dynamicsFields,
  answers: [{ rules: leadAnswers }],
  formOrder: ["baseUrl", "oauth", "keyField", "knownPerson", "language", "map"],
  transport: () => import("./transport.ts"),
});
