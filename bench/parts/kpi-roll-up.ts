// How long a roll-up of the daily figures takes, after a burst of small batches.
import type { FeedOrder } from "../contestants/full-batches-feeder.ts";
import { loadDatabase, loadKpiDaily } from "../machine/built-product.ts";
import { startChild } from "../machine/child.ts";
import type { BenchDatabase } from "../machine/database-server.ts";
import { monotonicMs } from "../machine/monotonic.ts";

const batches = 100;
const batchLeads = 10;
const feedLimitMs = 60_000;

/** Milliseconds, one per repetition. No node may run on the database. */
export async function rollUpTimes(database: BenchDatabase, repetitions: number): Promise<number[]> {
  const { openDatabase } = await loadDatabase();
  const { rollUpKpis } = await loadKpiDaily();
  const ledger = openDatabase({ url: database.url, connectionsMax: 1, applicationName: "bench" });
  const times: number[] = [];
  try {
    await rollUpKpis(ledger);
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      await feed(database);
      const startedMs = monotonicMs();
      await rollUpKpis(ledger);
      times.push(monotonicMs() - startedMs);
    }
    return times;
  } finally {
    await ledger.close();
  }
}

async function feed({ url }: BenchDatabase): Promise<void> {
  const order: FeedOrder = {
    ...{ databaseUrl: url, batchLeads, batchesMax: batches },
    ...{ connections: 2, warmUpMs: 0, durationMs: feedLimitMs },
  };
  const feeder = startChild("contestants/full-batches-feeder", order);
  try {
    await feeder.receive(feedLimitMs);
  } finally {
    await feeder.stop();
  }
}
