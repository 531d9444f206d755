// The columns that tables of figures have in common: what became of the leads, with their sums.
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import type { Column } from "../ui/data-table.tsx";
import { sumOf } from "./lead-counts.ts";
import type { LeadCounts } from "./lead-counts.ts";

export function useCountColumns(all: readonly LeadCounts[]): readonly Column<LeadCounts>[] {
  const text = useTexts(texts);
  const { count, span } = useFormat();
  const sum = sumOf(all);
  const duration = (ms: number | null): string => (ms === null ? "–" : span(ms));
  const column = (name: string, show: (of: LeadCounts) => string): Column<LeadCounts> => ({
    name,
    isNumber: true,
    cell: show,
    total: show(sum),
  });
  return [
    column(text.received, (of) => count(of.received)),
    column(text.delivered, (of) => count(of.delivered)),
    column(text.byHand, (of) => count(of.byHand)),
    // Few have sources that hold leads.
    ...(sum.withdrawn === 0 ? [] : [column(text.withdrawn, (of) => count(of.withdrawn))]),
    column(text.nobody, (of) => count(of.nobody)),
    column(text.failed, (of) => count(of.failed)),
    column(text.onTheWay, (of) => count(of.onTheWay)),
    column(text.duration, (of) => duration(of.avgProcessingMs)),
  ];
}

const texts = {
  de: {
    received: "Eingegangen",
    delivered: "Zugestellt",
    byHand: "Von Hand erledigt",
    withdrawn: "Zurückgezogen",
    nobody: "Ohne Ziel",
    failed: "Fehlgeschlagen",
    onTheWay: "In Zustellung",
    duration: "Mittlere Dauer",
  },
  en: {
    received: "Received",
    delivered: "Delivered",
    byHand: "Settled by hand",
    withdrawn: "Withdrawn",
    nobody: "Without destination",
    failed: "Failed",
    onTheWay: "Being delivered",
    duration: "Mean time",
  },
};
