// How far a new installation has come: whether it has a source, a destination, a lead.
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";

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
      const [leads, sources, destinations] = await Promise.all([
        call("GET /runs", { query: { test: false, limit: 1, names: false }, signal }),
        call("GET /sources", { query: { enabled: true, limit: 1 }, signal }),
        call("GET /destinations", { query: { enabled: true, limit: 1 }, signal }),
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
