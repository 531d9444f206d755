// Service levels as the API tells them. They move by themselves, as time passes.
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import type { Answer, Item } from "../api/client.ts";

export type Sla = Answer<"GET /sla/:name">;
export type SlaDay = Item<"GET /sla/:name/days">;

/** As often as whoever leads counts them. */
const againMs = 10_000;
const daysShown = 31;

export function useSlas() {
  return useQuery({
    queryKey: ["sla"],
    queryFn: async () => (await call("GET /sla", { query: {} })).items,
    refetchInterval: againMs,
  });
}

export function useSlaDays(name: string) {
  return useQuery({
    queryKey: ["sla", "days", name],
    queryFn: async () =>
      (await call("GET /sla/:name/days", { params: { name }, query: { limit: daysShown } })).items,
    refetchInterval: againMs,
  });
}

export function useSlaMonths(name: string) {
  return useQuery({
    queryKey: ["sla", "months", name],
    queryFn: async () => (await call("GET /sla/:name/months", { params: { name }, query: {} })).items,
    refetchInterval: againMs,
  });
}
