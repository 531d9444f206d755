// The database's clock as this process can read it without asking: a monotonic clock plus an offset that is measured
// again and again. A machine whose own clock is wrong or jumps does not matter.
import type { Queryable } from "./database.ts";

export interface DatabaseClock {
  /** Database time in milliseconds since 1970, with fractions. */
  nowMs(): number;
  /** The machine's own clock minus the database's, when it was measured last; null: it has not been. */
  readonly machineOffsetMs: number | null;
  /** Measures the offset once; an error is the caller's to judge. */
  synchronise(): Promise<void>;
}

/** Asks for it: for work that is not in a hurry. */
export async function readDatabaseTime(database: Queryable): Promise<Date> {
  const { rows } = await database.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  const [row] = rows;
  if (row === undefined) throw new Error("the database did not say what time it is");
  return row.now;
}

const samples = 3;

/** `monotonicMs` is `performance.now`. Until it is synchronised for the first time it shows the machine's own time. */
export function createDatabaseClock(database: Queryable, monotonicMs: () => number): DatabaseClock {
  let offsetMs = Date.now() - monotonicMs();
  let machineOffsetMs: number | null = null;
  return {
    nowMs: () => monotonicMs() + offsetMs,
    get machineOffsetMs() {
      return machineOffsetMs;
    },
    async synchronise() {
      let shortestMs = Infinity;
      // The quickest of a few answers is the least wrong; the first one often opens a connection.
      for (let sample = 0; sample < samples; sample += 1) {
        const askedAt = monotonicMs();
        const { rows } = await database.query<{ now_ms: number }>(
          "SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms",
        );
        const answeredAt = monotonicMs();
        if (answeredAt - askedAt >= shortestMs) continue;
        shortestMs = answeredAt - askedAt;
        // The answer was true about half-way.
        offsetMs = (rows[0]?.now_ms ?? 0) - (askedAt + answeredAt) / 2;
      }
      machineOffsetMs = Date.now() - (monotonicMs() + offsetMs);
    },
  };
}
