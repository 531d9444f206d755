// One request that was not accepted: why, what is in it, and whether it becomes a lead after all or is discarded.
import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconEye, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { call } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import { useErrorTexts } from "../ui/error-texts.ts";
import { useMay } from "../api/session.ts";
import type { ShownQuarantined } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Page } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import { Time } from "../ui/time.tsx";
import { useSourceName } from "../ui/source-name.ts";

export default function QuarantinedView() {
  const text = useTexts(texts);
  const { quarantine_id: id } = useParams<{ quarantine_id: string }>();
  const kept = useQuery({
    queryKey: ["quarantine", "one", id],
    queryFn: () => call("GET /quarantine/:quarantine_id", { params: { quarantine_id: id } }),
  });
  return (
    <Page
      title={text.title}
      actions={
        <Anchor component={Link} href="/attention/quarantine">
          {text.all}
        </Anchor>
      }
    >
      <QueryState query={kept} loadingRows={6}>
        {(item) => (
          <Stack>
            <Why item={item} />
            <Content item={item} />
          </Stack>
        )}
      </QueryState>
    </Page>
  );
}

function Why({ item }: { readonly item: ShownQuarantined }) {
  const text = useTexts(texts);
  const sourceName = useSourceName();
  const { count } = useFormat();
  const explained = useErrorTexts()(item.error_code);
  return (
    <Card title={explained?.title ?? item.error_code}>
      <Stack gap="sm">
        {explained == null ? null : <Text size="sm">{explained.what_happened}</Text>}
        {explained == null ? null : <Text size="sm">{explained.what_to_do}</Text>}
        <Facts
          facts={[
            [text.came, <Time key="came" iso={item.received_at} />],
            [text.source, sourceName(item.source)],
            [text.credentials, item.authenticated ? text.valid : text.notValid],
            [text.size, item.size_bytes === null ? text.unknown : text.bytes(count(item.size_bytes))],
          ]}
        />
        {item.is_whole ? null : <Text size="sm">{text.cut}</Text>}
        <Actions item={item} />
      </Stack>
    </Card>
  );
}

type Verb = "release" | "discard";

function Actions({ item }: { readonly item: ShownQuarantined }) {
  const text = useTexts(texts);
  const mayWork = useMay("dlq.work");
  const [verb, setVerb] = useState<Verb | null>(null);
  const work = useWork(item.quarantine_id);
  if (!mayWork) return null;
  const ask = (wanted: Verb) => () => {
    work.reset();
    setVerb(wanted);
  };
  const words = text.dialogs[verb ?? "release"];
  return (
    <>
      <Group gap="xs">
        {item.is_whole ? (
          <Button leftSection={<IconCheck size={17} aria-hidden />} onClick={ask("release")}>
            {text.dialogs.release.button}
          </Button>
        ) : null}
        <Button variant="default" leftSection={<IconX size={17} aria-hidden />} onClick={ask("discard")}>
          {text.dialogs.discard.button}
        </Button>
      </Group>
      <ReasonDialog
        title={words.title}
        explanation={words.explanation}
        button={words.button}
        isDangerous={verb === "discard"}
        isOpen={verb !== null}
        isPending={work.isPending}
        error={work.error}
        onConfirm={(reason) => work.mutate({ verb: verb ?? "release", reason })}
        onClose={() => setVerb(null)}
      />
    </>
  );
}

function useWork(id: string) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: ({ verb, reason }: { readonly verb: Verb; readonly reason: string }) =>
      call(`POST /quarantine/:quarantine_id/${verb}`, { params: { quarantine_id: id }, body: { reason } }),
    onSuccess: (released) => {
      // It is not here any more, so what it has become is shown instead.
      navigate(released === null ? "/attention/quarantine" : pathOf(released), { replace: true });
      for (const name of ["quarantine", "groups", "overview"])
        void queries.invalidateQueries({ queryKey: [name] });
    },
  });
}

