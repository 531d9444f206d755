// How the leads of a range of days were spread: how long they took, at which hours they came, what destinations did.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import type { Range } from "./read-figures.ts";

export type Distribution = Answer<"GET /kpi/distribution">;

export function useDistribution({ from, to }: Range) {
  return useQuery({
    queryKey: ["figures", "distribution", from, to],
    queryFn: ({ signal }) => call("GET /kpi/distribution", { query: { from, to }, signal }),
    placeholderData: keepPreviousData,
  });
}
