// Destinations of kind `teams`: every lead is a card in a channel, by a workflow that takes webhook requests.
import { destinationKind } from "../destination-kind.ts";
import { teamsChat } from "./card.ts";
import { teamsFields } from "./fields.ts";

export const teams = destinationKind({
  kind: "teams",
  group: "people",
  label: { en: "Microsoft Teams channel", de: "Microsoft-Teams-Kanal" },
  help: {
    en: "Every lead is a card in a channel. A workflow answers before it posts, so that nobody can tell whether the card is there: such leads are marked as unproven.",
    de: "Jeder Lead wird eine Karte in einem Kanal. Ein Workflow antwortet, bevor er postet; ob die Karte ankam, weiß deshalb niemand: Solche Leads sind als unbestätigt gekennzeichnet.",
  },
  testLeaves: {
    en: "A test lead is a card in the channel like any other, one for each test, which everybody there sees.",
    de: "Ein Testlead ist eine Karte im Kanal wie jede andere, bei jedem Test eine; alle dort sehen sie.",
  },
  fields: teamsFields,
  answers: [{ rules: teamsChat.answers }],
  formOrder: ["url", "language"],
  tells: { fields: ["url"] },
  transport: async () => (await import("./transport.ts")).teamsTransport,
});
