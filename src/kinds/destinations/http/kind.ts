// Destinations of kind `http`: every lead is posted as JSON to an address (docs/contract.md, Outgoing requests).
import { destinationKind } from "../destination-kind.ts";
import { knownReceivers } from "./known-receivers.ts";
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
  testLeaves: {
    en: "A test lead is a request like any other: what it leaves behind is up to the receiver, which usually takes it for a lead.",
    de: "Ein Testlead ist eine Anfrage wie jede andere: Was er hinterlässt, bestimmt der Empfänger, der ihn in der Regel für einen Lead hält.",
  },
  fields: httpFields,
  answers: knownReceivers.map(({ name, answers: rules }) => ({
    when: { en: `Address of ${name}`, de: `Adresse von ${name}` },
    rules,
  })),
  formOrder: ["url", "auth", "secret", "headers", "query", "method", "success"],
  check: checkHttpAuth,
  tells: { fields: ["url", "secret", "headers", "allowPrivate"], isProof: true },
  transport: () => import("./transport.ts"),
});
