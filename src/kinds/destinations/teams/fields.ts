// What is to say about a destination of kind `teams`.
import type { Checking } from "../../../config/fields/field.ts";
import { url } from "../../../config/fields/secret-fields.ts";
import { chatFields } from "../chat-fields.ts";
import type { DestinationOf } from "../destination-kind.ts";

const address = url("url", {
  label: { en: "Workflow URL", de: "Workflow-URL" },
  help: {
    en: "In Teams: the channel › Workflows › “Post to a channel when a webhook request is received”. Whoever knows it can post into the channel.",
    de: "In Teams: der Kanal › Workflows › „In einem Kanal posten, wenn eine Webhookanforderung empfangen wird“. Wer sie kennt, kann in den Kanal schreiben.",
  },
  example: "https://prod-00.germanywestcentral.logic.azure.com/workflows/0/triggers/manual/paths/invoke",
  option: { name: "address", title: { en: "address", de: "Adresse" } },
});

export const teamsFields = {
  url: { ...address, check: checkAddress },
  ...chatFields,
} as const;

export type TeamsDestination = DestinationOf<typeof teamsFields>;

/** Connectors are dead since about 2026-05. */
function checkAddress(written: unknown, checking: Checking): void {
  address.check?.(written, checking);
  if (typeof written !== "string" || !URL.canParse(written)) return;
  if (!/(?:^|\.)webhook\.office\.com$/i.test(new URL(written).hostname)) return;
  checking.note("problems", ["url"], { code: "text_unfit", params: { expected: workflowExpected } });
}

const workflowExpected = {
  en: "the address of a workflow (logic.azure.com or powerplatform.com); those at webhook.office.com are of connectors, which Microsoft has switched off",
  de: "die Adresse eines Workflows (logic.azure.com oder powerplatform.com); die unter webhook.office.com gehören zu Connectors, die Microsoft abgeschaltet hat",
} as const;
