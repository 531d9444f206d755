// „Jetzt erneut zustellen“ of one entry.
import { Button, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import type { Entry } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";

export function RetryButton({ entry }: { readonly entry: Entry }) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: (_triedBefore: number) =>
      call("POST /dlq/:dlq_id/retry", { params: { dlq_id: entry.dlq_id }, body: {} }),
    // Live events tell of what becomes of it; this is for what is known already.
    onSettled: () => queries.invalidateQueries({ queryKey: ["lead"] }),
  });
  return (
    <Stack gap={4} align="flex-start">
      <Button
        size="compact-md"
        leftSection={<IconSend size={16} aria-hidden />}
        loading={retry.isPending}
        disabled={entry.status === "retrying"}
        onClick={() => retry.mutate(entry.retry_count)}
      >
        {entry.status === "dead" ? text.again : text.now}
      </Button>
      <Text size="sm" role="status">
        {retry.data === undefined || retry.variables !== entry.retry_count
          ? null
          : text.done[retry.data.notice ?? "due"]}
      </Text>
      {retry.error === null ? null : <ProblemAlert error={retry.error} />}
    </Stack>
  );
}

const texts = {
  de: {
    now: "Jetzt erneut zustellen",
    again: "Doch noch zustellen",
    done: {
      due: "Wird sofort versucht.",
      being_tried: "Wird gerade schon versucht.",
      destination_paused: "Das Ziel ist angehalten: Zugestellt wird, sobald es weitergeht.",
    },
  },
  en: {
    now: "Deliver again now",
    again: "Deliver after all",
    done: {
      due: "Tried at once.",
      being_tried: "It is being tried already.",
      destination_paused: "The destination is paused: it is delivered as soon as that ends.",
    },
  },
};
