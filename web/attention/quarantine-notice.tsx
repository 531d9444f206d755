// That something was turned away and is kept aside, where people look: above the cases, and at its source.
import { Alert, Anchor, Text } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";

/** Counted no further: it is a notice, not a figure. */
const countedMax = 100;

/** `source`: of this one alone. Nothing where nothing is kept. */
export function QuarantineNotice({ source }: { readonly source?: string }) {
  const text = useTexts(texts);
  const kept = useQuery({
    queryKey: ["quarantine", "notice", source],
    queryFn: () => call("GET /quarantine", { query: { source, limit: countedMax } }),
  });
  const count = kept.data?.items.length ?? 0;
  if (count === 0) return null;
  const hasMore = kept.data?.next_cursor != null;
  const query = source === undefined ? "" : `?source=${encodeURIComponent(source)}`;
  return (
    <Alert color="yellow" icon={<IconInbox aria-hidden />} title={text.title(count, hasMore)}>
      <Text size="sm">{text.explanation}</Text>
      <Anchor component={Link} href={`/attention/quarantine${query}`} size="sm" underline="always">
        {text.look}
      </Anchor>
    </Alert>
  );
}

const texts = {
  de: {
    title: (count: number, hasMore: boolean) =>
      count === 1
        ? "1 Anfrage nicht angenommen, aufbewahrt"
        : `${hasMore ? "Mehr als " : ""}${count} Anfragen nicht angenommen, aufbewahrt`,
    explanation:
      "Daraus wurde kein Lead. Vielleicht ist ein echter darunter; nach sieben Tagen wird gelöscht, was niemand annimmt.",
    look: "Ansehen und entscheiden",
  },
  en: {
    title: (count: number, hasMore: boolean) =>
      count === 1
        ? "1 request not accepted, kept aside"
        : `${hasMore ? "More than " : ""}${count} requests not accepted, kept aside`,
    explanation:
      "It did not become a lead. A real one may be among it; after seven days, what nobody accepts is deleted.",
    look: "Look and decide",
  },
};
