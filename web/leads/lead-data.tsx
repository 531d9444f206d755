// What was in the lead: the contact as one reads it, and everything as it was sent. Person data is masked until somebody
// who may see it asks, which is recorded.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { LeadStory } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { Details } from "../ui/details.tsx";
import { LeadWords } from "./lead-words.tsx";

export function LeadData({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  const mayReveal = useMay("persons.read");
  const reveal = useMutation({
    mutationFn: () => call("GET /runs/:run_id", { params: { run_id: lead.run_id }, query: { reveal: true } }),
  });
  // What was shown is of then: it is masked again once the data has been replaced.
  const revealed =
    reveal.data !== undefined && versionOf(reveal.data) === versionOf(lead) ? reveal.data : null;
  const shown = revealed ?? lead;
  return (
    <Card
      title={text.title}
      actions={
        !mayReveal ? null : revealed === null ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconEye size={16} aria-hidden />}
            loading={reveal.isPending}
            onClick={() => reveal.mutate()}
          >
            {text.reveal}
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconEyeOff size={16} aria-hidden />}
            onClick={() => reveal.reset()}
          >
            {text.mask}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed" role="status">
          {revealed === null ? (mayReveal ? text.masked : text.maskedForGood) : text.recorded}
        </Text>
        {reveal.error === null ? null : <ProblemAlert error={reveal.error} />}
        {revealed === null ? null : <Facts isNarrow facts={[[text.key, revealed.idempotency_key]]} />}
        <Body lead={shown} isRevealed={revealed !== null} />
      </Stack>
    </Card>
  );
}

/** Grows when another body takes the place of the one before. */
function versionOf({ timeline }: LeadStory): number {
  return timeline.filter(({ event_type: type }) => bodyEvents.includes(type)).length;
}

const bodyEvents = ["lead_edited", "lead_corrected", "lead_completed", "lead_revised"];

function Body({ lead, isRevealed }: { readonly lead: LeadStory; readonly isRevealed: boolean }) {
  const text = useTexts(texts);
  const isPhone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  if (lead.body === null) {
    const refused = lead.dlq.find(({ kind }) => kind === "refused");
    return refused === undefined ? (
      <Alert color="gray">{text.noBody}</Alert>
    ) : (
      <JsonView label={text.unreadable} value={refused.payload} />
    );
  }
  return (
    <>
      {lead.lead === null ? null : <LeadWords lead={lead.lead} isRevealed={isRevealed} />}
      <Details title={text.whole} isOpenAtFirst={!isPhone}>
        <JsonView label={versionOf(lead) > 0 ? text.asEdited : text.asSent} value={lead.body} />
      </Details>
    </>
  );
}

const texts = {
  de: {
    title: "Kontakt und Daten",
    reveal: "Personendaten zeigen",
    mask: "Wieder verdecken",
    masked: "Personendaten sind verdeckt. Wer sie sich zeigen lässt, steht danach im Protokoll.",
    maskedForGood: "Personendaten sind verdeckt; Ihre Rolle sieht sie nicht.",
    recorded: "Sie sehen Personendaten. Das ist im Protokoll festgehalten.",
    key: "Kennung",
    noBody:
      "Zu diesem Lead liegen keine Daten vor: Er wurde von Hand angelegt, oder seine Daten wurden gelöscht.",
    unreadable: "Wie es ankam",
    whole: "Alle Daten",
    asSent: "Alles, wie es gesendet wurde",
    asEdited: "Alles, wie es jetzt gilt (das Original steht im Verlauf)",
  },
  en: {
    title: "Contact and data",
    reveal: "Show person data",
    mask: "Mask again",
    masked: "Person data is masked. Whoever has it shown stands in the log afterwards.",
    maskedForGood: "Person data is masked; your role does not see it.",
    recorded: "You see person data. That is recorded in the log.",
    key: "Key",
    noBody: "There is no data of this lead: it was made by hand, or its data was erased.",
    unreadable: "As it arrived",
    whole: "All data",
    asSent: "Everything as it was sent",
    asEdited: "Everything as it counts now (the original stands in the timeline)",
  },
};
