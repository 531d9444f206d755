// Destinations of kind `slack`: every lead is a message in a channel, by an incoming webhook.
import { destinationKind } from "../destination-kind.ts";
import { slackFields } from "./fields.ts";

export const slack = destinationKind({
  kind: "slack",
  group: "people",
  label: { en: "Slack channel", de: "Slack-Channel" },
  help: {
    en: "Every lead is a message in a channel.",
    de: "Jeder Lead wird eine Nachricht in einem Channel.",
  },
  fields: slackFields,
  formOrder: ["url", "language"],
  transport: async () => (await import("./transport.ts")).slackTransport,
});
