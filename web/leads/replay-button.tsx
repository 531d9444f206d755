// Delivers a lead once more, to destinations that somebody chooses: one was added later, or has lost it.
import { Button, Checkbox, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { Lead } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

const destinationsMax = 200;

export function ReplayButton({ lead }: { readonly lead: Pick<Lead, "run_id"> }) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const destinations = useQuery({
    queryKey: ["destinations", "to-replay-to"],
    queryFn: ({ signal }) =>
      call("GET /destinations", { query: { limit: destinationsMax, enabled: true }, signal }),
    enabled: isOpen,
  });
  const replay = useMutation({
    mutationFn: async (reason: string) => {
      for (const destination of chosen) {
        await call("POST /runs/:run_id/replay", {
          params: { run_id: lead.run_id },
          body: { destination, reason },
        });
        // What is done is not done again if the next one is refused.
        setChosen((before) => before.filter((name) => name !== destination));
      }
    },
    onSuccess: close,
    onSettled: () => queries.invalidateQueries({ queryKey: ["lead"] }),
  });
  // A worker of the user's own fetches its leads: nothing is sent there.
  const names = destinations.data?.items.filter(({ sends }) => sends).map(({ name }) => name) ?? [];
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={16} aria-hidden />}
        onClick={() => {
          replay.reset();
          open();
        }}
      >
        {text.button}
      </Button>
      <ReasonDialog
        title={text.title}
        explanation={
          <Stack gap="sm">
            <Text size="sm">{text.explanation}</Text>
            <Checkbox.Group label={text.where} value={[...chosen]} onChange={setChosen}>
              <Stack gap="xs" mt="xs">
                {names.map((name) => (
                  <Checkbox key={name} value={name} label={name} />
                ))}
              </Stack>
            </Checkbox.Group>
            {chosen.length === 0 ? (
              <Text size="sm" c="dimmed">
                {destinations.data !== undefined && names.length === 0 ? text.noDestination : text.choose}
              </Text>
            ) : null}
          </Stack>
        }
        button={text.confirm}
        isOpen={isOpen}
        isPending={replay.isPending}
        error={replay.error ?? destinations.error}
        onConfirm={(reason) => {
          if (chosen.length > 0) replay.mutate(reason);
        }}
        onClose={close}
      />
    </>
  );
}

const texts = {
  de: {
    button: "Noch einmal zustellen …",
    title: "Lead noch einmal zustellen",
    explanation:
      "Der Lead bleibt einer; das Ziel bekommt ihn noch einmal mit derselben Kennung und kann daran erkennen, ob es ihn schon hat.",
    where: "An welche Ziele?",
    choose: "Wählen Sie mindestens ein Ziel.",
    noDestination: "Es ist kein Ziel eingerichtet.",
    confirm: "Noch einmal zustellen",
  },
  en: {
    button: "Deliver once more …",
    title: "Deliver the lead once more",
    explanation:
      "It stays one lead; the destination gets it once more under the same id, by which it can tell whether it has it already.",
    where: "To which destinations?",
    choose: "Choose at least one destination.",
    noDestination: "No destination is set up.",
    confirm: "Deliver once more",
  },
};
