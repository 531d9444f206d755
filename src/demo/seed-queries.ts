// The four example queries of the specification, word for word, and the lead whose story the second one tells.
import type { BookEvent, BookRun, Books } from "../ledger/figures/books.ts";
import { groupBy } from "./group-by.ts";

export interface SeedQuery {
  readonly name: "runs" | "story" | "open" | "kpi";
  /** As a person types it into psql. */
  readonly sql: string;
}

export function seedQueries(runId: string): SeedQuery[] {
  return [
    { name: "runs", sql: "SELECT run_id, status, received_at FROM runs ORDER BY received_at DESC LIMIT 20;" },
    {
      name: "story",
      sql: `SELECT event_type, payload FROM audit_events WHERE run_id = '${runId}' ORDER BY event_time;`,
    },
    { name: "open", sql: "SELECT dlq_id, reason, retry_count FROM dlq WHERE status = 'open';" },
    { name: "kpi", sql: "SELECT * FROM kpi_daily ORDER BY day DESC LIMIT 7;" },
  ];
}

export interface Story {
  readonly run: BookRun;
  readonly events: readonly BookEvent[];
}

/** The delivered lead that went through most kinds of trouble at most destinations; null: nothing was delivered. */
export function mostEventfulStory({ runs, events }: Books): Story | null {
  const eventsOf = groupBy(events, ({ run_id }) => run_id);
  const stories = runs
    .filter(({ outcome }) => outcome === "delivered")
    .map((run): Story => ({ run, events: eventsOf.get(run.run_id) ?? [] }));
  const ranked = stories.toSorted(
    (a, b) => variety(b.events) - variety(a.events) || a.events.length - b.events.length,
  );
  return ranked[0] ?? null;
}

function variety(events: readonly BookEvent[]): number {
  return new Set(events.map(({ event_type, payload }) => `${event_type} ${String(payload.destination)}`))
    .size;
}
