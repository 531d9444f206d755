// The list of leads while new ones arrive. At its top they appear by themselves; once somebody has scrolled down, the list
// stays as it is, and what has come since is only counted. What is held stands in the browser's history, so that coming
// back from a lead finds the list as it was left.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { navigate, useHistoryState } from "wouter/use-browser-location";
import { call } from "../api/client.ts";
import { useList } from "../api/list.ts";
import type { List } from "../api/list.ts";
import type { Lead } from "../api/types.ts";
import type { LeadFilter } from "./lead-query.ts";

export interface HeldLeads {
  readonly list: List<Lead>;
  readonly newCount: number;
  /** There are more new ones than were counted. */
  readonly hasMoreNew: boolean;
  readonly showNew: () => void;
}

const scrolledPx = 160;
const newCountedMax = 50;

export function useHeldLeads(filter: LeadFilter): HeldLeads {
  const { heldAt = null } = useHistoryState<{ readonly heldAt?: string } | null>() ?? {};
  const isHeld = heldAt !== null && !endsBefore(filter, heldAt);
  const list = useList("leads", "GET /runs", filter, isHeld ? { received_to: heldAt } : {});
  const newest = list.items?.[0]?.received_at;
  useEffect(() => {
    if (heldAt !== null || newest === undefined) return;
    const holdOnceScrolled = (): void => {
      if (window.scrollY > scrolledPx) setHeldAt(afterInstant(newest));
    };
    window.addEventListener("scroll", holdOnceScrolled, { passive: true });
    return () => window.removeEventListener("scroll", holdOnceScrolled);
  }, [heldAt, newest]);
  const since = useQuery({
    queryKey: ["leads", "since", filter, heldAt],
    queryFn: ({ signal }) =>
      call("GET /runs", {
        query: { ...filter, received_from: heldAt, limit: newCountedMax, names: false },
        signal,
      }),
    enabled: isHeld,
  });
  useRenewalWhenReleased(heldAt !== null);
  return {
    list,
    newCount: !isHeld ? 0 : (since.data?.items.length ?? 0),
    hasMoreNew: since.data?.next_cursor != null,
    showNew: () => {
      window.scrollTo({ top: 0 });
      setHeldAt(null);
    },
  };
}

function useRenewalWhenReleased(isHeld: boolean): void {
  const queries = useQueryClient();
  const wasHeld = useRef(isHeld);
  useEffect(() => {
    if (wasHeld.current && !isHeld) void queries.invalidateQueries({ queryKey: ["leads"] });
    wasHeld.current = isHeld;
  }, [queries, isHeld]);
}

function setHeldAt(heldAt: string | null): void {
  const { pathname, search } = window.location;
  navigate(pathname + search, { replace: true, state: heldAt === null ? null : { heldAt } });
}

/** The first instant that is not shown: times come in milliseconds, several leads may share one. */
function afterInstant(iso: string): string {
  return new Date(Date.parse(iso) + 1).toISOString();
}

function endsBefore({ received_to: to }: LeadFilter, heldAt: string): boolean {
  return typeof to === "string" && to <= heldAt;
}
