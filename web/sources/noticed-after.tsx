// How soon an outage of a source would be noticed, in words: an honest limit beside its figures.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import type { Source } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";

export function NoticedAfter({ source }: { readonly source: Source }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const { data } = useQuery({
    queryKey: ["sources", "rhythm", source.name],
    queryFn: ({ signal }) => call("GET /sources/:name/rhythm", { params: { name: source.name }, signal }),
  });
  const words = data === undefined ? null : wordsOf(source, data.noticed_after, text, count);
  return words === null ? null : (
    <Text size="sm" c="dimmed">
      {words}
    </Text>
  );
}

type Limit = { readonly count: number; readonly unit: "minute" | "hour" | "workday" | "day" } | null;

function wordsOf(
  { silence }: Source,
  limit: Limit,
  text: (typeof texts)["de"],
  count: (value: number) => string,
): string | null {
  if (silence === "off") return text.off;
  if (silence !== null && "at_least_one_per" in silence) return null;
  if (limit === null) return text.unknown;
  const { count: exact, unit } = limit;
  const whole = Math.floor(exact);
  const halves = exact > whole ? `${count(whole)}½` : count(whole);
  return text.after(halves, exact === 1, unit);
}

const units = {
  de: {
    minute: ["Minute", "Minuten"],
    hour: ["Stunde", "Stunden"],
    workday: ["Arbeitstag", "Arbeitstagen"],
    day: ["Tag", "Tagen"],
  },
  en: {
    minute: ["minute", "minutes"],
    hour: ["hour", "hours"],
    workday: ["working day", "working days"],
    day: ["day", "days"],
  },
} as const;

const texts = {
  de: {
    off: "Ein Ausfall wird nicht gemeldet.",
    unknown: "Ob sie ausfällt, lässt sich an ihrer Stille noch nicht erkennen: Dafür kamen zu wenige Leads.",
    after: (halves: string, isOne: boolean, unit: keyof (typeof units)["de"]) =>
      `Ein Ausfall fällt frühestens nach etwa ${halves === "1" && unit !== "workday" && unit !== "day" ? "einer" : isOne ? "einem" : halves} ${units.de[unit][isOne ? 0 : 1]} auf.`,
  },
  en: {
    off: "Nobody is told of an outage.",
    unknown: "Its silence cannot tell an outage yet: too few leads have come.",
    after: (halves: string, isOne: boolean, unit: keyof (typeof units)["en"]) =>
      `An outage is noticed after about ${isOne ? "one" : halves} ${units.en[unit][isOne ? 0 : 1]} at the earliest.`,
  },
};
