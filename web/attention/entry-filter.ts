// Which cases are meant: the API's filter, as it stands in the address.
import type { Query } from "../api/client.ts";

/** As a list of entries and an operation take it. */
export type EntryFilter = Omit<Query<"GET /dlq">, "limit" | "cursor">;
type Name = keyof EntryFilter;

const lists = ["status", "kind", "without", "dlq_id"] as const satisfies readonly Name[];
const texts = [
  "destination",
  "source",
  "error_code",
  "reason",
  "created_from",
  "created_to",
  "next_retry_before",
  "run_id",
  "idempotency_key",
  "needs_decision",
] as const satisfies readonly Name[];

/** What a member cannot be is refused by the server, who says so. */
export function filterIn(search: URLSearchParams): EntryFilter {
  const listed = lists.flatMap((name) => {
    const values = search.getAll(name);
    return values.length === 0 ? [] : [[name, name === "dlq_id" ? values.map(Number) : values] as const];
  });
  const named = texts.flatMap((name) => {
    const value = search.get(name);
    if (value === null || value === "") return [];
    return [[name, name === "needs_decision" ? value === "true" : value] as const];
  });
  return Object.fromEntries<unknown>([...listed, ...named]);
}

/** The list that shows exactly these; null: an address cannot say it. */
export function entriesPath(filter: Readonly<Record<string, unknown>>): string | null {
  const search = new URLSearchParams();
  const known = new Set<string>([...lists, ...texts]);
  for (const [name, value] of Object.entries(filter)) {
    if (!known.has(name)) return null;
    for (const each of [value].flat()) search.append(name, String(each));
  }
  return `/attention/entries${search.size === 0 ? "" : `?${search.toString()}`}`;
}

/** What a filter says once; null: nothing, or several. */
export function onlyValue(filter: EntryFilter, name: Name): string | null {
  const values = [filter[name] ?? []].flat();
  return values.length === 1 ? String(values[0]) : null;
}
