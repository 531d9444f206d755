// A field in which a day is typed as the reader writes it, or picked from a calendar.
import { DateInput } from "@mantine/dates";
import "@mantine/dates/styles.layer.css";
import "dayjs/locale/de";
import type { ReactNode } from "react";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { exampleDay, readDay, writtenDay } from "../language/written-day.ts";

interface DayFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly error?: ReactNode;
  /** `2026-11-29`; empty: none. */
  readonly value: string;
  readonly onChange: (day: string) => void;
}

export function DayField({ value, onChange, ...field }: DayFieldProps) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { locale } = useFormat();
  return (
    <DateInput
      {...field}
      value={/^\d{4}-\d\d-\d\d$/.test(value) ? value : null}
      onChange={(day) => onChange(day ?? "")}
      valueFormat={(day) => writtenDay(day, locale)}
      dateParser={(written) => readDay(written, locale)}
      placeholder={exampleDay(locale)}
      locale={language}
      firstDayOfWeek={locale === "en-US" ? 0 : 1}
      clearable
      clearButtonProps={{ "aria-label": text.clear }}
      ariaLabels={text.labels}
      popoverProps={{ withinPortal: true }}
    />
  );
}

const texts = {
  de: {
    clear: "Tag leeren",
    labels: {
      nextMonth: "Nächster Monat",
      previousMonth: "Voriger Monat",
      nextYear: "Nächstes Jahr",
      previousYear: "Voriges Jahr",
      nextDecade: "Nächstes Jahrzehnt",
      previousDecade: "Voriges Jahrzehnt",
      monthLevelControl: "Monat wählen",
      yearLevelControl: "Jahr wählen",
    },
  },
  en: {
    clear: "Clear the day",
    labels: {
      nextMonth: "Next month",
      previousMonth: "Previous month",
      nextYear: "Next year",
      previousYear: "Previous year",
      nextDecade: "Next decade",
      previousDecade: "Previous decade",
      monthLevelControl: "Choose the month",
      yearLevelControl: "Choose the year",
    },
  },
};
