// Destinations of kind `salesforce`: every lead is a Lead in Salesforce, found again by its run id.
import { destinationKind } from "../destination-kind.ts";
import { salesforceFields } from "./fields.ts";

export const salesforce = destinationKind({
  kind: "salesforce",
  group: "crm",
  label: { en: "Salesforce", de: "Salesforce" },
  help: {
    en: "Every lead becomes a Lead in Salesforce, exactly once. If Salesforce knows the person, the enquiry becomes a task at their record.",
    de: "Jeder Lead wird ein Lead in Salesforce, genau einmal. Kennt Salesforce die Person schon, wird die Anfrage eine Aufgabe an deren Datensatz.",
  },
  fields: salesforceFields,
  formOrder: ["baseUrl", "oauth", "externalIdField", "knownPerson", "language", "assignment", "map"],
  transport: () => import("./transport.ts"),
});
