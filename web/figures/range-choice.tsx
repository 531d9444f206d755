// Chooses a range of days: month by month, or from one day to another.
import { ActionIcon, Group, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useLanguage, useTexts } from "../language/language.tsx";
import type { Language } from "../language/language.tsx";
import { DayField } from "../ui/day-field.tsx";
import { addDays, firstOfMonth, lastOfMonth } from "../language/days.ts";
import classes from "./figures.module.css";
import type { Range } from "./read-figures.ts";

interface RangeChoiceProps {
  readonly range: Range;
  readonly onChange: (range: Range) => void;
}

export function RangeChoice({ range, onChange }: RangeChoiceProps) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { from, to } = range;
  const isMonth = from === firstOfMonth(from) && to === lastOfMonth(from);
  const before = monthOf(addDays(firstOfMonth(from), -1));
  const after = monthOf(addDays(lastOfMonth(from), 1));
  const isReversed = to < from;
  return (
    <Group align="flex-end" gap="md">
      <Group gap={4} wrap="nowrap" className={classes.months ?? ""}>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={text.goTo(monthName(before.from, language))}
          onClick={() => onChange(before)}
        >
          <IconChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <Text className={classes.month} role="status">
          {isMonth ? monthName(from, language) : text.ownRange}
        </Text>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={text.goTo(monthName(after.from, language))}
          onClick={() => onChange(after)}
        >
          <IconChevronRight size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <DayField
        label={text.from}
        value={from}
        onChange={(day) => {
          if (day !== "") onChange({ from: day, to });
        }}
      />
      <DayField
        label={text.to}
        value={to}
        error={isReversed ? text.reversed : undefined}
        onChange={(day) => {
          if (day !== "") onChange({ from, to: day });
        }}
      />
    </Group>
  );
}

function monthOf(day: string): Range {
  return { from: firstOfMonth(day), to: lastOfMonth(day) };
}

function monthName(day: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(day),
  );
}

const texts = {
  de: {
    goTo: (month: string) => `Zum ${month}`,
    ownRange: "Eigener Zeitraum",
    from: "Erster Tag",
    to: "Letzter Tag",
    reversed: "Liegt vor dem ersten Tag",
  },
  en: {
    goTo: (month: string) => `To ${month}`,
    ownRange: "Own range",
    from: "First day",
    to: "Last day",
    reversed: "Comes before the first day",
  },
};
