// Whether somebody has spoken with the lead's person: marked by a button, and taken back.
import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { LeadStory } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";

export function ContactMark({ lead }: { readonly lead: LeadStory }) {
  const text = useTexts(texts);
  const { time } = useFormat();
  const queries = useQueryClient();
  const mayMark = useMay("dlq.retry");
  const { contacted } = lead;
  const params = { run_id: lead.run_id };
  const marking = useMutation({
    mutationFn: (isContacted: boolean) =>
      isContacted
        ? call("POST /runs/:run_id/contacted", { params, body: {} })
        : call("DELETE /runs/:run_id/contacted", { params, body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["lead"] }),
  });
  if (lead.refused || (contacted === null && !mayMark)) return null;
  return (
    <Group gap="sm" mb="md">
      {contacted === null ? null : <Text size="sm">{text.contacted(time(contacted.contacted_at))}</Text>}
      {mayMark ? (
        <Button
          size="compact-sm"
          variant="default"
          loading={marking.isPending}
          onClick={() => marking.mutate(contacted === null)}
        >
          {contacted === null ? text.mark : text.undo}
        </Button>
      ) : null}
      {marking.error === null ? null : <ProblemAlert error={marking.error} />}
    </Group>
  );
}

const texts = {
  de: {
    contacted: (at: string) => `Kontaktiert: ${at}`,
    mark: "Als kontaktiert vermerken",
    undo: "Zurücknehmen",
  },
  en: {
    contacted: (at: string) => `Contacted: ${at}`,
    mark: "Mark as contacted",
    undo: "Take back",
  },
};
