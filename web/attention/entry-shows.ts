// Which states of cases a list shows, as one choice instead of the API's filters.
import type { EntryFilter } from "./entry-filter.ts";

export const shows = ["open", "undecided", "resolved", "dead", "all"] as const;
export type Show = (typeof shows)[number];

const statuses: Readonly<Record<Show, readonly string[]>> = {
  open: ["open", "retrying"],
  undecided: ["open"],
  resolved: ["resolved"],
  dead: ["dead"],
  all: ["open", "retrying", "resolved", "dead"],
};

export function chosenShow({ status, needs_decision: needsDecision }: EntryFilter): Show {
  if (needsDecision === true) return "undecided";
  const named = status === undefined ? statuses.open : [status].flat();
  return shows.find((show) => same(statuses[show], named) && show !== "undecided") ?? "open";
}

/** The rest of the address stays. */
export function showSearch(search: URLSearchParams, show: Show): URLSearchParams {
  const changed = new URLSearchParams(search);
  changed.delete("status");
  changed.delete("needs_decision");
  for (const status of statuses[show]) changed.append("status", status);
  if (show === "undecided") changed.set("needs_decision", "true");
  return changed;
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each) => other.includes(each));
}
