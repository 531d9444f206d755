// Which body a run stands for, as a piece of SQL.

/**
 * The lead's body (jsonb) as it stands now: a correction replaces what was received. What intake recorded comes before
 * anything that somebody wrote into the log by hand; a run made by hand has only the latter.
 */
export function currentBodySql(runId: string): string {
  return `(SELECT e.payload -> 'body' FROM public.audit_events e
    WHERE e.run_id = ${runId} AND e.event_type IN ('lead_received', 'lead_corrected')
    ORDER BY e.actor = 'webhook' DESC, e.event_time DESC LIMIT 1)`;
}

/** The same as JSON text, exact. */
export function currentBodyTextSql(runId: string): string {
  return `(${currentBodySql(runId)})::text`;
}
