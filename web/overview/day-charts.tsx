// The last days as charts: what became of their leads, where they came from, and how many cases were open.
import { SegmentedControl, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { countsByDay, receivedBySource } from "../figures/lead-counts.ts";
import type { DayCounts } from "../figures/lead-counts.ts";
import { useFigures } from "../figures/read-figures.ts";
import type { Figures } from "../figures/read-figures.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Chart } from "../ui/chart.tsx";
import type { ChartSeries, Look } from "../ui/chart-series.ts";
import { addDays, daysBetween } from "../language/days.ts";
import { QueryState } from "../ui/query-state.tsx";
import classes from "./overview.module.css";
import { useSourceName } from "../ui/source-name.ts";

const choices = ["7", "30", "90"] as const;
const daysDefault = "30";
const sourcesShownMax = 6;
/** About as high as the charts. */
const loadingRows = 20;

export function DayCharts({ today }: { readonly today: string }) {
  const text = useTexts(texts);
  const { day, zoneName } = useFormat();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get("days");
  const chosen = choices.find((choice) => choice === wanted) ?? daysDefault;
  const from = addDays(today, 1 - Number(chosen));
  const figures = useFigures({ from, to: today });
  return (
    <>
      <div className={classes.heading}>
        <div>
          <Title order={2} size="h3">
            {text.lastDays(chosen)}
          </Title>
          <Text c="dimmed" size="sm">
            {text.range(day(from), day(today), zoneName())}
          </Text>
        </div>
        <SegmentedControl
          aria-label={text.range7to90}
          value={chosen}
          onChange={(value) => setSearch(value === daysDefault ? {} : { days: value }, { replace: true })}
          data={choices.map((value) => ({ value, label: text.days(value) }))}
        />
      </div>
      <QueryState query={figures} loadingRows={loadingRows}>
        {(known) => <Charts figures={known} />}
      </QueryState>
    </>
  );
}

function Charts({ figures }: { readonly figures: Figures }) {
  const text = useTexts(texts);
  const { day } = useFormat();
  const sourceName = useSourceName();
  const days = useMemo(() => daysBetween(figures.from, figures.to), [figures.from, figures.to]);
  const byDay = useMemo(() => countsByDay(days, figures.days, figures.sources), [days, figures]);
  const bySource = useMemo(
    () => receivedBySource(days, figures.sources, sourcesShownMax),
    [days, figures.sources],
  );
  const firstKnown = byDay.find(({ open }) => open !== null)?.day;
  const since =
    firstKnown === undefined || firstKnown === days[0] ? "" : ` ${text.figuresSince(day(firstKnown))}`;
  const ofKnown = (value: (counts: DayCounts) => number | null): (number | null)[] =>
    byDay.map((counts) => (counts.open === null && counts.received === 0 ? null : value(counts)));
  const fates: readonly ChartSeries[] = [
    { id: "delivered", name: text.delivered, ...looks.delivered, values: ofKnown((of) => of.delivered) },
    { id: "byHand", name: text.byHand, ...looks.byHand, values: ofKnown((of) => of.byHand) },
    // Few have sources that hold leads.
    ...(byDay.every(({ withdrawn }) => withdrawn === 0)
      ? []
      : [
          {
            id: "withdrawn",
            name: text.withdrawn,
            ...looks.withdrawn,
            values: ofKnown((of) => of.withdrawn),
          },
        ]),
    { id: "nobody", name: text.nobody, ...looks.nobody, values: ofKnown((of) => of.nobody) },
    { id: "failed", name: text.failed, ...looks.failed, values: ofKnown((of) => of.failed) },
    { id: "onTheWay", name: text.onTheWay, ...looks.onTheWay, values: ofKnown((of) => of.onTheWay) },
  ];
  const sources: readonly ChartSeries[] = bySource.map(({ source, received }, index) => ({
    id: source ?? "",
    name: source === null ? text.others : sourceName(source),
    ...(source === null ? looks.others : (sourceLooks[index] ?? looks.others)),
    values: received.map((value, at) => (byDay[at]?.open === null && value === 0 ? null : value)),
  }));
  const open: readonly ChartSeries[] = [
    { id: "open", name: text.open, ...looks.open, values: byDay.map((counts) => counts.open) },
  ];
  return (
    <div className={classes.charts}>
      <Chart
        {...{ title: text.byFate, explanation: `${text.byFateWhat}${since}`, days, series: fates }}
        together="sum"
        fileName={text.byFateFile}
      />
      <Chart
        {...{ title: text.bySource, explanation: `${text.bySourceWhat}${since}`, days, series: sources }}
        together="sum"
        fileName={text.bySourceFile}
      />
      <Chart
        {...{ title: text.openCases, explanation: `${text.openCasesWhat}${since}`, days, series: open }}
        together="newest"
        fileName={text.openCasesFile}
      />
    </div>
  );
}

const looks = {
  delivered: { colour: "--chart-good", texture: "plain" },
  byHand: { colour: "--chart-by-hand", texture: "dots" },
  withdrawn: { colour: "--chart-by-hand", texture: "stripes" },
  nobody: { colour: "--chart-nobody", texture: "stripes" },
  failed: { colour: "--chart-failed", texture: "plain" },
  onTheWay: { colour: "--chart-on-the-way", texture: "grid" },
  others: { colour: "--chart-others", texture: "stripes" },
  open: { colour: "--chart-open", texture: "plain" },
} as const satisfies Record<string, Look>;

const sourceLooks: readonly Look[] = [
  { colour: "--chart-1", texture: "plain" },
  { colour: "--chart-2", texture: "stripes" },
  { colour: "--chart-3", texture: "plain" },
  { colour: "--chart-4", texture: "dots" },
  { colour: "--chart-5", texture: "plain" },
  { colour: "--chart-6", texture: "grid" },
];

const texts = {
  de: {
    lastDays: (days: string) => `Die letzten ${days} Tage`,
    range: (from: string, to: string, zone: string) => `${from} bis ${to}, Tage in der Zeitzone ${zone}`,
    range7to90: "Zeitraum",
    days: (days: string) => `${days} Tage`,
    figuresSince: (day: string) => `Zahlen gibt es seit dem ${day}.`,
    byFate: "Leads pro Tag: was aus ihnen wurde",
    byFateWhat: "Leads nach dem Tag, an dem sie eingegangen sind, und wie es heute um sie steht.",
    byFateFile: "leads-nach-verbleib",
    delivered: "Zugestellt",
    byHand: "Von Hand erledigt",
    withdrawn: "Zurückgezogen",
    nobody: "Ohne Ziel",
    failed: "Fehlgeschlagen",
    onTheWay: "In Zustellung",
    bySource: "Leads pro Tag: woher sie kamen",
    bySourceWhat: "Die sechs größten Quellen des Zeitraums.",
    bySourceFile: "leads-nach-quelle",
    others: "Andere Quellen",
    openCases: "Offene Klärfälle",
    openCasesWhat: "Wie viele am Ende jedes Tages offen waren; heute: jetzt.",
    openCasesFile: "offene-klaerfaelle",
    open: "Offen",
  },
  en: {
    lastDays: (days: string) => `The last ${days} days`,
    range: (from: string, to: string, zone: string) => `${from} to ${to}, days in the time zone ${zone}`,
    range7to90: "Range",
    days: (days: string) => `${days} days`,
    figuresSince: (day: string) => `There are figures since ${day}.`,
    byFate: "Leads per day: what became of them",
    byFateWhat: "Leads by the day on which they were received, and how they stand now.",
    byFateFile: "leads-by-fate",
    delivered: "Delivered",
    byHand: "Settled by hand",
    withdrawn: "Withdrawn",
    nobody: "Without destination",
    failed: "Failed",
    onTheWay: "Being delivered",
    bySource: "Leads per day: where they came from",
    bySourceWhat: "The six largest sources of the range.",
    bySourceFile: "leads-by-source",
    others: "Other sources",
    openCases: "Cases that need attention",
    openCasesWhat: "How many were open at the end of each day; today: now.",
    openCasesFile: "open-cases",
    open: "Open",
  },
};
