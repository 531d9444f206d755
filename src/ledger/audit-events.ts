// The table audit_events: the events that the application words itself, and a run's story.
import type { Queryable } from "./database.ts";

export interface NewAuditEvent {
  readonly runId: string | null;
  readonly eventType: string;
  /** JSON text. */
  readonly payload: string;
}

/** Appends events in one statement, as `actor`. */
export async function appendAuditEvents(
  database: Queryable,
  actor: string,
  events: readonly NewAuditEvent[],
): Promise<void> {
  await database.query({
    name: "append-audit-events",
    text: `
      INSERT INTO public.audit_events (run_id, event_type, actor, payload)
      SELECT run_id, event_type, $1, payload::jsonb
      FROM unnest($2::uuid[], $3::text[], $4::text[]) AS t (run_id, event_type, payload)`,
    values: [
      actor,
      events.map(({ runId }) => runId),
      events.map(({ eventType }) => eventType),
      events.map(({ payload }) => payload),
    ],
  });
}

export interface AuditEvent {
  readonly event_id: number;
  readonly run_id: string | null;
  readonly event_time: Date;
  readonly event_type: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>> | null;
}

/** A run's events in the order in which they happened. */
export async function runStory(database: Queryable, runId: string): Promise<AuditEvent[]> {
  const { rows } = await database.query<AuditEvent>(
    `SELECT event_id, run_id, event_time, event_type, actor, payload
     FROM public.audit_events WHERE run_id = $1 ORDER BY audit_events.event_time`,
    [runId],
  );
  return rows;
}
