// What a person decides about the deliveries of a lead that are held because an earlier one is of the same person.
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { withdrawnCode, withdrawnResolution } from "../../domain/destinations/held.ts";
import { eventSql } from "../log/event-sql.ts";
import { entryKindSql, entryPayloadSql } from "./delivery-sql.ts";

export interface HeldDecision {
  readonly runId: string;
  /** The person's; it stays in the log. */
  readonly reason: string;
}

/** Makes them due, unless the source is paused: then they wait for that. Returns to which destinations; none is held: []. */
export function releaseHeld(database: Database, actor: Actor, decision: HeldDecision): Promise<string[]> {
  return decide(
    database,
    actor,
    decision,
    `
    UPDATE internal.deliveries d SET
      held_reason = CASE WHEN s.is_paused THEN 'source_paused' END, held_for = CASE WHEN s.is_paused THEN d.held_for END,
      due_at = CASE WHEN s.is_paused THEN 'infinity' ELSE clock_timestamp() END
    FROM held h CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM internal.sources s
      WHERE s.name = h.held_for AND s.enabled AND s.settings -> 'paused' = 'true') AS is_paused) AS s
    WHERE d.run_id = h.run_id AND d.destination = h.destination RETURNING d.run_id`,
    "delivery_released",
  );
}

/** Ends them: each becomes an entry that is resolved. Returns to which destinations; none is held: []. */
export function withdrawHeld(database: Database, actor: Actor, decision: HeldDecision): Promise<string[]> {
  return decide(
    database,
    actor,
    decision,
    `
    INSERT INTO public.dlq (run_id, kind, destination, error_code, reason, payload, status, resolution, note)
    SELECT h.run_id, ${entryKindSql("h", "h")}, h.destination, '${withdrawnCode}',
      'somebody withdrew this delivery, because an earlier lead is of the same person', ${entryPayloadSql("h", "h.source")},
      'resolved', '${withdrawnResolution}', $2::text
    FROM held h ORDER BY h.destination RETURNING run_id`,
    "delivery_withdrawn",
  );
}

function decide(
  database: Database,
  actor: Actor,
  { runId, reason }: HeldDecision,
  changeSql: string,
  type: "delivery_released" | "delivery_withdrawn",
): Promise<string[]> {
  return transaction(database, actor, async (client: Queryable) => {
    await client.query("SELECT FROM public.runs WHERE run_id = $1 FOR NO KEY UPDATE", [runId]);
    // Told before it happens, so that a run which is done by it ends after that.
    const { rows } = await client.query<{ destination: string }>(
      `WITH told AS (
         INSERT INTO public.audit_events (run_id, event_type, payload)
         SELECT run_id, ${eventSql(type, { destination: "destination", reason: "held_reason", note: "$2::text" })}
         FROM internal.deliveries WHERE run_id = $1 AND held_reason = 'same_person' ORDER BY destination)
       SELECT destination FROM internal.deliveries WHERE run_id = $1 AND held_reason = 'same_person' ORDER BY destination`,
      [runId, reason],
    );
    if (rows.length === 0) return [];
    await client.query(
      `WITH held AS MATERIALIZED (
         SELECT d.run_id, d.destination, d.held_for, d.revision, d.replay, r.source, r.status
         FROM internal.deliveries d JOIN public.runs r USING (run_id)
         WHERE d.run_id = $1 AND d.held_reason = 'same_person' AND $2::text IS NOT NULL FOR UPDATE OF d)
       ${changeSql}`,
      [runId, reason],
    );
    await client.query(
      `INSERT INTO public.audit_events (run_id, event_type, payload)
       SELECT run_id, ${eventSql("delivery_held", { destination: "destination", reason: "held_reason" })}
       FROM internal.deliveries WHERE run_id = $1 AND held_reason IS NOT NULL AND destination = ANY ($2::text[])
       ORDER BY destination`,
      [runId, rows.map(({ destination }) => destination)],
    );
    return rows.map(({ destination }) => destination);
  });
}
