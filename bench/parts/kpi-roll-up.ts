// How long a roll-up of the daily figures takes, after a burst of small batches.
import type { FeedOrder } from "../contestants/full-batches-feeder.ts";
import { loadDatabase, loadKpiDaily } from "../machine/built-product.ts";
import { startChild } from "../machine/child.ts";
import type { BenchDatabase } from "../machine/database-server.ts";
import { monotonicMs } from "../machine/monotonic.ts";

const batches = 100;
const batchLeads = 10;
const feedLimitMs = 60_000;

export interface RollUps {
  /** Milliseconds, in pairs that were measured one after the other. */
  readonly empty: readonly number[];
  readonly filled: readonly number[];
}

/** No node may run on the databases. */
export async function rollUpPairs(
  empty: BenchDatabase,
  filled: BenchDatabase,
  repetitions: number,
): Promise<RollUps> {
  const times: { empty: number[]; filled: number[] } = { empty: [], filled: [] };
  // The first of each makes the day's row, which happens once a day.
  for (const database of [empty, filled]) await timedRollUp(database);
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    times.empty.push(await timedRollUp(empty));
    times.filled.push(await timedRollUp(filled));
  }
  return times;
}

async function timedRollUp(database: BenchDatabase): Promise<number> {
  const { openDatabase } = await loadDatabase();
  const { listKpiDays, rollUpKpis } = await loadKpiDaily();
  await feed(database);
  const ledger = openDatabase({ url: database.url, connectionsMax: 1, applicationName: "bench" });
  try {
    // Opens the connection and reads the table, so that the roll-up alone is timed.
    await listKpiDays(ledger, 1);
    const startedMs = monotonicMs();
    await rollUpKpis(ledger);
    return monotonicMs() - startedMs;
  } finally {
    await ledger.close();
  }
}

async function feed({ url }: BenchDatabase): Promise<void> {
  const order: FeedOrder = {
    databaseUrl: url,
    batchLeads,
    batchesMax: batches,
    connections: 2,
    warmUpMs: 0,
    durationMs: feedLimitMs,
  };
  const feeder = startChild("contestants/full-batches-feeder", order);
  try {
    await feeder.receive(feedLimitMs);
  } finally {
    await feeder.stop();
  }
}
