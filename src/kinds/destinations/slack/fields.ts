// What is to say about a destination of kind `slack`.
import { url } from "../../../config/fields/secret-fields.ts";
import { chatFields } from "../chat-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";

export const slackFields = {
  url: url("url", {
    label: { en: "Webhook URL", de: "Webhook-URL" },
    help: {
      en: "In Slack: your app › Incoming Webhooks › Add New Webhook. Whoever knows it can post into the channel.",
      de: "In Slack: Ihre App › Incoming Webhooks › Add New Webhook. Wer sie kennt, kann in den Channel schreiben.",
    },
    example: "https://hooks.slack.com/services/T000/B000/XXXX",
    option: { name: "address", title: { en: "address", de: "Adresse" } },
  }),
  ...chatFields,
} as const;

export type SlackDestination = DestinationOf<typeof slackFields>;
