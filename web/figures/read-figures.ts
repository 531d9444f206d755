// The figures of a range of days, read to the last page.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { QueryValue } from "../api/client.ts";
import type { KpiDay, KpiSourceDay } from "../api/types.ts";
import type { Page } from "../api/wire.ts";

export interface Range {
  /** ISO days of the reporting time zone, both included. */
  readonly from: string;
  readonly to: string;
}

export interface Figures extends Range {
  readonly days: readonly KpiDay[];
  readonly sources: readonly KpiSourceDay[];
}

export function useFigures({ from, to }: Range) {
  return useQuery({
    queryKey: ["figures", from, to],
    queryFn: async ({ signal }): Promise<Figures> => {
      const [days, sources] = await Promise.all([
        everyPage<KpiDay>("/kpi/daily", { from, to }, signal),
        everyPage<KpiSourceDay>("/kpi/sources", { from, to }, signal),
      ]);
      return { from, to, days, sources };
    },
    // While another range is being answered, what was there stays.
    placeholderData: keepPreviousData,
  });
}

const pageSize = 500;

async function everyPage<Item>(
  path: string,
  query: Readonly<Record<string, QueryValue>>,
  signal: AbortSignal,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await get<Page<Item>>(path, {
      query: { ...query, limit: pageSize, cursor },
      signal,
    });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}
