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
      const first = async <Item>(path: string): Promise<Item | undefined> =>
        (await get<Page<Item>>(path, { query: { limit: 1 }, signal })).items[0];
      const [lead, source, destination] = await Promise.all([
        first<unknown>("/runs"),
        first<{ readonly name: string }>("/sources"),
        first<unknown>("/destinations"),
      ]);
      return {
        source: source?.name ?? null,
        hasDestination: destination !== undefined,
        hasLead: lead !== undefined,
      };
    },
    placeholderData: (before) => before,
  });
}
