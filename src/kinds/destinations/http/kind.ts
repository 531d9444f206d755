// Destinations of kind `http`: every lead is posted as JSON to an address (docs/contract.md, Outgoing requests).
import { destinationKind } from "../destination-kind.ts";
import { checkHttpAuth } from "./auth-fields.ts";
import { httpFields } from "./fields.ts";

export const http = destinationKind({
  kind: "http",
  group: "webhooks",
  label: { en: "HTTP (webhook)", de: "HTTP (Webhook)" },
  help: {
    en: "Every lead is posted as JSON to an address: a CRM, an automation, a program of your own.",
    de: "Jeder Lead wird als JSON an eine Adresse gesendet: an ein CRM, eine Automatisierung oder ein eigenes Programm.",
  },
  fields: httpFields,
  formOrder: ["url", "auth", "secret", "headers", "query", "method", "success"],
  check: checkHttpAuth,
  transport: () => import("./transport.ts"),
});
