// What people call a source: its display name, where it has one.
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";

/** Beyond these a source is called by its name. */
const sourcesMax = 200;

/** Removed ones among them: leads outlive their source. */
export function useSourcesEver() {
  return useQuery({
    queryKey: ["sources", "names-ever"],
    queryFn: ({ signal }) => call("GET /sources", { query: { limit: sourcesMax }, signal }),
  });
}

export function useSourceName(): (name: string) => string {
  const labels = new Map(useSourcesEver().data?.items.map(({ name, label }) => [name, label] as const));
  return (name) => labels.get(name) ?? name;
}
