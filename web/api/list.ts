// A list that is read page by page.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { Loose, Page } from "../../src/http/api/frame/call-types.ts";
import { pageOf } from "./client.ts";
import type { Item, ListName, Query } from "./client.ts";

const pageSize = 50;
const callsPerPageMax = 40;

export interface List<Listed> {
  readonly items: readonly Listed[] | undefined;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

/** What a list is narrowed by; an empty text narrows nothing. */
export type Filter<Name extends ListName> = Partial<Loose<Omit<Query<Name>, "limit" | "cursor">>>;

/**
 * `key`: the first member of the query's key, by which live events find it (live.ts). `limits`: narrow what is read from
 * now on; it stays the same list, with the pages that are there.
 */
export function useList<Name extends ListName>(
  key: string,
  name: Name,
  filter: Filter<Name> = {},
  limits: Filter<Name> = {},
): List<Item<Name>> {
  const list = useInfiniteQuery({
    queryKey: [key, name, filter],
    queryFn: ({ pageParam, signal }) => filledPage(name, { ...filter, ...limits }, pageParam, signal),
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
async function filledPage<Name extends ListName>(
  name: Name,
  filter: Filter<Name>,
  from: string | null,
  signal: AbortSignal,
): Promise<Page<Item<Name>>> {
  const items: Item<Name>[] = [];
  let cursor = from;
  let calls = 0;
  do {
    const page = await pageOf(name, { ...filter, limit: pageSize, cursor }, signal);
    items.push(...page.items);
    cursor = page.next_cursor;
    calls += 1;
  } while (items.length < pageSize && cursor !== null && calls < callsPerPageMax);
  return { items, next_cursor: cursor };
}
