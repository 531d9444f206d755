// How far a bulk action is, and the buttons that steer it.
import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { Operation } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { State } from "../ui/state.tsx";
import { useOperationStateWords } from "../ui/state-words.ts";
import { actionName, isAtWork, operationTexts, toneOf } from "./operation-words.ts";

/** While one is under way it is asked for so often; live events tell only when it begins and ends. */
export const pollMs = 1_000;

export function OperationProgress({ operation }: { readonly operation: Operation }) {
  const text = useTexts(texts);
  const words = useTexts(operationTexts);
  const stateWords = useOperationStateWords();
  const { count } = useFormat();
  const { status, total, done, skipped, failed } = operation;
  const treated = done + skipped + failed;
  const share = total === null || total === 0 ? (status === "done" ? 100 : 0) : (100 * treated) / total;
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <State tone={toneOf(operation)}>{stateWords(status)}</State>
        <Text size="sm">{total === null ? text.counting : text.progress(count(treated), count(total))}</Text>
      </Group>
      <Progress.Root size="lg" radius="md">
        <Progress.Section
          value={Math.min(100, share)}
          aria-label={actionName(words, operation.action)}
          color={status === "failed" ? "red" : "sea"}
          animated={isAtWork(operation)}
        />
      </Progress.Root>
      <Steering operation={operation} />
    </Stack>
  );
}

type Verb = "pause" | "resume" | "cancel";

function Steering({ operation }: { readonly operation: Operation }) {
  const text = useTexts(texts);
  const words = useTexts(operationTexts);
  const mayWork = useMay("dlq.work");
  const queries = useQueryClient();
  const steering = useMutation({
    mutationFn: (verb: Verb) =>
      call(`POST /operations/:operation_id/${verb}`, { params: { operation_id: operation.operation_id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["operations"] }),
  });
  if (!mayWork || !(isAtWork(operation) || operation.status === "paused")) return null;
  const button = (verb: Verb) => (
    <Button
      variant={verb === "resume" ? "filled" : "default"}
      loading={steering.isPending && steering.variables === verb}
      onClick={() => steering.mutate(verb)}
      aria-label={`${text[verb]}: ${actionName(words, operation.action)}`}
    >
      {text[verb]}
    </Button>
  );
  return (
    <>
      {steering.error === null ? null : <ProblemAlert error={steering.error} />}
      <Group gap="xs">
        {button(operation.status === "paused" ? "resume" : "pause")}
        {button("cancel")}
      </Group>
    </>
  );
}

const texts = {
  de: {
    counting: "Wird gezählt …",
    progress: (treated: string, total: string) => `${treated} von ${total}`,
    pause: "Anhalten",
    resume: "Fortsetzen",
    cancel: "Abbrechen",
  },
  en: {
    counting: "Counting …",
    progress: (treated: string, total: string) => `${treated} of ${total}`,
    pause: "Pause",
    resume: "Resume",
    cancel: "Cancel",
  },
};
