// Of an agency: whose things the views show. It stands in the address, so that a reload and a link that somebody sends
// keep it, and every call that knows a filter by client bears it.

/** Lists and figures that can be of one client alone. */
const callsByClient: ReadonlySet<string> = new Set([
  "GET /runs",
  "GET /dlq",
  "GET /dlq/groups",
  "GET /quarantine",
  "GET /overview",
  "GET /activity",
  "GET /kpi/daily",
  "GET /kpi/sources",
  "GET /sources",
  "GET /destinations",
  "GET /audit-events",
  "GET /operations",
  "GET /exports/audit-events",
  "GET /exports/runs",
  "GET /exports/dlq",
  "GET /exports/kpi",
]);
/** What is done to all that match a filter. */
const ordersByFilter: ReadonlySet<string> = new Set(["POST /operations", "POST /operations/preview"]);

export const clientMember = "client";

/** Unit tests have none. */
const page = (globalThis as { readonly location?: { readonly search: string } }).location;

/** "": what names no client; null: everything. */
let chosen = new URLSearchParams(page?.search ?? "").get(clientMember);

export function chosenClient(): string | null {
  return chosen;
}

export function chooseClient(client: string | null): void {
  chosen = client;
}

type Query = Readonly<Record<string, unknown>>;

export function queryByClient<Asked extends Query>(name: string, query: Asked): Asked {
  return chosen === null || !callsByClient.has(name) ? query : { [clientMember]: chosen, ...query };
}

/** Or an order that was made looking at one client's list would be about everybody's. */
export function bodyByClient(name: string, body: unknown): unknown {
  const { filter } = (body ?? {}) as { readonly filter?: unknown };
  if (chosen === null || !ordersByFilter.has(name) || typeof filter !== "object" || filter === null)
    return body;
  return { ...(body as object), filter: { [clientMember]: chosen, ...filter } };
}
