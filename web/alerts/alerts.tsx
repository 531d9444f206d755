// What is wrong and what was, who looks after it, and who is told.
import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { useFormat } from "../language/format.ts";
import { tellAlarm } from "../overview/alarm-sentences.ts";
import type { Alarm } from "../api/types.ts";
import { Card } from "../ui/card.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { useSourceName } from "../ui/source-name.ts";
import { State } from "../ui/state.tsx";
import { Time } from "../ui/time.tsx";
import { AlertActions } from "./alert-actions.tsx";
import { NobodyIsTold } from "../ui/nobody-is-told.tsx";
import { Recipients } from "./recipients.tsx";
import { Rules } from "./rules.tsx";

type AlertItem = Answer<"GET /alerts">["items"][number];

export default function Alerts() {
  const text = useTexts(texts);
  return (
    <Page title={text.title} explanation={text.explanation}>
      <NobodyIsTold hasLink={false} />
      <Stack>
        <Raised />
        <Recipients />
        <History />
        <Rules />
      </Stack>
    </Page>
  );
}

function Raised() {
  const text = useTexts(texts);
  const raised = useQuery({
    queryKey: ["alerts", "raised"],
    queryFn: ({ signal }) => call("GET /alerts", { signal }),
  });
  return (
    <Card title={text.now}>
      <QueryState query={raised} loadingRows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <State tone="good">{text.nothing}</State>
          ) : (
            <Stack gap="lg">
              {items.map((item) => (
                <RaisedAlert key={item.alert_id} item={item} />
              ))}
            </Stack>
          )
        }
      </QueryState>
    </Card>
  );
}

function RaisedAlert({ item }: { readonly item: AlertItem }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const format = useFormat();
  const sourceName = useSourceName();
  const { sentence, todo, links } = tellAlarm(item.alarm as unknown as Alarm, language, {
    ...format,
    sourceName,
  });
  const isQuiet = item.muted_until !== null;
  return (
    <div>
      <Group gap="xs">
        <State tone={item.severity === "error" ? "bad" : "healing"}>{sentence}</State>
        {isQuiet ? (
          <Badge variant="light" color="gray">
            {text.muted}
          </Badge>
        ) : null}
        {item.acknowledged_at === null ? null : (
          <Badge variant="light" color="teal">
            {text.acknowledged}
          </Badge>
        )}
      </Group>
      <Text size="sm">{todo}</Text>
      <Text size="sm" c="dimmed">
        {text.since} <Time iso={item.since} />
        {" · "}
        {item.told.length === 0 ? text.toldNobody : text.told(item.told.join(", "))}
        {item.mute_reason === null ? "" : ` · ${text.muteReason(item.mute_reason)}`}
        {item.note === null ? "" : ` · ${item.note}`}
      </Text>
      <Group gap="md" mt={4}>
        {links.map(({ href, label }) => (
          <Anchor key={href} component={Link} href={href} size="sm" underline="always">
            {label}
          </Anchor>
        ))}
        <AlertActions
          alertId={item.alert_id}
          isAcknowledged={item.acknowledged_at !== null}
          isMuted={isQuiet}
        />
      </Group>
    </div>
  );
}

function History() {
  const text = useTexts(texts);
  const cleared = useQuery({
    queryKey: ["alerts", "cleared"],
    queryFn: ({ signal }) => call("GET /alerts", { query: { state: "cleared", limit: 20 }, signal }),
  });
  return (
    <Card title={text.before}>
      <QueryState query={cleared} loadingRows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{text.noHistory}</Text>
          ) : (
            <Stack gap="sm">
              {items.map((item) => (
                <div key={item.alert_id}>
                  <Text>
                    {item.about.name === null || item.about.kind === "other" ? "" : `${item.about.name}: `}
                    {item.title}
                  </Text>
                  <Text size="sm" c="dimmed">
                    <Time iso={item.since} /> – <Time iso={String(item.cleared_at)} />
                    {" · "}
                    {item.told.length === 0 ? text.toldNobody : text.told(item.told.join(", "))}
                  </Text>
                </div>
              ))}
            </Stack>
          )
        }
      </QueryState>
    </Card>
  );
}

const texts = {
  de: {
    title: "Alarme",
    explanation: "Was nicht stimmt, wer sich darum kümmert und wer davon erfährt.",
    now: "Was jetzt nicht stimmt",
    nothing: "Nichts: Alles läuft",
    muted: "stummgeschaltet",
    acknowledged: "bestätigt",
    since: "seit",
    told: (names: string) => `gemeldet an ${names}`,
    toldNobody: "niemandem gemeldet",
    muteReason: (reason: string) => `stumm, weil: ${reason}`,
    before: "Was vorbei ist",
    noHistory: "Noch nichts.",
  },
  en: {
    title: "Alerts",
    explanation: "What is wrong, who looks after it, and who hears of it.",
    now: "What is wrong now",
    nothing: "Nothing: all is well",
    muted: "muted",
    acknowledged: "acknowledged",
    since: "since",
    told: (names: string) => `told to ${names}`,
    toldNobody: "told to nobody",
    muteReason: (reason: string) => `muted because: ${reason}`,
    before: "What is over",
    noHistory: "Nothing yet.",
  },
};
