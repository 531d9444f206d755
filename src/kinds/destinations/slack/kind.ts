// Destinations of kind `slack`: every lead is a message in a channel, by an incoming webhook.
import { destinationKind } from "../destination-kind.ts";
import { slackChat } from "./blocks.ts";
import { slackFields } from "./fields.ts";

export const slack = destinationKind({
  kind: "slack",
  group: "people",
  label: { en: "Slack channel", de: "Slack-Channel" },
  help: {
    en: "Every lead is a message in a channel.",
    de: "Jeder Lead wird eine Nachricht in einem Channel.",
  },
  testLeaves: {
    en: "A test lead is a message in the channel like any other, one for each test, which everybody there sees.",
    de: "Ein Testlead ist eine Nachricht im Channel wie jede andere, bei jedem Test eine; alle dort sehen sie.",
  },
  fields: slackFields,
  answers: [{ rules: slackChat.answers }],
  formOrder: ["url", "language"],
  tells: { fields: ["url"] },
  transport: async () => (await import("./transport.ts")).slackTransport,
});
