// What a view shows of a list: loading, failed, nothing there, or the rows with a button for more.
import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { List } from "../api/list.ts";
import { useTexts } from "../language/language.tsx";
import { Empty } from "./empty.tsx";
import { LoadingView } from "./loading.tsx";
import { ProblemAlert } from "./problem-alert.tsx";

interface ListStateProps<Item> {
  readonly list: List<Item>;
  /** Shown when there is nothing. */
  readonly empty: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

export function ListState<Item>({ list, empty, children }: ListStateProps<Item>) {
  const text = useTexts(texts);
  if (list.items === undefined) {
    return list.error === null ? (
      <LoadingView rows={10} />
    ) : (
      <ProblemAlert error={list.error} onRetry={list.reload} />
    );
  }
  if (list.items.length === 0 && !list.hasMore) return empty;
  return (
    <Stack>
      {list.error === null ? null : <ProblemAlert error={list.error} onRetry={list.reload} />}
      {list.items.length === 0 ? (
        <Empty title={text.noneSoFar} explanation={text.noneSoFarWhy} />
      ) : (
        children(list.items)
      )}
      {list.hasMore ? (
        <Group justify="center">
          <Button variant="default" onClick={list.loadMore} loading={list.isLoadingMore}>
            {list.items.length === 0 ? text.searchOn : text.more}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

const texts = {
  de: {
    more: "Mehr laden",
    noneSoFar: "Bis hierher nichts gefunden",
    noneSoFarWhy: "Durchsucht sind die neuesten Einträge; ältere noch nicht.",
    searchOn: "Weiter suchen",
  },
  en: {
    more: "Load more",
    noneSoFar: "Nothing found so far",
    noneSoFarWhy: "The newest have been searched; older ones have not.",
    searchOn: "Search on",
  },
};
