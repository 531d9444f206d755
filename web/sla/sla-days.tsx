// How each day, and each month, kept a service level; a day that changed after it was judged says by what.
import { Text } from "@mantine/core";
import { stateWords } from "../../src/domain/sla/sla-words.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { DataTable } from "../ui/data-table.tsx";
import type { Column } from "../ui/data-table.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { State } from "../ui/state.tsx";
import { useSlaDays, useSlaMonths } from "./read-slas.ts";
import { toneOfState } from "./sla-words.ts";
import type { SlaDay } from "./read-slas.ts";
import type { Answer } from "../api/client.ts";

type Counts = Pick<SlaDay, "state" | "met_count" | "missed_count" | "pending_count" | "share">;
type Month = Answer<"GET /sla/:name/months">["items"][number];

const loadingRows = 6;

export function SlaDays({ name }: { readonly name: string }) {
  const text = useTexts(texts);
  const { longDay, span, shortTime } = useFormat();
  const days = useSlaDays(name);
  const columns: Column<SlaDay>[] = [
    {
      name: text.day,
      isRowHeader: true,
      cell: (of) => (
        <>
          {longDay(of.day)}
          {of.changed_at === null ? null : (
            <Text size="xs" c="dimmed">
              {text.changed(shortTime(of.changed_at), of.change_reason ?? "")}
            </Text>
          )}
        </>
      ),
    },
    ...useCounts(),
    {
      name: text.value,
      isNumber: true,
      cell: ({ value_ms: value }) => (value === null ? "–" : span(value)),
    },
  ];
  return (
    <QueryState query={days} loadingRows={loadingRows}>
      {(rows) => <DataTable caption={text.days} columns={columns} rows={rows} keyOf={(of) => of.day} />}
    </QueryState>
  );
}

export function SlaMonths({ name }: { readonly name: string }) {
  const text = useTexts(texts);
  const { percent, month } = useFormat();
  const months = useSlaMonths(name);
  const columns: Column<Month>[] = [
    { name: text.month, isRowHeader: true, cell: (of) => month(of.month) },
    ...useCounts(),
    {
      name: text.left,
      isNumber: true,
      cell: ({ budget: { left } }) => (left === null ? "–" : left < 0 ? text.overdrawn : percent(left)),
    },
  ];
  return (
    <QueryState query={months} loadingRows={1}>
      {(rows) => <DataTable caption={text.months} columns={columns} rows={rows} keyOf={(of) => of.month} />}
    </QueryState>
  );
}

function useCounts(): readonly Column<Counts>[] {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { count, percent } = useFormat();
  return [
    {
      name: text.state,
      cell: ({ state }) => <State tone={toneOfState[state]}>{stateWords[state][language]}</State>,
    },
    { name: text.met, isNumber: true, cell: (of) => count(of.met_count) },
    { name: text.missed, isNumber: true, cell: (of) => count(of.missed_count) },
    { name: text.pending, isNumber: true, cell: (of) => count(of.pending_count) },
    { name: text.share, isNumber: true, cell: ({ share }) => (share === null ? "–" : percent(share)) },
  ];
}

const texts = {
  de: {
    days: "Tage",
    months: "Monate",
    day: "Tag",
    month: "Monat",
    state: "Urteil",
    met: "Eingehalten",
    missed: "Verfehlt",
    pending: "Offen",
    share: "Anteil",
    value: "Dauer",
    left: "Budget übrig",
    overdrawn: "überzogen",
    changed: (at: string, why: string) => `geändert ${at}: ${why}`,
  },
  en: {
    days: "Days",
    months: "Months",
    day: "Day",
    month: "Month",
    state: "Judgement",
    met: "Kept",
    missed: "Missed",
    pending: "Open",
    share: "Share",
    value: "Time",
    left: "Budget left",
    overdrawn: "overdrawn",
    changed: (at: string, why: string) => `changed ${at}: ${why}`,
  },
};
