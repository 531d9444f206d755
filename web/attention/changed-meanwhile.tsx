// While one edits a case somebody else may change it: it is said at once, and what was typed stays.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ShownEntry } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { readUnmasked, useEntry } from "./entry-query.ts";
import { bodyText } from "./kept-body.ts";

/** What an edit began with. */
export interface Base {
  readonly entry: ShownEntry;
  readonly etag: string | null;
  readonly text: string;
}

export async function readBase(id: string): Promise<Base> {
  const { body: entry, etag } = await readUnmasked(id);
  return { entry, etag, text: await bodyText(entry) };
}

export function ChangedMeanwhile({
  id,
  base,
  onLoaded,
}: {
  readonly id: string;
  readonly base: Base;
  readonly onLoaded: (base: Base) => void;
}) {
  const text = useTexts(texts);
  const current = useEntry(id);
  const loading = useMutation({
    mutationFn: async () => {
      await current.refetch();
      return readBase(id);
    },
    onSuccess: onLoaded,
  });
  const isOld = current.data !== undefined && current.data.etag !== base.etag;
  if (!isOld) return null;
  return (
    <Alert color="orange" role="alert" icon={<IconUsers aria-hidden />} title={text.changedTitle}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text.changedWhat}</Text>
        {loading.error === null ? null : <ProblemAlert error={loading.error} />}
        <Button variant="default" loading={loading.isPending} onClick={() => loading.mutate()}>
          {text.compare}
        </Button>
      </Stack>
    </Alert>
  );
}

const texts = {
  de: {
    changedTitle: "Dieser Klärfall wurde inzwischen geändert",
    changedWhat:
      "Jemand anders hat daran gearbeitet, oder er wurde erneut versucht. Was Sie getippt haben, bleibt stehen. Laden Sie den neuen Stand, um Ihre Änderungen damit zu vergleichen; danach können Sie senden.",
    compare: "Neuen Stand laden und vergleichen",
  },
  en: {
    changedTitle: "This case has been changed meanwhile",
    changedWhat:
      "Somebody else worked on it, or it was tried again. What you typed stays. Load the new state to compare your changes with it; then you can send.",
    compare: "Load the new state and compare",
  },
};
