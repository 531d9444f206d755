// The figures in full: of each day or of each source, for a range of days, also by the file.
import { Anchor, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { Link, useSearchParams } from "wouter";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Empty } from "../ui/empty.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { useSearchValues } from "../ui/search-value.ts";
import { DayTable } from "./day-table.tsx";
import { DestinationTable, DurationSentence, HourTable } from "./distribution.tsx";
import { FigureDownloads } from "./figure-downloads.tsx";
import { RangeChoice } from "./range-choice.tsx";
import { useFigures } from "./read-figures.ts";
import type { Figures } from "./read-figures.ts";
import { SourceTable } from "./source-table.tsx";
import { useRange } from "./use-range.ts";
import { useSourceName } from "../ui/source-name.ts";

const loadingRows = 14;

export default function FiguresView() {
  const text = useTexts(texts);
  const { timezone, zoneName } = useFormat();
  const [range, setRange] = useRange();
  const figures = useFigures(range);
  return (
    <Page
      title={text.title}
      explanation={text.explanation}
      actions={
        <Group gap="xs">
          <Button component={Link} href="/reports" variant="default" size="sm">
            {text.reports}
          </Button>
          <FigureDownloads range={range} />
        </Group>
      }
    >
      <Group align="flex-end" justify="space-between" gap="md">
        <RangeChoice range={range} onChange={setRange} />
        <Grouping />
      </Group>
      <DurationSentence range={range} />
      <QueryState query={figures} loadingRows={loadingRows}>
        {(known) => <Tables figures={known} />}
      </QueryState>
      <Text size="sm" c="dimmed">
        {text.zone(`${timezone} (${zoneName()})`)}
      </Text>
    </Page>
  );
}

function Grouping() {
  const text = useTexts(texts);
  const [search, change] = useSearchValues();
  return (
    <SegmentedControl
      aria-label={text.grouping}
      value={groupingOf(search)}
      onChange={(by) => change({ by: by === "day" ? "" : by, source: "" })}
      data={[
        { value: "day", label: text.byDay },
        { value: "source", label: text.bySource },
        { value: "destination", label: text.byDestination },
        { value: "hour", label: text.byHour },
      ]}
    />
  );
}

function groupingOf(search: URLSearchParams): string {
  const by = search.get("by") ?? "";
  return ["source", "destination", "hour"].includes(by) ? by : "day";
}

function Tables({ figures }: { readonly figures: Figures }) {
  const text = useTexts(texts);
  const [search] = useSearchParams();
  const sourceName = useSourceName();
  if (figures.days.length === 0) return <Empty title={text.none} explanation={text.noneWhy} />;
  const by = groupingOf(search);
  if (by === "source") return <SourceTable figures={figures} />;
  if (by === "destination") return <DestinationTable range={figures} />;
  if (by === "hour") return <HourTable range={figures} />;
  const source = search.get("source");
  return (
    <Stack gap="sm">
      {source === null ? null : (
        <Group gap="sm">
          <Text fw={600}>{text.onlySource(sourceName(source))}</Text>
          <Anchor
            component={Link}
            href={`/figures?${new URLSearchParams({ from: figures.from, to: figures.to }).toString()}`}
            underline="always"
          >
            {text.allSources}
          </Anchor>
        </Group>
      )}
      <DayTable figures={figures} source={source} />
    </Stack>
  );
}

const texts = {
  de: {
    reports: "Berichte",
    title: "Zahlen",
    explanation:
      "Leads nach dem Tag, an dem sie eingegangen sind, und wie es jetzt um sie steht. Testleads zählen nicht mit.",
    grouping: "Zusammenfassen nach",
    byDay: "Nach Tag",
    bySource: "Nach Quelle",
    byDestination: "Nach Ziel",
    byHour: "Nach Stunde",
    zone: (zone: string) => `Ein Tag geht von Mitternacht bis Mitternacht in der Zeitzone ${zone}.`,
    none: "Keine Zahlen in diesem Zeitraum",
    noneWhy: "Gezählt wird vom Tag des ersten Leads bis heute. Wählen Sie einen anderen Zeitraum.",
    onlySource: (source: string) => `Nur Leads von „${source}“`,
    allSources: "Alle Quellen zeigen",
  },
  en: {
    reports: "Reports",
    title: "Figures",
    explanation:
      "Leads by the day on which they were received, and how they stand now. Test leads are not counted.",
    grouping: "Sum up by",
    byDay: "By day",
    bySource: "By source",
    byDestination: "By destination",
    byHour: "By hour",
    zone: (zone: string) => `A day lasts from midnight to midnight in the time zone ${zone}.`,
    none: "No figures in this range",
    noneWhy: "Counting goes from the day of the first lead until today. Choose another range.",
    onlySource: (source: string) => `Only leads from “${source}”`,
    allSources: "Show all sources",
  },
};
