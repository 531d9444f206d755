// The table audit_events: the events that the application words itself.
import { isEventOfArrival } from "./arrival-ids.ts";
import type { Queryable } from "../connection/database.ts";
import { eventTypeSql, payloadSql } from "./event-sql.ts";
import type { EventPayload, ProgramEventType } from "../../domain/log/event-types.ts";

/**
 * The INSERT of events that need nothing looked up, because no earlier event of the same run can be there: `eventsSql`
 * selects run_id, event_type, actor and payload. They are written complete, as a set (audit_events_complete in the
 * migrations); the statement has to set leadledger.events to say so.
 */
export function insertFirstEventsSql(eventsSql: string): string {
  return `
    INSERT INTO public.audit_events (event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest, digest)
    OVERRIDING SYSTEM VALUE
    SELECT event_id, run_id, event_time, event_type, actor, payload, salt, payload_digest,
      internal.audit_digest(event_id, run_id, event_time, event_type, actor, payload_digest)
    FROM (
      SELECT *, internal.audit_payload_digest(salt, payload) AS payload_digest FROM (
        SELECT nextval('public.audit_events_event_id_seq') AS event_id, run_id, clock_timestamp() AS event_time,
          event_type, actor, payload, uuid_send(gen_random_uuid()) AS salt
        FROM (${eventsSql}) AS told) AS event OFFSET 0) AS event`;
}

/** An event of the installation: it is about no run. */
export type NewAuditEvent = {
  readonly [Type in ProgramEventType]: { readonly type: Type; readonly payload: EventPayload<Type> };
}[ProgramEventType];

const appendSql = insertFirstEventsSql(`
  SELECT NULL::uuid AS run_id, event_type, $1::text AS actor, payload::jsonb AS payload
  FROM set_config('leadledger.events', 'complete', true), unnest($2::text[], $3::text[]) AS t (event_type, payload)`);

/** Appends events in one statement, as `actor`. */
export async function appendAuditEvents(
  database: Queryable,
  actor: string,
  events: readonly NewAuditEvent[],
): Promise<void> {
  await database.query({
    name: "append-audit-events",
    text: appendSql,
    values: [actor, events.map(({ type }) => type), events.map(({ payload }) => JSON.stringify(payload))],
  });
}

/** A health check that is recorded later than it was made. */
export interface LateHealthCheck {
  /** UUID; recorded once under it. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

const lateChecksSql = insertFirstEventsSql(`
  SELECT NULL::uuid AS run_id, ${eventTypeSql("health_check")} AS event_type, 'system' AS actor,
    ${payloadSql("health_check", { check: "'health'", at: "at", arrival_id: "id" })} AS payload
  FROM set_config('leadledger.events', 'complete', true), unnest($1::text[], $2::text[]) AS t (id, at)
  WHERE NOT EXISTS (SELECT FROM public.audit_events e WHERE ${isEventOfArrival("e", "t.id")})`);

export async function appendHealthChecks(
  database: Queryable,
  checks: readonly LateHealthCheck[],
): Promise<void> {
  await database.query(lateChecksSql, [checks.map(({ id }) => id), checks.map(({ at }) => at)]);
}

export interface AuditEvent {
  readonly event_id: number;
  readonly run_id: string | null;
  readonly event_time: Date;
  readonly event_type: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>> | null;
}
