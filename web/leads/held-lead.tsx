// That a lead is held, why, and what ends it: the source goes on, or a person decides.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPause } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { LeadStory } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

type Decision = "release" | "withdraw";

export function HeldLead({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  const mayWork = useMay("dlq.work");
  const reasons = new Set(lead.deliveries.map(({ held_reason: reason }) => reason));
  const names = lead.deliveries
    .filter(({ held_reason: reason }) => reason === "same_person")
    .map(({ destination }) => destination);
  if (reasons.has("same_person"))
    return (
      <Alert color="blue" icon={<IconPlayerPause aria-hidden />} title={text.samePerson} mb="md">
        <Stack gap="xs">
          <Text size="sm">{text.samePersonWhy(names.join(", "))}</Text>
          {mayWork ? (
            <Group gap="sm">
              <Decide runId={lead.run_id} decision="release" />
              <Decide runId={lead.run_id} decision="withdraw" />
            </Group>
          ) : null}
        </Stack>
      </Alert>
    );
  if (!reasons.has("source_paused")) return null;
  return (
    <Alert color="blue" icon={<IconPlayerPause aria-hidden />} title={text.paused} mb="md">
      {text.pausedWhy}
    </Alert>
  );
}

function Decide({ runId, decision }: { readonly runId: string; readonly decision: Decision }) {
  const text = useTexts(texts)[decision];
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const order = useMutation({
    mutationFn: (reason: string) => {
      const input = { params: { run_id: runId }, body: { reason } };
      return decision === "release"
        ? call("POST /runs/:run_id/held/release", input)
        : call("POST /runs/:run_id/held/withdraw", input);
    },
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
        title={text.dialog}
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
    samePerson: "Zurückgehalten: Von dieser Person kam schon ein Lead",
    samePersonWhy: (names: string) =>
      `Die Quelle hält solche Leads zurück, bis jemand entscheidet. Noch nicht gesendet an: ${names}.`,
    paused: "Zurückgehalten: Die Quelle ist angehalten",
    pausedWhy: "Zugestellt wird, sobald die Quelle fortgesetzt wird.",
    release: {
      button: "Freigeben …",
      dialog: "Lead freigeben",
      explanation: "Der Lead wird jetzt zugestellt, wie jeder andere.",
      confirm: "Freigeben",
    },
    withdraw: {
      button: "Zurückziehen …",
      dialog: "Zustellung zurückziehen",
      explanation:
        "Der Lead wird nicht zugestellt. Er bleibt erhalten und gilt als zurückgezogen; zustellen lässt er sich auch später noch.",
      confirm: "Zurückziehen",
    },
  },
  en: {
    samePerson: "Held: this person had sent a lead before",
    samePersonWhy: (names: string) =>
      `The source holds such leads until somebody decides. Not sent yet to: ${names}.`,
    paused: "Held: the source is paused",
    pausedWhy: "It is delivered as soon as the source is resumed.",
    release: {
      button: "Release …",
      dialog: "Release the lead",
      explanation: "The lead is delivered now, as any other.",
      confirm: "Release",
    },
    withdraw: {
      button: "Withdraw …",
      dialog: "Withdraw the delivery",
      explanation:
        "The lead is not delivered. It stays and counts as withdrawn; it can still be delivered later.",
      confirm: "Withdraw",
    },
  },
};
