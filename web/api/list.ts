// A list that is read page by page.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { get } from "./client.ts";
import type { QueryValue } from "./client.ts";
import type { Page } from "./wire.ts";

const pageSize = 50;
const callsPerPageMax = 40;

export interface List<Item> {
  readonly items: readonly Item[] | undefined;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

/**
 * `name`: the first member of the query's key, by which live events find it (live.ts). `limits`: narrow what is read from
 * now on; it stays the same list, with the pages that are there.
 */
export function useList<Item>(
  name: string,
  path: string,
  filter: Readonly<Record<string, QueryValue>> = {},
  limits: Readonly<Record<string, QueryValue>> = {},
): List<Item> {
  const list = useInfiniteQuery({
    queryKey: [name, path, filter],
    queryFn: ({ pageParam, signal }) => filledPage<Item>(path, { ...filter, ...limits }, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    // While another filter is being answered, what was there stays.
    placeholderData: keepPreviousData,
  });
  return {
    items: list.data?.pages.flatMap(({ items }) => items),
    error: list.error,
    hasMore: list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    loadMore: () => void list.fetchNextPage(),
    reload: () => void list.refetch(),
  };
}

/**
 * The API may answer with few items or none and still have more (a search that took long goes on there). It is asked a
 * limited number of times for a page, always the same, so that a page that is read again is the same page.
 */
async function filledPage<Item>(
  path: string,
  filter: Readonly<Record<string, QueryValue>>,
  from: string | null,
  signal: AbortSignal,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let cursor = from;
  let calls = 0;
  do {
    const query = { ...filter, limit: pageSize, cursor };
    const page = await get<Page<Item>>(path, { query, signal });
    items.push(...page.items);
    cursor = page.next_cursor;
    calls += 1;
  } while (items.length < pageSize && cursor !== null && calls < callsPerPageMax);
  return { items, next_cursor: cursor };
}
