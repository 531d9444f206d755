// Destinations of kind `email`: every lead is a mail to people, or to a system that reads mail.
import { destinationKind } from "../destination-kind.ts";
import { emailFields } from "./fields.ts";

export const email = destinationKind({
  kind: "email",
  group: "people",
  label: { en: "E-mail", de: "E-Mail" },
  help: {
    en: "Every lead is an e-mail that a person can read and reply to.",
    de: "Jeder Lead wird eine E-Mail, die ein Mensch lesen und beantworten kann.",
  },
  testLeaves: {
    en: "A test lead is an e-mail like any other, one for each test, and stays in the mailboxes of those who get it.",
    de: "Ein Testlead ist eine E-Mail wie jede andere, bei jedem Test eine, und bleibt in den Postfächern der Empfänger liegen.",
  },
  fields: emailFields,
  formOrder: ["server", "user", "password", "from", "to", "language", "security"],
  tells: { fields: ["to"], byMailAccount: true },
  transport: () => import("./transport.ts"),
});
