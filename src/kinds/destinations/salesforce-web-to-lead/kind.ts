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
  fields: webToLeadFields,
  formOrder: ["oid", "map", "baseUrl"],
  transport: () => import("./transport.ts"),
});
