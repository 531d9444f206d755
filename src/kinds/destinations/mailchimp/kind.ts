// Destinations of kind `mailchimp`: every lead is a member of an audience, known by its e-mail address.
import { destinationKind } from "../destination-kind.ts";
import { memberAnswers } from "./answers.ts";
import { mailchimpFields } from "./fields.ts";

export const mailchimp = destinationKind({
  kind: "mailchimp",
  group: "newsletters",
  label: { en: "Mailchimp", de: "Mailchimp" },
  help: {
    en: "Every lead with an e-mail address is a contact in an audience. Leads without one cannot go there.",
    de: "Jeder Lead mit E-Mail-Adresse wird ein Kontakt in einer Zielgruppe. Leads ohne Adresse können nicht dorthin.",
  },
  testLeaves: {
    en: "A test lead is a contact in the audience, which every further test updates. Where new contacts are asked to confirm, Mailchimp sends the first one a mail; the address under example.com is nobody's.",
    de: "Ein Testlead wird ein Kontakt in der Zielgruppe, den jeder weitere Test aktualisiert. Werden neue Kontakte um Bestätigung gebeten, sendet Mailchimp beim ersten Mal eine E-Mail; die Adresse unter example.com gehört niemandem.",
  },
  fields: mailchimpFields,
  answers: [{ rules: memberAnswers("https://us1.admin.mailchimp.com/lists/members/view?id={/web_id}") }],
  formOrder: ["token", "audience", "newStatus", "map", "success"],
  transport: () => import("./transport.ts"),
});
