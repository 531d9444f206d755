// A lead that came as an id and waits for its data: why, and what a person can do about it.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCloudDownload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { LeadStory } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

export function MissingData({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  const { time } = useFormat();
  const mayWork = useMay("dlq.work");
  const { completion } = lead;
  if (completion === null) return null;
  const { error_code: code, error_message: message } = completion;
  return (
    <Alert
      color={completion.is_stuck ? "red" : "blue"}
      icon={<IconCloudDownload aria-hidden />}
      title={completion.is_stuck ? text.stuck : text.title}
      mb="md"
    >
      <Stack gap="xs">
        <Text size="sm">{lead.is_held ? text.why : text.whyUnsent}</Text>
        {code === null ? null : (
          <Text size="sm">
            {message ?? ""} ({code})
          </Text>
        )}
        <Text size="sm">{text.next(time(completion.next_attempt_at), completion.attempts)}</Text>
        {mayWork ? (
          <Group gap="sm">
            <Order runId={lead.run_id} action="retry" />
            {lead.is_held ? <Order runId={lead.run_id} action="deliver-anyway" /> : null}
          </Group>
        ) : null}
      </Stack>
    </Alert>
  );
}

function Order({ runId, action }: { readonly runId: string; readonly action: "retry" | "deliver-anyway" }) {
  const text = useTexts(texts)[action];
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const order = useMutation({
    mutationFn: (reason: string) =>
      call(`POST /runs/:run_id/completion/${action}`, { params: { run_id: runId }, body: { reason } }),
    onSuccess: close,
    onSettled: () => queries.invalidateQueries({ queryKey: ["lead"] }),
  });
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => {
          order.reset();
          open();
        }}
      >
        {text.button}
      </Button>
      <ReasonDialog
        title={text.confirm}
        explanation={<Text size="sm">{text.explanation}</Text>}
        button={text.confirm}
        isOpen={isOpen}
        isPending={order.isPending}
        error={order.error}
        onConfirm={(reason) => order.mutate(reason)}
        onClose={close}
      />
    </>
  );
}

const texts = {
  de: {
    title: "Die Daten dieses Leads werden noch abgeholt",
    stuck: "Die Daten dieses Leads lassen sich nicht abholen",
    why: "Er kam nur als Kennung. Zugestellt wird er, sobald da ist, was eingetragen wurde; verloren ist nichts.",
    whyUnsent:
      "Er kam nur als Kennung. Was eingetragen wurde, wird geholt, auch wenn ihn noch niemand bekommt.",
    next: (at: string, attempts: number) =>
      `Nächster Versuch: ${at} (bisher ${attempts === 1 ? "einer" : String(attempts)})`,
    retry: {
      button: "Jetzt abholen …",
      confirm: "Jetzt abholen",
      explanation: "Die Daten werden sofort noch einmal beim Anbieter abgeholt.",
    },
    "deliver-anyway": {
      button: "Ohne Daten zustellen …",
      confirm: "Ohne Daten zustellen",
      explanation:
        "Der Lead geht an seine Ziele, wie er ist: nur mit seinen Kennungen, ohne Namen und Adresse. Seine Daten werden danach nicht mehr abgeholt.",
    },
  },
  en: {
    title: "This lead's data are still being fetched",
    stuck: "This lead's data cannot be fetched",
    why: "It came as an id only. It is delivered as soon as what was filled in is there; nothing is lost.",
    whyUnsent: "It came as an id only. What was filled in is fetched, even though nobody gets it yet.",
    next: (at: string, attempts: number) =>
      `Next attempt: ${at} (so far ${attempts === 1 ? "one" : String(attempts)})`,
    retry: {
      button: "Fetch now …",
      confirm: "Fetch now",
      explanation: "The data are fetched from the vendor once more, at once.",
    },
    "deliver-anyway": {
      button: "Deliver without data …",
      confirm: "Deliver without data",
      explanation:
        "The lead goes to its destinations as it is: with its ids only, without name and address. Its data are not fetched any more afterwards.",
    },
  },
};
