// Which body a run stands for, as pieces of SQL.
import { eventTypeSql } from "../log/event-sql.ts";

// What the program recorded comes before anything that somebody wrote into the log by hand; a run made by hand has only
// the latter.
function newestBodySql(runId: string, eventTypes: string): string {
  return `(SELECT e.payload -> 'body' FROM public.audit_events e
    WHERE e.run_id = ${runId} AND e.event_type IN (${eventTypes})
    ORDER BY e.actor NOT LIKE 'db:%' DESC, e.event_time DESC LIMIT 1)`;
}

/** The lead's body (jsonb) as it stands now: a correction or an edit replaces what was received. */
export function currentBodySql(runId: string): string {
  return newestBodySql(runId, eventTypeSql("lead_received", "lead_corrected", "lead_edited"));
}

/** The same as JSON text, exact. */
export function currentBodyTextSql(runId: string): string {
  return `(${currentBodySql(runId)})::text`;
}

/**
 * Whether a sender who sends `body` (jsonb) again repeats this run: it is what was received, or what a person has made of
 * it since. An edit must not turn the sender's repeat of the lead as it was into another lead.
 */
export function isBodyOfRunSql(runId: string, body: string): string {
  return `(coalesce(${newestBodySql(runId, eventTypeSql("lead_received", "lead_corrected"))} = ${body}, false)
    OR EXISTS (SELECT FROM public.audit_events e WHERE e.run_id = ${runId} AND e.event_type = ${eventTypeSql("lead_edited")}
      AND e.actor NOT LIKE 'db:%' AND e.payload -> 'body' = ${body}))`;
}

/** `entry`: the alias of the table dlq. A person has edited the lead since the entry was closed. */
export function editedSinceClosedSql(entry: string): string {
  return `EXISTS (SELECT FROM public.audit_events e WHERE e.run_id = ${entry}.run_id AND e.event_type = ${eventTypeSql("lead_edited")}
    AND e.actor NOT LIKE 'db:%' AND e.event_time > ${entry}.closed_at)`;
}

/** The body (jsonb) that an attempt of the entry sends: its own, unless the lead was edited after it had been closed. */
export function entryBodySql(entry: string): string {
  const current = currentBodySql(`${entry}.run_id`);
  return `CASE WHEN ${editedSinceClosedSql(entry)} THEN ${current} ELSE coalesce(${entry}.payload -> 'body', ${current}) END`;
}
