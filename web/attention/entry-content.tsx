// What a case holds: masked, in full for who may see it, and what would be sent of it.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconEye, IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { ShownEntry } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { DryRun } from "./dry-run.tsx";
import { readUnmasked } from "./entry-query.ts";
import classes from "../ui/parts.module.css";
import { bodyOf, rawText } from "./kept-body.ts";

export function EntryContent({ entry }: { readonly entry: ShownEntry }) {
  const text = useTexts(texts);
  const mayReveal = useMay("persons.read");
  const mayWork = useMay("dlq.work");
  const id = String(entry.dlq_id);
  const revealed = useMutation({ mutationFn: () => readUnmasked(id) });
  const dryRun = useMutation({
    mutationFn: () => call("POST /dlq/:dlq_id/dry-run", { params: { dlq_id: id } }),
  });
  const payload = revealed.data?.body.payload ?? entry.payload;
  const raw = revealed.data === undefined ? null : rawText(payload);
  const isSendable = entry.obstacles.retry === null || entry.status === "retrying";
  return (
    <Card title={text.title}>
      <Stack>
        {raw === null ? (
          <JsonView label={revealed.data === undefined ? text.masked : text.full} value={bodyOf(payload)} />
        ) : (
          <div>
            <Text size="sm" fw={550} mb={4}>
              {text.raw}
            </Text>
            <pre className={classes.code} tabIndex={0} role="group" aria-label={text.raw}>
              {raw}
            </pre>
          </div>
        )}
        <Group gap="xs">
          {mayReveal && revealed.data === undefined ? (
            <Button
              variant="default"
              leftSection={<IconEye size={16} aria-hidden />}
              loading={revealed.isPending}
              onClick={() => revealed.mutate()}
            >
              {text.reveal}
            </Button>
          ) : null}
          {mayWork && isSendable ? (
            <Button
              variant="default"
              leftSection={<IconSend size={16} aria-hidden />}
              loading={dryRun.isPending}
              onClick={() => dryRun.mutate()}
            >
              {text.dryRun}
            </Button>
          ) : null}
        </Group>
        {mayReveal && revealed.data === undefined ? (
          <Text size="sm" c="dimmed">
            {text.recorded}
          </Text>
        ) : null}
        {revealed.error === null ? null : <ProblemAlert error={revealed.error} />}
        {dryRun.error === null ? null : <ProblemAlert error={dryRun.error} />}
        {dryRun.data === undefined ? null : (
          <DryRun deliveries={[{ destination: entry.destination ?? "", request: dryRun.data }]} />
        )}
      </Stack>
    </Card>
  );
}

const texts = {
  de: {
    title: "Inhalt",
    masked: "Personendaten verdeckt",
    full: "Im Klartext",
    raw: "Was ankam, unlesbar als Lead",
    reveal: "Im Klartext zeigen",
    dryRun: "Zeigen, was gesendet würde",
    recorded: "Dass Sie Personendaten ansehen, steht danach im Protokoll.",
  },
  en: {
    title: "Content",
    masked: "Person data masked",
    full: "In full",
    raw: "What arrived, unreadable as a lead",
    reveal: "Show in full",
    dryRun: "Show what would be sent",
    recorded: "That you look at person data stands in the log afterwards.",
  },
};
