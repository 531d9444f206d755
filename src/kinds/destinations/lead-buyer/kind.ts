// Destinations of kind `lead-buyer`: every lead is offered to a buyer, who says whether it is taken, why not, and what is paid.
import { destinationKind } from "../destination-kind.ts";
import { buyerAnswers } from "./answers.ts";
import { leadBuyerFields, usualTerms } from "./fields.ts";

export const leadBuyer = destinationKind({
  kind: "lead-buyer",
  group: "webhooks",
  label: { en: "Lead buyer (LeadConduit and alike)", de: "Lead-Käufer (LeadConduit und ähnliche)" },
  help: {
    en: "Every lead is offered to a buyer, whose answer says outcome, reason and price.",
    de: "Jeder Lead wird einem Käufer angeboten, dessen Antwort Ergebnis, Grund und Preis nennt.",
  },
  testLeaves: {
    en: "A test lead is a real offer, one for each test, which the buyer may take, pass on and bill: ask the buyer for an address for tests.",
    de: "Ein Testlead ist ein echtes Angebot, bei jedem Test eines, das der Käufer annehmen, weitergeben und abrechnen kann: Fragen Sie ihn nach einer Adresse für Tests.",
  },
  fields: leadBuyerFields,
  answers: [
    {
      when: {
        en: "With the outcomes and places as they are preset",
        de: "Mit den voreingestellten Ergebnissen und Stellen",
      },
      rules: buyerAnswers(usualTerms),
    },
  ],
  formOrder: [
    ...(["url", "content", "map", "headers", "outcome", "accepted", "reason"] as const),
    ...(["duplicateTerm", "price", "leadId", "success"] as const),
  ],
  transport: () => import("./transport.ts"),
});
