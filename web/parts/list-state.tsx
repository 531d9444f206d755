// What a view shows of a list: loading, failed, nothing there, or the rows with a button for more.
import { Button, Group, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { List } from "../api/list.ts";
import { useTexts } from "../language/language.tsx";
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
  if (list.items.length === 0) return empty;
  return (
    <Stack>
      {list.error === null ? null : <ProblemAlert error={list.error} onRetry={list.reload} />}
      {children(list.items)}
      {list.hasMore ? (
        <Group justify="center">
          <Button variant="default" onClick={list.loadMore} loading={list.isLoadingMore}>
            {text.more}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

const texts = { de: { more: "Mehr laden" }, en: { more: "Load more" } };
