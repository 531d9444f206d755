// Every arrival brings a run id of its own. Where its key was known already, another run stands for it, and what was
// recorded instead (duplicate_received, lead_corrected, lead_revised, an entry) carries the arrival's id: a sender who was told that id
// during an outage finds the run by it, and an arrival that is settled twice is recorded once.
import type { Queryable } from "../connection/database.ts";
import { eventTypeSql } from "./event-sql.ts";

/** A condition on audit_events; the index audit_events_arrival answers it. */
export function isEventOfArrival(event: string, arrivalIdSql: string): string {
  return `${event}.payload ->> 'arrival_id' = ${arrivalIdSql} AND ${event}.payload ? 'arrival_id'
    AND ${event}.event_type IN (${eventTypeSql("duplicate_received", "lead_corrected", "lead_revised", "health_check")})`;
}

/** The run that stands for what arrived under this id; null: nothing did. `arrivalId` must be a UUID. */
export async function findRunOfArrival(database: Queryable, arrivalId: string): Promise<string | null> {
  const { rows } = await database.query<{ run_id: string }>(
    `SELECT e.run_id FROM public.audit_events e WHERE ${isEventOfArrival("e", "$1")} AND e.run_id IS NOT NULL
     UNION ALL
     SELECT q.run_id FROM public.dlq q
     WHERE q.payload ->> 'arrival_id' = $1 AND q.payload ? 'arrival_id' AND q.run_id IS NOT NULL
     LIMIT 1`,
    [arrivalId.toLowerCase()],
  );
  return rows[0]?.run_id ?? null;
}
