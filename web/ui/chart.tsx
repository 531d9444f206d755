// A chart of days that one can read without help: what the colours mean and how many there are stands above it, for the
// day that one points at or chooses by the arrow keys; behind it stands a table with the same numbers, also as a file.
import { Button, useComputedColorScheme } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useCallback, useId, useState } from "react";
import type { KeyboardEvent } from "react";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "./card.tsx";
import { csvOfChart } from "./chart-csv.ts";
import { download } from "./chart-download.ts";
import { ChartPlot } from "./chart-plot.tsx";
import { newestOf, sumOfDays, totalOfDay } from "./chart-series.ts";
import type { ChartData, ChartSeries } from "./chart-series.ts";
import { Swatch } from "./chart-swatch.tsx";
import { ChartTable } from "./chart-table.tsx";
import classes from "./chart.module.css";

interface ChartProps extends ChartData {
  /** One sentence on what it shows. */
  readonly explanation: string;
  /** Without ending. */
  readonly fileName: string;
}

export function Chart({ title, explanation, days, series, together, fileName }: ChartProps) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { count, longDay, shortDay } = useFormat();
  // The same function as long as the language is the same: a chart is drawn afresh for another.
  const axisDay = useCallback((day: string) => shortDay(day).replace(/^\S+\s/u, ""), [shortDay]);
  const scheme = useComputedColorScheme("light");
  const [chosen, setChosen] = useState<number | null>(null);
  const explanationId = useId();
  const at = chosen !== null && chosen < days.length ? chosen : null;
  const isEmpty = series.every(({ values }) => values.every((value) => value === null));
  const valueAt = (values: ChartSeries["values"]): number | null => {
    if (at !== null) return values[at] ?? null;
    return together === "sum" ? sumOfDays(values) : newestOf(values);
  };
  const spoken = (value: number | null): string => (value === null ? text.unknown : count(value));
  const when = whenText();

  function whenText(): string {
    if (at === null) return together === "sum" ? text.allDays(days.length) : text.newest;
    const total = series.length > 1 ? totalOfDay(series, at) : null;
    return `${longDay(days[at] ?? "")}${total === null ? "" : text.total(count(total))}`;
  }

  return (
    <Card title={title}>
      <p className={classes.when} id={explanationId}>
        {explanation}
      </p>
      {isEmpty ? (
        <div className={classes.empty}>{text.noFigures}</div>
      ) : (
        <>
          <p className={classes.when} data-testid="when">
            <strong>{when}</strong>
          </p>
          <ul className={classes.readout}>
            {series.map(({ id, name, values, ...look }) => (
              <li key={id}>
                <Swatch {...look} />
                {name}
                <span className={classes.value} style={{ minWidth: `${count(sumOfDays(values)).length}ch` }}>
                  {spoken(valueAt(values))}
                </span>
              </li>
            ))}
          </ul>
          <div
            className={classes.frame}
            // A slider is what screen readers give the arrow keys to, and whose text they speak at each step.
            role="slider"
            tabIndex={0}
            aria-label={text.choose(title)}
            aria-describedby={explanationId}
            aria-valuemin={1}
            aria-valuemax={days.length}
            aria-valuenow={(at ?? days.length - 1) + 1}
            aria-valuetext={`${when}: ${series.map(({ name, values }) => `${name} ${spoken(valueAt(values))}`).join(", ")}`}
            onKeyDown={(event) => {
              const next = dayAfterKey(event, at, days.length);
              if (next === undefined) return;
              event.preventDefault();
              setChosen(next);
            }}
            onBlur={() => setChosen(null)}
          >
            <ChartPlot
              {...{ days, series, at, scheme }}
              onPoint={setChosen}
              dayLabel={axisDay}
              countLabel={count}
            />
          </div>
        </>
      )}
      <div className={classes.foot}>
        <ChartTable {...{ title, days, series, together }} />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden />}
          aria-label={`${text.csv}: ${title}`}
          onClick={() => {
            const separator = language === "de" ? ";" : ",";
            download(`${fileName}.csv`, csvOfChart(days, series, { dayName: text.day, separator }));
          }}
        >
          {text.csv}
        </Button>
      </div>
    </Card>
  );
}

const daysPerPage = 7;

/** null: no day any more; undefined: the key is for somebody else. */
function dayAfterKey({ key }: KeyboardEvent, at: number | null, days: number): number | null | undefined {
  const from = at ?? days;
  const within = (day: number): number => Math.min(Math.max(day, 0), days - 1);
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return within(from - 1);
    case "ArrowRight":
    case "ArrowUp":
      return within(from + 1);
    case "PageDown":
      return within(from - daysPerPage);
    case "PageUp":
      return within(from + daysPerPage);
    case "Home":
      return 0;
    case "End":
      return days - 1;
    case "Escape":
      return null;
    default:
      return undefined;
  }
}

const texts = {
  de: {
    day: "Tag",
    allDays: (days: number) => `${days} Tage zusammen`,
    newest: "Zuletzt",
    total: (total: string) => ` · zusammen ${total}`,
    unknown: "–",
    noFigures: "Noch keine Zahlen: Mit dem ersten Lead beginnt hier die Zählung.",
    choose: (title: string) => `${title}: mit den Pfeiltasten einen Tag wählen`,
    csv: "CSV herunterladen",
  },
  en: {
    day: "Day",
    allDays: (days: number) => `${days} days together`,
    newest: "Latest",
    total: (total: string) => ` · ${total} together`,
    unknown: "–",
    noFigures: "No figures yet: counting begins with the first lead.",
    choose: (title: string) => `${title}: choose a day with the arrow keys`,
    csv: "Download CSV",
  },
};
