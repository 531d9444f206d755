// The figures of each day, the newest first, with their sums.
import { Text } from "@mantine/core";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { DataTable } from "../ui/data-table.tsx";
import type { Column } from "../ui/data-table.tsx";
import { useCountColumns } from "./count-columns.ts";
import classes from "./figures.module.css";
import { countsByDay } from "./lead-counts.ts";
import type { DayCounts } from "./lead-counts.ts";
import type { Figures } from "./read-figures.ts";

interface DayTableProps {
  readonly figures: Figures;
  /** null: all sources together. */
  readonly source: string | null;
}

export function DayTable({ figures, source }: DayTableProps) {
  const text = useTexts(texts);
  const { count, longDay } = useFormat();
  const days = figures.days.map((each) => each.day);
  const rows =
    source === null
      ? countsByDay(days, figures.days, figures.sources)
      : countsByDay(
          days,
          [],
          figures.sources.filter((each) => each.source === source),
        );
  const filledIn = new Set(figures.days.filter(({ by_hand }) => by_hand).map((each) => each.day));
  const columns: Column<DayCounts>[] = [
    {
      name: text.day,
      isRowHeader: true,
      total: <span className={classes.day}>{text.sum(rows.length)}</span>,
      cell: (of) => (
        <>
          <span className={classes.day}>{longDay(of.day)}</span>
          {source === null && filledIn.has(of.day) ? (
            <Text span size="sm" c="dimmed">
              {` (${text.filledIn})`}
            </Text>
          ) : null}
        </>
      ),
    },
    ...useCountColumns(rows),
  ];
  if (source === null) {
    columns.push({
      name: text.open,
      isNumber: true,
      total: "",
      cell: ({ open }) => (open === null ? "–" : count(open)),
    });
  }
  return <DataTable caption={text.caption} columns={columns} rows={rows} keyOf={(of) => of.day} />;
}

const texts = {
  de: {
    caption: "Zahlen nach Tag",
    day: "Tag",
    sum: (days: number) => (days === 1 ? "Summe, 1 Tag" : `Summe, ${days} Tage`),
    filledIn: "von Hand eingetragen",
    open: "Klärfälle am Tagesende",
  },
  en: {
    caption: "Figures by day",
    day: "Day",
    sum: (days: number) => (days === 1 ? "Sum, 1 day" : `Sum, ${days} days`),
    filledIn: "filled in by hand",
    open: "Needs attention at day's end",
  },
};
