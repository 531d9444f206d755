// The figures of each source over the whole range, the largest first; each leads to its days.
import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { DataTable } from "../ui/data-table.tsx";
import type { Column } from "../ui/data-table.tsx";
import { useCountColumns } from "./count-columns.ts";
import { countsOfSource, grouped, successRate, sumOf } from "./lead-counts.ts";
import type { LeadCounts } from "./lead-counts.ts";
import type { Figures } from "./read-figures.ts";
import { useSourceName } from "../ui/source-name.ts";

interface Row extends LeadCounts {
  readonly source: string;
}

export function SourceTable({ figures: { from, to, sources } }: { readonly figures: Figures }) {
  const text = useTexts(texts);
  const { percent } = useFormat();
  const sourceName = useSourceName();
  const rows = [...grouped(sources, ({ source }) => source)]
    .map(([source, figures]): Row => ({ source, ...sumOf(figures.map(countsOfSource)) }))
    .toSorted((one, other) => other.received - one.received || one.source.localeCompare(other.source));
  const success = (of: LeadCounts): string => {
    const rate = successRate(of);
    return rate === null ? "–" : percent(rate);
  };
  const daysOf = (source: string): string =>
    `/figures?${new URLSearchParams({ from, to, source }).toString()}`;
  const columns: Column<Row>[] = [
    {
      name: text.source,
      isRowHeader: true,
      total: text.sum,
      cell: ({ source }) => (
        <Anchor component={Link} href={daysOf(source)} underline="always">
          {sourceName(source)}
        </Anchor>
      ),
    },
    ...useCountColumns(rows),
    { name: text.success, isNumber: true, cell: success, total: success(sumOf(rows)) },
  ];
  return <DataTable caption={text.caption} columns={columns} rows={rows} keyOf={({ source }) => source} />;
}

const texts = {
  de: {
    caption: "Zahlen nach Quelle",
    source: "Quelle",
    sum: "Summe",
    success: "Erfolgsquote der abgeschlossenen",
  },
  en: {
    caption: "Figures by source",
    source: "Source",
    sum: "Sum",
    success: "Success rate of finished ones",
  },
};
