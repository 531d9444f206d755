// Requests that were taken for repeats of a lead because of their content, and the way to deliver one anyway.
import { Alert, Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCopy } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { LeadStory } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

type Repeat = LeadStory["repeats"][number];

export function Repeats({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  if (lead.repeats.length === 0) return null;
  return (
    <Alert color="blue" icon={<IconCopy aria-hidden />} title={text.title(lead.repeats.length + 1)} mb="md">
      <Stack gap="xs">
        <Text size="sm">{text.why}</Text>
        {lead.repeats.map((repeat) => (
          <OneRepeat key={repeat.event_id} runId={lead.run_id} repeat={repeat} />
        ))}
      </Stack>
    </Alert>
  );
}

function OneRepeat({ runId, repeat }: { readonly runId: string; readonly repeat: Repeat }) {
  const text = useTexts(texts);
  const { time } = useFormat();
  const mayWork = useMay("dlq.work");
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const deliver = useMutation({
    mutationFn: (reason: string) =>
      call("POST /runs/:run_id/repeats/:event_id/deliver", {
        params: { run_id: runId, event_id: repeat.event_id },
        body: { reason },
      }),
    onSuccess: close,
    onSettled: () => queries.invalidateQueries({ queryKey: ["lead"] }),
  });
  return (
    <Group gap="sm">
      <Text size="sm">{text.at(time(repeat.received_at))}</Text>
      {repeat.delivered_as === null ? null : (
        <Anchor component={Link} href={`/leads/${repeat.delivered_as}`} size="sm" underline="always">
          {text.delivered}
        </Anchor>
      )}
      {repeat.delivered_as === null && mayWork ? (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            deliver.reset();
            open();
          }}
        >
          {text.button}
        </Button>
      ) : null}
      <ReasonDialog
        title={text.dialog}
        explanation={<Text size="sm">{text.explanation}</Text>}
        button={text.confirm}
        isOpen={isOpen}
        isPending={deliver.isPending}
        error={deliver.error}
        onConfirm={(reason) => deliver.mutate(reason)}
        onClose={close}
      />
    </Group>
  );
}

const texts = {
  de: {
    title: (times: number) => (times === 2 ? "Dieser Lead kam zweimal" : `Dieser Lead kam ${times}-mal`),
    why: "Derselbe Inhalt kam binnen kurzer Zeit noch einmal, ohne eigene Kennung. Angenommen wurde er nur einmal.",
    at: (at: string) => `Noch einmal eingegangen: ${at}`,
    delivered: "als eigener Lead zugestellt",
    button: "Trotzdem zustellen …",
    dialog: "Wiederholung trotzdem zustellen",
    explanation:
      "Die Wiederholung wird ein eigener Lead mit eigener Nummer, eingegangen, als sie kam, und geht an die Ziele dieser Quelle.",
    confirm: "Trotzdem zustellen",
  },
  en: {
    title: (times: number) => (times === 2 ? "This lead came twice" : `This lead came ${times} times`),
    why: "The same content came again within a short time, without a key of its own. It was taken in once.",
    at: (at: string) => `Came again: ${at}`,
    delivered: "delivered as a lead of its own",
    button: "Deliver anyway …",
    dialog: "Deliver the repeat anyway",
    explanation:
      "The repeat becomes a lead of its own with its own id, received when it came, and goes to the destinations of this source.",
    confirm: "Deliver anyway",
  },
};
