// Destinations of kind `salesforce`: every lead is a Lead in Salesforce, found again by its run id.
import { destinationKind } from "../destination-kind.ts";
import { leadAnswers } from "./answers.ts";
import { salesforceFields } from "./fields.ts";

export const salesforce = destinationKind({
  kind: "salesforce",
  group: "crm",
  label: { en: "Salesforce", de: "Salesforce" },
  help: {
    en: "Every lead becomes a Lead in Salesforce, exactly once. If Salesforce knows the person, the enquiry becomes a task at their record.",
    de: "Jeder Lead wird ein Lead in Salesforce, genau einmal. Kennt Salesforce die Person schon, wird die Anfrage eine Aufgabe an deren Datensatz.",
  },
  testLeaves: {
    en: "A test lead is a Lead in Salesforce like any other, one more for each test; assignment rules and mails of Salesforce see it, too. Where a duplicate rule refuses it, each further test is a task at the record of the test person instead, unless such leads are only to be counted.",
    de: "Ein Testlead wird in Salesforce ein Lead wie jeder andere, bei jedem Test einer mehr; auch Zuordnungsregeln und E-Mails von Salesforce behandeln ihn so. Lehnt eine Duplikatregel ihn ab, wird jeder weitere Test stattdessen eine Aufgabe am Datensatz der Testperson, sofern solche Leads nicht nur gezählt werden.",
  },
  fields: salesforceFields,
  answers: [{ rules: leadAnswers("https://example.my.salesforce.com") }],
  formOrder: ["baseUrl", "oauth", "externalIdField", "knownPerson", "language", "assignment", "map"],
  transport: () => import("./transport.ts"),
});
