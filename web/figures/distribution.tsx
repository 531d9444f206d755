// How long leads took: a sentence above the figures, and tables by hour of the day and by destination.
import { Text } from "@mantine/core";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { DataTable } from "../ui/data-table.tsx";
import type { Column } from "../ui/data-table.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { useDistribution } from "./read-distribution.ts";
import type { Distribution } from "./read-distribution.ts";
import type { Range } from "./read-figures.ts";

interface Durations {
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

/** Nothing while it is not known: the figures below do not wait for it. */
export function DurationSentence({ range }: { readonly range: Range }) {
  const text = useTexts(texts);
  const { span } = useFormat();
  const first = useDistribution(range).data?.first_delivery;
  if (first === undefined || first.p50_ms === null || first.p95_ms === null || first.p99_ms === null)
    return null;
  return <Text>{text.sentence(span(first.p50_ms), span(first.p95_ms), span(first.p99_ms))}</Text>;
}

export function HourTable({ range }: { readonly range: Range }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const columns = useDurationColumns<Distribution["hours"][number]>((row) => row.first_delivery);
  return (
    <QueryState query={useDistribution(range)} loadingRows={hoursOfDay}>
      {({ hours }) => (
        <DataTable
          caption={text.byHour}
          columns={[
            { name: text.hour, isRowHeader: true, cell: (row) => text.hours(row.hour_of_day) },
            { name: text.received, isNumber: true, cell: (row) => count(row.received_count) },
            ...columns,
          ]}
          rows={hours}
          keyOf={(row) => row.hour_of_day}
        />
      )}
    </QueryState>
  );
}

const hoursOfDay = 24;
const loadingRows = 4;

export function DestinationTable({ range }: { readonly range: Range }) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const columns = useDurationColumns<Distribution["destinations"][number]>((row) => row.delivery);
  return (
    <QueryState query={useDistribution(range)} loadingRows={loadingRows}>
      {({ destinations }) => (
        <DataTable
          caption={text.byDestination}
          columns={[
            { name: text.destination, isRowHeader: true, cell: (row) => row.destination },
            { name: text.delivered, isNumber: true, cell: (row) => count(row.delivered_count) },
            { name: text.failedAttempts, isNumber: true, cell: (row) => count(row.failed_attempt_count) },
            { name: text.entries, isNumber: true, cell: (row) => count(row.entry_count) },
            ...columns,
          ]}
          rows={destinations}
          keyOf={(row) => row.destination}
        />
      )}
    </QueryState>
  );
}

function useDurationColumns<Row>(durationsOf: (row: Row) => Durations): readonly Column<Row>[] {
  const text = useTexts(texts);
  const { span } = useFormat();
  const show = (ms: number | null): string => (ms === null ? "–" : span(ms));
  return [
    { name: text.half, isNumber: true, cell: (row) => show(durationsOf(row).p50_ms) },
    { name: text.most, isNumber: true, cell: (row) => show(durationsOf(row).p95_ms) },
    { name: text.nearlyAll, isNumber: true, cell: (row) => show(durationsOf(row).p99_ms) },
  ];
}

const texts = {
  de: {
    sentence: (half: string, most: string, nearlyAll: string) =>
      `Dauer bis zur ersten Zustellung (geschätzt): bei der Hälfte der Leads ${half}, bei 95 % ${most}, bei 99 % ${nearlyAll}.`,
    byHour: "Leads nach der Stunde, in der sie eingegangen sind",
    hour: "Stunde",
    hours: (hour: number) => `${hour} bis ${hour + 1} Uhr`,
    received: "Eingegangen",
    byDestination: "Zahlen nach Ziel",
    destination: "Ziel",
    delivered: "Zugestellt",
    failedAttempts: "Gescheiterte Versuche",
    entries: "Neue Klärfälle",
    half: "Hälfte zugestellt nach",
    most: "95 % nach",
    nearlyAll: "99 % nach",
  },
  en: {
    sentence: (half: string, most: string, nearlyAll: string) =>
      `Time to first delivery (estimated): half of the leads ${half}, 95 % ${most}, 99 % ${nearlyAll}.`,
    byHour: "Leads by the hour in which they were received",
    hour: "Hour",
    hours: (hour: number) => `${hour}:00 to ${hour + 1}:00`,
    received: "Received",
    byDestination: "Figures by destination",
    destination: "Destination",
    delivered: "Delivered",
    failedAttempts: "Failed attempts",
    entries: "New entries",
    half: "Half delivered within",
    most: "95 % within",
    nearlyAll: "99 % within",
  },
};
