// How far a new installation has come: whether it has a source, a destination, a lead.
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { Page } from "../api/wire.ts";

export interface Beginning {
  /** Of one of its sources; null: there is none. */
  readonly source: string | null;
  readonly hasDestination: boolean;
  readonly hasLead: boolean;
}

/** `mayBeNew` false: leads have come today, so nothing needs to be asked. */
export function useBeginning(mayBeNew: boolean) {
  return useQuery({
    // The first member makes it old when a lead comes; a new source or destination brings an event for "overview", too.
    queryKey: ["overview", "beginning", mayBeNew],
    queryFn: async ({ signal }): Promise<Beginning> => {
      if (!mayBeNew) return { source: null, hasDestination: true, hasLead: true };
      const first = <Item>(path: string, query: Readonly<Record<string, boolean>>): Promise<Page<Item>> =>
        get<Page<Item>>(path, { query: { ...query, limit: 1 }, signal });
      const [leads, sources, destinations] = await Promise.all([
        first<unknown>("/runs", { test: false }),
        first<{ readonly name: string }>("/sources", { enabled: true }),
        first<unknown>("/destinations", { enabled: true }),
      ]);
      return {
        source: sources.items[0]?.name ?? null,
        hasDestination: destinations.items.length > 0,
        // A page may be empty and not be the last.
        hasLead: leads.items.length > 0 || leads.next_cursor !== null,
      };
    },
    placeholderData: (before) => before,
  });
}
