// What a source's sender should be corrected for although its leads are taken.
import { Anchor, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { useErrorTexts } from "../ui/error-texts.ts";
import type { SenderNotice, SourceActivity } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { State } from "../ui/state.tsx";

export function SenderNotices({ activity }: { readonly activity: SourceActivity | undefined }) {
  const text = useTexts(texts);
  if (activity?.sender_notices === undefined) return null;
  return (
    <Card title={text.title}>
      <Stack gap="md">
        {activity.sender_notices.map((notice) => (
          <Notice key={notice.code} notice={notice} />
        ))}
      </Stack>
    </Card>
  );
}

function Notice({ notice }: { readonly notice: SenderNotice }) {
  const text = useTexts(texts);
  const { count, shortTime } = useFormat();
  const { code, detail, count: requests, last_at: last } = notice;
  return (
    <div>
      <State tone="waiting">
        {useErrorTexts()(code)?.title ?? code} ({text.requests(requests, count(requests))})
      </State>
      <Text size="sm" c="dimmed">
        {text.last(shortTime(last))}
      </Text>
      <Text size="sm" mt={4}>
        {detail}{" "}
        <Anchor component={Link} href={`/errors/${code}`} size="sm" underline="always">
          {text.more}
        </Anchor>
      </Text>
    </div>
  );
}

const texts = {
  de: {
    title: "Beim Absender zu berichtigen",
    requests: (requests: number, count: string) => (requests === 1 ? "1 Anfrage" : `${count} Anfragen`),
    last: (at: string) => `Angenommen wurden diese Leads trotzdem. Zuletzt ${at}.`,
    more: "Was das bedeutet",
  },
  en: {
    title: "To be corrected at the sender",
    requests: (requests: number, count: string) => (requests === 1 ? "1 request" : `${count} requests`),
    last: (at: string) => `These leads were taken all the same. Last at ${at}.`,
    more: "What this means",
  },
};
