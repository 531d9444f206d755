// Destinations of kind `salesforce-web-to-lead`: every lead is posted as the form that Salesforce makes for web pages.
import { destinationKind } from "../destination-kind.ts";
import { webToLeadFields } from "./fields.ts";

export const salesforceWebToLead = destinationKind({
  kind: "salesforce-web-to-lead",
  group: "crm",
  label: { en: "Salesforce (Web-to-Lead)", de: "Salesforce (Web-to-Lead)" },
  help: {
    en: "For editions without the API: every lead is posted as a form. Salesforce answers alike whether it takes it or not, so that such leads are always marked as unproven.",
    de: "Für Editionen ohne API: Jeder Lead wird als Formular gesendet. Salesforce antwortet gleich, ob es ihn annimmt oder nicht; solche Leads sind deshalb immer als unbestätigt gekennzeichnet.",
  },
  testLeaves: {
    en: "A test lead is a Lead in Salesforce like any other, one more for each test, if Salesforce takes it; assignment rules and mails of Salesforce see it, too.",
    de: "Ein Testlead wird in Salesforce ein Lead wie jeder andere, bei jedem Test einer mehr, wenn Salesforce ihn annimmt; auch Zuordnungsregeln und E-Mails von Salesforce behandeln ihn so.",
  },
  fields: webToLeadFields,
  formOrder: ["oid", "map", "baseUrl"],
  transport: () => import("./transport.ts"),
});
