// The numbers behind a chart, as a table that opens on demand; the newest day first.
import { useState } from "react";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { sumOfDays } from "./chart-series.ts";
import type { ChartData } from "./chart-series.ts";
import classes from "./chart.module.css";
import { DataTable } from "./data-table.tsx";
import type { Column } from "./data-table.tsx";

export function ChartTable({ title, days, series, together }: ChartData) {
  const text = useTexts(texts);
  const { count, shortDay } = useFormat();
  const [isOpen, setOpen] = useState(false);
  const isSum = together === "sum";
  const columns: Column<number>[] = [
    {
      name: text.day,
      cell: (at) => shortDay(days[at] ?? ""),
      isRowHeader: true,
      ...(isSum ? { total: text.together } : {}),
    },
    ...series.map(({ name, values }) => ({
      name,
      isNumber: true,
      cell: (at: number) => (values[at] == null ? "–" : count(values[at])),
      ...(isSum ? { total: count(sumOfDays(values)) } : {}),
    })),
  ];
  return (
    <details className={classes.table} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{text.show}</summary>
      {isOpen ? (
        <DataTable
          caption={title}
          columns={columns}
          rows={days.map((_, at) => at).reverse()}
          keyOf={(at) => at}
        />
      ) : null}
    </details>
  );
}

const texts = {
  de: { show: "Zahlen als Tabelle", day: "Tag", together: "Zusammen" },
  en: { show: "Numbers as a table", day: "Day", together: "Together" },
};
