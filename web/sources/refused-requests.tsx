// Requests that a source turned away lately: how many, when, why, and what to do about it.
import { Anchor, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { useErrorTexts } from "../ui/error-texts.ts";
import type { RefusedRequests as Refused, SourceActivity } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { State } from "../ui/state.tsx";
import { isOver } from "./source-health.tsx";

export function RefusedRequests({ activity }: { readonly activity: SourceActivity | undefined }) {
  const text = useTexts(texts);
  if (activity === undefined || activity.refused_last_24h.length === 0) return null;
  return (
    <Card title={text.title}>
      <Stack gap="md">
        {activity.refused_last_24h.map((refused) => (
          <Reason
            key={refused.error_code}
            refused={refused}
            hasEnded={isOver(refused, activity.last_received_at)}
          />
        ))}
      </Stack>
    </Card>
  );
}

function Reason({ refused, hasEnded }: { readonly refused: Refused; readonly hasEnded: boolean }) {
  const text = useTexts(texts);
  const { count, shortTime } = useFormat();
  const { error_code: code, count: requests, detail, first_at: first, last_at: last } = refused;
  const explained = useErrorTexts()(code);
  return (
    <div>
      <State tone={hasEnded ? "healing" : "bad"}>
        {explained?.title ?? code} ({text.requests(requests, count(requests))})
      </State>
      <Text size="sm" c="dimmed">
        {requests === 1 ? text.at(shortTime(last)) : text.between(shortTime(first), shortTime(last))}
        {hasEnded ? ` ${text.ended}` : ""}
      </Text>
      {detail === null ? null : (
        <Text size="sm" mt={4}>
          {text.newest(requests)} {detail}
        </Text>
      )}
      <Text size="sm" mt={4}>
        {explained?.what_to_do ?? text.notStored}{" "}
        <Anchor component={Link} href={`/errors/${code}`} size="sm" underline="always">
          {text.more}
        </Anchor>
      </Text>
    </div>
  );
}

const texts = {
  de: {
    title: "Abgewiesene Anfragen der letzten 24 Stunden",
    requests: (requests: number, count: string) => (requests === 1 ? "1 Anfrage" : `${count} Anfragen`),
    at: (at: string) => `Zuletzt ${at}.`,
    between: (first: string, last: string) => `Erste ${first}, letzte ${last}.`,
    newest: (requests: number): string => (requests === 1 ? "Im Einzelnen:" : "Bei der neuesten:"),
    ended: "Seitdem sind wieder Leads angekommen.",
    notStored: "Aus diesen Anfragen wurden keine Leads.",
    more: "Was das bedeutet",
  },
  en: {
    title: "Refused requests of the last 24 hours",
    requests: (requests: number, count: string) => (requests === 1 ? "1 request" : `${count} requests`),
    at: (at: string) => `Last at ${at}.`,
    between: (first: string, last: string) => `First ${first}, last ${last}.`,
    newest: (requests: number): string => (requests === 1 ? "In detail:" : "Of the newest:"),
    ended: "Leads have arrived since.",
    notStored: "These requests became no leads.",
    more: "What this means",
  },
};
