// The range of days that stands in the address; without one, the month that it is.
import { useFormat } from "../language/format.ts";
import { firstOfMonth, lastOfMonth } from "../language/days.ts";
import { useSearchValues } from "../ui/search-value.ts";
import type { Range } from "./read-figures.ts";

export function useRange(): readonly [Range, (range: Range) => void] {
  const { timezone } = useFormat();
  const [search, change] = useSearchValues();
  const today = dayNow(timezone);
  const from = dayOf(search.get("from")) ?? firstOfMonth(today);
  const to = dayOf(search.get("to")) ?? lastOfMonth(today);
  return [{ from, to }, (range) => change({ from: range.from, to: range.to })];
}

function dayNow(timezone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: timezone }).format(new Date());
}

function dayOf(written: string | null): string | null {
  const isDay = written !== null && /^\d{4}-\d\d-\d\d$/.test(written) && !Number.isNaN(Date.parse(written));
  return isDay ? written : null;
}
