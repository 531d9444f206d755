// Which body a run stands for, as pieces of SQL.
import { eventTypeSql } from "../log/event-sql.ts";

// What the program recorded comes before anything that somebody wrote into the log by hand; a run made by hand has only
// the latter.
function newestBodySql(runId: string, eventTypes: string, which = "true"): string {
  return `(SELECT e.payload -> 'body' FROM public.audit_events e
    WHERE e.run_id = ${runId} AND e.event_type IN (${eventTypes}) AND ${which}
    ORDER BY e.actor NOT LIKE 'db:%' DESC, e.event_time DESC LIMIT 1)`;
}

/** Types of the events that bring a body, for `IN (…)`. */
export const bodyEvents = eventTypeSql(
  "lead_received",
  "lead_corrected",
  "lead_completed",
  "lead_edited",
  "lead_revised",
);

/** The lead's body (jsonb) as it stands now: a correction, what was fetched for it, an edit or a revision replaces what was received. */
export function currentBodySql(runId: string): string {
  return newestBodySql(runId, bodyEvents);
}

/** The same as JSON text, exact. */
export function currentBodyTextSql(runId: string): string {
  return `(${currentBodySql(runId)})::text`;
}

/**
 * What a delivery brings: the body as it stands, without the revisions that came after its own. `delivery`: the alias of
 * the table deliveries, whose row is made in the transaction that tells its revision.
 */
export function deliveredBodySql(delivery: string): string {
  return newestBodySql(
    `${delivery}.run_id`,
    bodyEvents,
    `(e.event_type <> ${eventTypeSql("lead_revised")} OR (e.payload ->> 'revision')::integer <= ${delivery}.revision)`,
  );
}

/** The newest revision of the run; NULL: it has none. What somebody wrote into the log by hand is none. */
export function newestRevisionSql(runId: string): string {
  return `(SELECT max((e.payload ->> 'revision')::integer) FROM public.audit_events e
    WHERE e.run_id = ${runId} AND e.event_type = ${eventTypeSql("lead_revised")} AND e.actor NOT LIKE 'db:%')`;
}

/** The revision of the run that has this body (jsonb); NULL: none has. */
export function revisionOfBodySql(runId: string, body: string): string {
  return `(SELECT max((e.payload ->> 'revision')::integer) FROM public.audit_events e
    WHERE e.run_id = ${runId} AND e.event_type = ${eventTypeSql("lead_revised")} AND e.actor NOT LIKE 'db:%'
      AND e.payload -> 'body' = ${body})`;
}

/**
 * Whether a sender who sends `body` (jsonb) again repeats this run: it is what was received, a revision, or what a person
 * has made of it since. An edit must not turn the sender's repeat of the lead as it was into another lead.
 */
export function isBodyOfRunSql(runId: string, body: string): string {
  return `(coalesce(${newestBodySql(runId, eventTypeSql("lead_received", "lead_corrected"))} = ${body}, false)
    OR EXISTS (SELECT FROM public.audit_events e WHERE e.run_id = ${runId}
      AND e.event_type IN (${eventTypeSql("lead_edited", "lead_revised")})
      AND e.actor NOT LIKE 'db:%' AND e.payload -> 'body' = ${body}))`;
}

/** `entry`: the alias of the table dlq. The lead was edited or revised since the entry was closed. */
export function changedSinceClosedSql(entry: string): string {
  return `EXISTS (SELECT FROM public.audit_events e WHERE e.run_id = ${entry}.run_id
    AND e.event_type IN (${eventTypeSql("lead_edited", "lead_revised")})
    AND e.actor NOT LIKE 'db:%' AND e.event_time > ${entry}.closed_at)`;
}

/** The body (jsonb) that an attempt of the entry sends: its own, unless the lead was changed after it had been closed. */
export function entryBodySql(entry: string): string {
  const current = currentBodySql(`${entry}.run_id`);
  return `CASE WHEN ${changedSinceClosedSql(entry)} THEN ${current} ELSE coalesce(${entry}.payload -> 'body', ${current}) END`;
}

/** Which revision that body is; NULL: the lead as it came first. */
export function entryRevisionSql(entry: string): string {
  const own = `(${entry}.payload ->> 'revision')::integer`;
  return `CASE WHEN ${changedSinceClosedSql(entry)} THEN coalesce(${newestRevisionSql(`${entry}.run_id`)}, ${own}) ELSE ${own} END`;
}
