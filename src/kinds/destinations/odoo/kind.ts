// Destinations of kind `odoo`: every lead is a lead of Odoo's CRM, over JSON-2 (Odoo 19 and later).
import { destinationKind } from "../destination-kind.ts";
import { createAnswers } from "./answers.ts";
import { odooFields } from "./fields.ts";

export const odoo = destinationKind({
  kind: "odoo",
  group: "crm",
  label: { en: "Odoo (19 and later)", de: "Odoo (ab 19)" },
  help: {
    en: "Every lead is a lead in Odoo's CRM.",
    de: "Jeder Lead wird ein Lead im CRM von Odoo.",
  },
  testLeaves: {
    en: "A test lead is a lead in Odoo's CRM like any other, one more for each test.",
    de: "Ein Testlead wird im CRM von Odoo ein Lead wie jeder andere, bei jedem Test einer mehr.",
  },
  fields: odooFields,
  answers: [{ rules: createAnswers("https://odoo.example/odoo/crm.lead/{id}") }],
  formOrder: ["url", "token", "keyExpires", "database", "map", "runIdField", "success"],
  transport: () => import("./transport.ts"),
});
