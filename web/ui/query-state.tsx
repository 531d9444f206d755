// What a view shows of a query: loading, failed, or the answer. An answer that is there stays while a newer one is awaited.
import type { UseQueryResult } from "@tanstack/react-query";
import { Container } from "@mantine/core";
import type { ReactNode } from "react";
import { LoadingView } from "./loading.tsx";
import { ProblemAlert } from "./problem-alert.tsx";

interface QueryStateProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly isWholePage?: boolean;
  /** How much room to keep while it is loading. */
  readonly loadingRows?: number;
  readonly children: (data: Data) => ReactNode;
}

export function QueryState<Data>({
  query,
  isWholePage = false,
  loadingRows = 6,
  children,
}: QueryStateProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  const instead =
    query.error === null ? (
      <LoadingView rows={loadingRows} />
    ) : (
      <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
    );
  return isWholePage ? (
    <Container component="main" size="sm" py="xl">
      {instead}
    </Container>
  ) : (
    instead
  );
}
