// Which cases are meant: the API's filter, as it stands in the address.
import type { EntryGroup } from "../api/types.ts";

const lists = ["status", "kind", "without", "dlq_id"] as const;
const texts = [
  ...["destination", "source", "error_code", "reason", "created_from", "created_to"],
  ...["next_retry_before", "run_id", "idempotency_key", "needs_decision"],
] as const;

/** Values as the address holds them. */
export type EntryFilter = Readonly<Record<string, string | readonly string[]>>;

export function filterIn(search: URLSearchParams): EntryFilter {
  const listed = lists.flatMap((name) => {
    const values = search.getAll(name);
    return values.length === 0 ? [] : [[name, values] as const];
  });
  const named = texts.flatMap((name) => {
    const value = search.get(name);
    return value === null || value === "" ? [] : [[name, value] as const];
  });
  return Object.fromEntries<string | readonly string[]>([...listed, ...named]);
}

/** The list that shows exactly these; null: an address cannot say it. */
export function entriesPath(filter: Readonly<Record<string, unknown>> | EntryGroup["filter"]): string | null {
  const search = new URLSearchParams();
  const known = new Set<string>([...lists, ...texts]);
  for (const [name, value] of Object.entries(filter)) {
    if (!known.has(name)) return null;
    for (const each of [value].flat()) search.append(name, String(each));
  }
  return `/attention/entries${search.size === 0 ? "" : `?${search.toString()}`}`;
}

/** As JSON holds it, for an operation. */
export function filterBody(filter: EntryFilter): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]): readonly [string, unknown] => {
      if (name === "dlq_id") return [name, [value].flat().map(Number)];
      return [name, name === "needs_decision" ? value === "true" : value];
    }),
  );
}

/** What a filter says once; null: nothing, or several. */
export function onlyValue(filter: EntryFilter, name: string): string | null {
  const values = [filter[name] ?? []].flat();
  return values.length === 1 ? (values[0] ?? null) : null;
}
