// What a page's address says of where somebody came from: `?utm_source=google&gclid=…`.
import { recognisedField } from "./field-names.ts";

export interface PageTracking {
  readonly utm: Readonly<Record<string, string>>;
  readonly clickIds: Readonly<Record<string, string>>;
}

/** Of several pages the first one that says it counts. */
export function trackingIn(pages: readonly string[]): PageTracking {
  const queries = pages.flatMap((page) => queryOf(page) ?? []);
  if (queries.length === 0) return nothing;
  const utm = new Map<string, string>();
  const clickIds = new Map<string, string>();
  for (const query of queries)
    for (const pair of query.split("&", parametersMax)) {
      const [name, value] = parameterIn(pair);
      const recognised = value === "" ? null : recognisedField(name);
      const found = recognised?.field === "utm" ? utm : recognised?.field === "click_id" ? clickIds : null;
      if (recognised !== null && found?.has(recognised.key) === false) found.set(recognised.key, value);
    }
  return { utm: Object.fromEntries(utm), clickIds: Object.fromEntries(clickIds) };
}

function queryOf(page: string): string | null {
  const query = page.indexOf("?");
  if (query < 0) return null;
  const end = page.indexOf("#", query);
  return page.slice(query + 1, end < 0 ? undefined : end);
}

function parameterIn(pair: string): readonly [name: string, value: string] {
  if (/[%+]/.test(pair)) return [...new URLSearchParams(pair)][0] ?? ["", ""];
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

const nothing: PageTracking = { utm: {}, clickIds: {} };
const parametersMax = 100;
