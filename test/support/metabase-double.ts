// Metabase's REST API as documented, as far as examples/metabase calls it: it keeps what it is told, and knows one API key.
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface MetabaseDouble {
  readonly url: string;
  readonly apiKey: string;
  readonly databases: readonly Thing[];
  readonly cards: readonly Thing[];
  readonly dashboards: readonly Thing[];
  readonly fields: readonly Thing[];
  close(): Promise<void>;
}

export type Thing = { readonly id: number } & Record<string, unknown>;

export async function startMetabaseDouble(): Promise<MetabaseDouble> {
  const apiKey = "mb_key-of-a-double";
  const kept: Record<string, Thing[]> = { database: [], collection: [], card: [], dashboard: [], field: [] };
  const answer = (method: string, path: string, body: Record<string, unknown>): unknown => {
    const [, kind = "", id, part] = /^\/api\/(\w+)(?:\/(\d+))?(?:\/(\w+))?$/.exec(path) ?? [];
    const things = kept[kind];
    if (things === undefined) return undefined;
    if (part === "items")
      return {
        data: ["card", "dashboard"].flatMap((model) => (kept[model] ?? []).map((one) => ({ ...one, model }))),
      };
    if (part === "sync_schema") return { status: "ok" };
    if (part === "metadata")
      return {
        tables: [
          {
            name: "leads_v1",
            fields: [
              { id: 1, name: "run_id" },
              { id: 2, name: "source" },
            ],
          },
          { name: "deliveries_v1", fields: [{ id: 3, name: "delivery_id" }] },
          { name: "attention_v1", fields: [{ id: 4, name: "entry_id" }] },
          { name: "sources_v1", fields: [{ id: 5, name: "source" }] },
        ],
      };
    if (method === "GET") return kind === "database" ? { data: things, total: things.length } : things;
    if (method === "POST") {
      const made = { ...body, id: things.length + 1 };
      things.push(made);
      return made;
    }
    const at = things.findIndex((one) => one.id === Number(id));
    const changed = { ...things[at], ...body, id: Number(id) };
    if (at >= 0) things[at] = changed;
    else if (kind === "field") things.push(changed);
    else return undefined;
    return changed;
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const path = (request.url ?? "").replace(/\?.*$/, "");
      const isAllowed = request.headers["x-api-key"] === apiKey;
      const said = isAllowed ? answer(request.method ?? "", path, body) : "Unauthenticated";
      response.statusCode = isAllowed ? (said === undefined ? 404 : 200) : 401;
      response.end(JSON.stringify(said ?? "Not found."));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const list = (kind: string): readonly Thing[] => kept[kind] ?? [];
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    databases: list("database"),
    cards: list("card"),
    dashboards: list("dashboard"),
    fields: list("field"),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