function pathOf({ run_id: runId, dlq_id: dlqId }: Answer<"POST /quarantine/:quarantine_id/release">): string {
  return dlqId === null ? `/leads/${runId}` : `/attention/${dlqId}`;
}

function Content({ item }: { readonly item: ShownQuarantined }) {
  const text = useTexts(texts);
  const mayReveal = useMay("persons.read");
  const reveal = useMutation({
    mutationFn: () =>
      call("GET /quarantine/:quarantine_id", {
        params: { quarantine_id: item.quarantine_id },
        query: { reveal: true },
      }),
  });
  const { body, body_base64: base64 } = reveal.data ?? item;
  return (
    <Card title={text.content}>
      <Stack>
        <Text size="sm" c="dimmed" role="status">
          {reveal.data === undefined ? text.masked : text.recorded}
        </Text>
        {item.body_withheld ? (
          <Text size="sm">{text.withheld}</Text>
        ) : (
          <JsonView label={text.content} value={body ?? base64} />
        )}
        {mayReveal && reveal.data === undefined ? (
          <Group>
            <Button
              variant="default"
              leftSection={<IconEye size={16} aria-hidden />}
              loading={reveal.isPending}
              onClick={() => reveal.mutate()}
            >
              {text.reveal}
            </Button>
          </Group>
        ) : null}
        {reveal.error === null ? null : <ProblemAlert error={reveal.error} />}
      </Stack>
    </Card>
  );
}

const texts = {
  de: {
    title: "Nicht angenommene Anfrage",
    all: "Alle aufbewahrten",
    came: "Kam",
    source: "Quelle",
    credentials: "Zugangsdaten",
    valid: "gültig",
    notValid: "ungültig oder keine",
    size: "Größe",
    unknown: "unbekannt",
    bytes: (count: string) => `${count} Bytes`,
    cut: "Aufbewahrt sind nur die ersten 64 kB. Annehmen lässt sich das nicht: Der Absender muss es noch einmal senden.",
    content: "Inhalt",
    masked: "Personendaten sind verdeckt.",
    withheld:
      "Der Inhalt kam komprimiert und lässt sich hier nicht entpacken. Er ist aufbewahrt, wird aber nicht gezeigt, denn der Schlüssel des Absenders kann darin stehen. Der Absender muss ihn unkomprimiert senden.",
    recorded: "Personendaten sind sichtbar; das steht im Protokoll.",
    reveal: "Personendaten zeigen",
    dialogs: {
      release: {
        title: "Als Lead annehmen",
        explanation:
          "Die Anfrage wird zu einem Lead ihrer Quelle und wie jeder andere zugestellt, mit dem Zeitpunkt, zu dem sie kam.",
        button: "Als Lead annehmen",
      },
      discard: {
        title: "Verwerfen",
        explanation: "Die Anfrage wird gelöscht. Im Protokoll bleibt, dass es sie gab, und der Grund.",
        button: "Verwerfen",
      },
    },
  },
  en: {
    title: "Request that was not accepted",
    all: "All that are kept aside",
    came: "Came",
    source: "Source",
    credentials: "Credentials",
    valid: "valid",
    notValid: "not valid, or none",
    size: "Size",
    unknown: "not known",
    bytes: (count: string) => `${count} bytes`,
    cut: "Only the first 64 kB are kept. That cannot be accepted: the sender has to send it again.",
    content: "Content",
    masked: "Person data is masked.",
    withheld:
      "The content came packed and cannot be unpacked here. It is kept, but not shown, because the sender's key may be in it. The sender has to send it unpacked.",
    recorded: "Person data is shown; that is in the audit log.",
    reveal: "Show person data",
    dialogs: {
      release: {
        title: "Accept as a lead",
        explanation:
          "The request becomes a lead of its source and is delivered like any other, with the time at which it came.",
        button: "Accept as a lead",
      },
      discard: {
        title: "Discard",
        explanation: "The request is deleted. The audit log keeps that there was one, and the reason.",
        button: "Discard",
      },
    },
  },
};
