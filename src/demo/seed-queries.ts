// The four example queries of the specification, word for word, and the lead whose story the second one tells.
import type { BookEvent, Books } from "../ledger/books.ts";
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

/** The events of the delivered lead that went through most kinds of trouble; empty: there is no such lead. */
export function mostEventfulStory({ runs, events }: Books): readonly BookEvent[] {
  const delivered = new Set(
    runs.filter(({ outcome }) => outcome === "delivered").map(({ run_id }) => run_id),
  );
  const stories = [...groupBy(events, ({ run_id }) => run_id).values()].filter((story) =>
    delivered.has(story[0]?.run_id ?? ""),
  );
  const kinds = (story: readonly BookEvent[]): number =>
    new Set(story.map(({ event_type }) => event_type)).size;
  return stories.toSorted((a, b) => kinds(b) - kinds(a) || a.length - b.length)[0] ?? [];
}
