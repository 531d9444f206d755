// Ceiling: the product's own intake statement, fed with full batches through two connections, without HTTP.
import { hash, randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { leadBody } from "../load/lead.ts";
import { loadAcceptLeads, loadDatabase, loadMigrate } from "../machine/built-product.ts";
import { argumentOfChild } from "../machine/child.ts";
import { monotonicMs } from "../machine/monotonic.ts";

export interface FeedOrder {
  readonly databaseUrl: string;
  readonly batchLeads: number;
  readonly connections: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
  /** Made before the clock starts; when they are used up the feed ends as well. */
  readonly batchesMax: number;
}

export interface FeedReport {
  readonly leads: number;
  readonly perSecond: number;
}

process.once("disconnect", () => process.exit(1));
const order = argumentOfChild() as FeedOrder;
const { migrate } = await loadMigrate();
const { openDatabase } = await loadDatabase();
const { acceptLeads } = await loadAcceptLeads();
await migrate(order.databaseUrl);
const database = openDatabase({
  url: order.databaseUrl,
  connectionsMax: order.connections,
  applicationName: "bench",
});
type Batch = Parameters<typeof acceptLeads>[1];
const lease = { node: "bench", leaseMs: 12_000 };
let made = 0;
let leads = 0;
let measured = 0;
const batches = Array.from({ length: order.batchesMax }, makeBatch);
const startMs = monotonicMs();
const fromMs = startMs + order.warmUpMs;
const untilMs = fromMs + order.durationMs;
await Promise.all(Array.from({ length: order.connections }, feed));
const endMs = Math.min(untilMs, monotonicMs());
await database.close();
const report: FeedReport = { leads, perSecond: (measured / (endMs - fromMs)) * 1_000 };
process.send?.({ kind: "result", result: report });

async function feed(): Promise<void> {
  for (let batch = batches.pop(); batch !== undefined && monotonicMs() < untilMs; batch = batches.pop()) {
    const accepted = await acceptLeads(database, batch, lease);
    leads += accepted.size;
    const nowMs = monotonicMs();
    if (nowMs >= fromMs && nowMs < untilMs) measured += accepted.size;
  }
}

function makeBatch(): Batch {
  made += 1;
  return Array.from({ length: order.batchLeads }, (_, place) => {
    const number = made * order.batchLeads + place;
    const key = `feed-${number}`;
    const leadJson = leadBody(number, key);
    const receivedAt = new Date().toISOString();
    return {
      key,
      lead: {
        kind: "lead" as const,
        runId: uuidv7(),
        source: "website",
        receivedAt,
        leadJson,
        recognisedBy: { kind: "key" as const, key },
        emailHash: randomBytes(16),
        phoneHash: randomBytes(16),
        payload: `{"at":"${receivedAt}","source":"website","sha256":"${hash("sha256", leadJson)}","body":${leadJson}}`,
        test: false,
        routes: [{ destination: "crm", leased: false }],
      },
    };
  });
}
