// What happened since, as live views need it: ids, types and states out of the audit log, never a payload.
import type { Queryable } from "../connection/database.ts";

export interface LiveEvent {
  readonly event_id: number;
  readonly event_type: string;
  readonly run_id: string | null;
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string;
  readonly dlq_id: number | null;
  readonly operation_id: string | null;
  readonly destination: string | null;
  readonly error_code: string | null;
  readonly outcome: string | null;
  /** What was changed: `source`, `destination`; of a DLQ entry that was created its status. */
  readonly part: string | null;
  readonly name: string | null;
  readonly status: string | null;
}

const columns = `e.event_id, e.event_type, e.run_id, e.actor,
  to_char(e.event_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
  CASE WHEN jsonb_typeof(e.payload -> 'dlq_id') = 'number' THEN (e.payload -> 'dlq_id')::bigint END AS dlq_id,
  e.payload ->> 'operation_id' AS operation_id, e.payload ->> 'destination' AS destination,
  e.payload ->> 'error_code' AS error_code, e.payload ->> 'outcome' AS outcome,
  e.payload ->> 'part' AS part, e.payload ->> 'name' AS name, e.payload ->> 'status' AS status`;

/** The events with a higher id than `after`, in the order of their ids. */
export async function eventsAfter(database: Queryable, after: number, limit: number): Promise<LiveEvent[]> {
  const { rows } = await database.query<LiveEvent>({
    name: "live-events-after",
    text: `SELECT ${columns} FROM public.audit_events e WHERE e.event_id > $1 ORDER BY e.event_id LIMIT $2`,
    values: [after, limit],
  });
  return rows;
}

/** Those of these ids that exist by now. */
export async function eventsWithIds(database: Queryable, ids: readonly number[]): Promise<LiveEvent[]> {
  const { rows } = await database.query<LiveEvent>(
    `SELECT ${columns} FROM public.audit_events e WHERE e.event_id = ANY ($1::bigint[]) ORDER BY e.event_id`,
    [ids],
  );
  return rows;
}

/** The highest id there is; 0: no event yet. */
export async function latestEventId(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ id: number }>(
    "SELECT coalesce(max(event_id), 0) AS id FROM public.audit_events",
  );
  return rows[0]?.id ?? 0;
}

/** The ids above `after`, up to `until`, that no event has yet. */
export async function missingIds(database: Queryable, after: number, until: number): Promise<number[]> {
  const { rows } = await database.query<{ id: number }>(
    `SELECT id FROM generate_series($1::bigint + 1, $2::bigint) AS id
     WHERE NOT EXISTS (SELECT FROM public.audit_events e WHERE e.event_id = id)`,
    [after, until],
  );
  return rows.map((row) => row.id);
}
