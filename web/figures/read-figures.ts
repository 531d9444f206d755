// The figures of a range of days, read to the last page.
import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { pageOf } from "../api/client.ts";
import type { Item, Query } from "../api/client.ts";
import type { KpiDay, KpiSourceDay, Page } from "../api/types.ts";

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
        everyPage("GET /kpi/daily", { from, to }, signal),
        everyPage("GET /kpi/sources", { from, to }, signal),
      ]);
      return { from, to, days, sources };
    },
    // While another range is being answered, what was there stays.
    placeholderData: keepPreviousData,
  });
}

const pageSize = 500;

async function everyPage<Name extends "GET /kpi/daily" | "GET /kpi/sources">(
  name: Name,
  { from, to }: Range,
  signal: AbortSignal,
): Promise<readonly Item<Name>[]> {
  const items: Item<Name>[] = [];
  let cursor: string | null = null;
  do {
    const query = { from, to, limit: pageSize, cursor } as unknown as Query<Name>;
    const page: Page<Item<Name>> = await pageOf(name, query, signal);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}
