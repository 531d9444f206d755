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
  fields: emailFields,
  formOrder: ["server", "user", "password", "from", "to", "language", "security"],
  transport: () => import("./transport.ts"),
});
