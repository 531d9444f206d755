// Destinations of kind `mailchimp`: every lead is a member of an audience, known by its e-mail address.
import { destinationKind } from "../destination-kind.ts";
import { mailchimpFields } from "./fields.ts";

export const mailchimp = destinationKind({
  kind: "mailchimp",
  group: "newsletters",
  label: { en: "Mailchimp", de: "Mailchimp" },
  help: {
    en: "Every lead with an e-mail address is a contact in an audience. Leads without one cannot go there.",
    de: "Jeder Lead mit E-Mail-Adresse wird ein Kontakt in einer Zielgruppe. Leads ohne Adresse können nicht dorthin.",
  },
  fields: mailchimpFields,
  formOrder: ["token", "audience", "newStatus", "map", "success"],
  transport: () => import("./transport.ts"),
});
