// Who is told of alerts, whether messages arrive there, and how somebody new is added.
import { Alert, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { TechnicalDetails } from "../ui/technical-details.tsx";
import { Time } from "../ui/time.tsx";
import { CodeForm } from "./confirm.tsx";
import { NewRecipient } from "./new-recipient.tsx";

type Recipient = Answer<"GET /alert-recipients">["items"][number];

export function Recipients() {
  const text = useTexts(texts);
  const mayWrite = useMay("configuration.write");
  const [isAdding, setAdding] = useState(false);
  const recipients = useQuery({
    queryKey: ["alerts", "recipients"],
    queryFn: ({ signal }) => call("GET /alert-recipients", { signal }),
  });
  return (
    <Card
      title={text.title}
      actions={
        mayWrite && !isAdding ? (
          <Button size="compact-md" variant="light" onClick={() => setAdding(true)}>
            {text.add}
          </Button>
        ) : null
      }
    >
      <QueryState query={recipients} loadingRows={3}>
        {({ items, kinds }) => (
          <Stack>
            {isAdding ? <NewRecipient kinds={kinds} onDone={() => setAdding(false)} /> : null}
            {items.length === 0 ? <Text c="dimmed">{text.none}</Text> : null}
            {items.map((item) => (
              <OneRecipient
                key={item.name}
                item={item}
                kind={kinds.find(({ kind }) => kind === item.kind)?.label ?? item.kind}
                mayWrite={mayWrite}
              />
            ))}
          </Stack>
        )}
      </QueryState>
    </Card>
  );
}

function OneRecipient({
  item,
  kind,
  mayWrite,
}: {
  readonly item: Recipient;
  readonly kind: string;
  readonly mayWrite: boolean;
}) {
  const text = useTexts(texts);
  const isConfirmed = item.confirmed_at !== null;
  return (
    <div>
      <Group gap="xs">
        <Text fw={600}>{item.name}</Text>
        <Text c="dimmed">{kind}</Text>
        <Badge variant="light" color={isConfirmed ? "teal" : "orange"}>
          {isConfirmed ? text.confirmed : text.unconfirmed}
        </Badge>
        {item.managed_by === "file" ? (
          <Badge variant="light" color="gray">
            leadledger.yaml
          </Badge>
        ) : null}
      </Group>
      <Text size="sm" c="dimmed">
        {text.severities[item.severity]}
        {item.told_at === null ? null : (
          <>
            {" · "}
            {text.lastTold} <Time iso={item.told_at} />
          </>
        )}
      </Text>
      {item.failing_since === null ? null : (
        <Alert color="red" mt="xs" title={text.failing}>
          {item.failure_code === null ? null : (
            <FailureReason code={item.failure_code} stored={item.failure} />
          )}
          {item.failure === null ? null : <TechnicalDetails stored={item.failure} />}
        </Alert>
      )}
      {isConfirmed || !mayWrite ? null : (
        <Stack gap="xs" mt="xs" maw={420}>
          <Text size="sm">{text.howToConfirm}</Text>
          <CodeForm name={item.name} code="" />
        </Stack>
      )}
      {mayWrite ? <RecipientActions item={item} isConfirmed={isConfirmed} /> : null}
    </div>
  );
}

function RecipientActions({
  item,
  isConfirmed,
}: {
  readonly item: Recipient;
  readonly isConfirmed: boolean;
}) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const params = { name: item.name };
  const renew = () => queries.invalidateQueries({ queryKey: ["alerts"] });
  const testing = useMutation({ mutationFn: () => call("POST /alert-recipients/:name/test", { params }) });
  const asking = useMutation({
    mutationFn: () => call("POST /alert-recipients/:name/ask", { params }),
    onSuccess: renew,
  });
  const removing = useMutation({
    mutationFn: () => call("DELETE /alert-recipients/:name", { params }),
    onSuccess: renew,
  });
  const error = testing.error ?? asking.error ?? removing.error;
  return (
    <Stack gap="xs" mt="xs">
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          loading={testing.isPending}
          onClick={() => testing.mutate()}
        >
          {text.test}
        </Button>
        {isConfirmed ? null : (
          <Button
            size="compact-sm"
            variant="default"
            loading={asking.isPending}
            onClick={() => asking.mutate()}
          >
            {text.ask}
          </Button>
        )}
        {item.managed_by === "file" ? null : (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            loading={removing.isPending}
            onClick={() => removing.mutate()}
          >
            {text.remove}
          </Button>
        )}
      </Group>
      {testing.data === undefined ? null : testing.data.sent ? (
        <Alert color="teal" role="status">
          {text.sent}
        </Alert>
      ) : (
        <Alert color="red" role="alert" title={text.notSent}>
          {testing.data.code === null ? null : (
            <FailureReason code={testing.data.code} stored={testing.data.message} />
          )}
          {testing.data.message === null ? null : <TechnicalDetails stored={testing.data.message} />}
        </Alert>
      )}
      {error === null ? null : <ProblemAlert error={error} />}
    </Stack>
  );
}

const texts = {
  de: {
    title: "Wer wird benachrichtigt?",
    add: "Empfänger anlegen",
    none: "Niemand. Legen Sie an, wer Alarme erfahren soll: per E-Mail, in Slack oder Teams oder über einen Webhook.",
    confirmed: "bestätigt",
    unconfirmed: "nicht bestätigt",
    severities: {
      error: "erfährt von Fehlern",
      warning: "erfährt von Fehlern und Warnungen",
      none: "erfährt von dem, worauf andere nicht antworten",
    },
    lastTold: "zuletzt benachrichtigt",
    failing: "Nachrichten kommen nicht durch",
    howToConfirm:
      "Dorthin geht eine Nachricht mit einem Code. Geben Sie ihn hier ein, oder folgen Sie dem Link darin; vorher wird nichts gemeldet.",
    test: "Testnachricht senden",
    ask: "Code noch einmal senden",
    remove: "Entfernen",
    sent: "Der Kanal hat die Testnachricht angenommen.",
    notSent: "Die Testnachricht kam nicht durch",
  },
  en: {
    title: "Who is notified?",
    add: "Add a recipient",
    none: "Nobody. Say who is to hear of alerts: by e-mail, in Slack or Teams, or over a webhook.",
    confirmed: "confirmed",
    unconfirmed: "not confirmed",
    severities: {
      error: "is told of errors",
      warning: "is told of errors and warnings",
      none: "is told of what others leave without an answer",
    },
    lastTold: "last told",
    failing: "Messages do not get through",
    howToConfirm:
      "A message with a code goes there. Enter it here, or follow the link in it; nothing is told before.",
    test: "Send a test message",
    ask: "Send the code again",
    remove: "Remove",
    sent: "The channel took the test message.",
    notSent: "The test message did not get through",
  },
};
