// A request that was taken for a repeat, because its content was that of a lead, made a lead of its own by a person.
import type { Lead } from "../../domain/leads/lead.ts";
import { acceptLeadsWithin } from "../intake/accept-leads.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { eventSql, eventTypeSql } from "../log/event-sql.ts";

/** What came, as the event `duplicate_received` keeps it. */
export interface SwallowedRepeat {
  readonly source: string;
  /** ISO 8601: when it came. */
  readonly at: string;
  readonly sha256: string;
  /** JSON text. */
  readonly body: string;
  /** Of the lead that it was taken for. */
  readonly test: boolean;
}

/** null: there is no such event of this run, or it keeps no body. */
export async function findSwallowedRepeat(
  database: Queryable,
  runId: string,
  eventId: number,
): Promise<SwallowedRepeat | null> {
  const { rows } = await database.query<SwallowedRepeat>(
    `SELECT r.source, e.payload ->> 'at' AS at, e.payload ->> 'sha256' AS sha256, e.payload ->> 'body' AS body, r.test
     FROM public.audit_events e JOIN public.runs r USING (run_id)
     WHERE e.run_id = $1 AND e.event_id = $2 AND e.event_type = ${eventTypeSql("duplicate_received")} AND e.payload ? 'body'`,
    [runId, eventId],
  );
  return rows[0] ?? null;
}

/** Under this key it is a lead once, however often somebody delivers it anyway. */
export function keyOfRepeat(eventId: number): string {
  return `repeat:${eventId}`;
}

/** Returns the run id of the lead that it is now; nothing is leased. `reason`: stays in the log. */
export function deliverRepeat(
  database: Database,
  actor: Actor,
  lead: Lead,
  of: { readonly runId: string; readonly eventId: number; readonly reason: string },
): Promise<string> {
  return transaction(database, actor, async (client) => {
    const key = keyOfRepeat(of.eventId);
    const made = await acceptLeadsWithin(client, [{ key, lead }], { node: "", leaseMs: 0 }, { actor });
    if (!made.has(lead.runId)) {
      const { rows } = await client.query<{ run_id: string }>(
        "SELECT run_id FROM public.runs WHERE source = $1 AND idempotency_key = $2",
        [lead.source, key],
      );
      return rows[0]?.run_id ?? lead.runId;
    }
    await client.query(
      `INSERT INTO public.audit_events (run_id, event_type, payload)
       VALUES ($1, ${eventSql("repeat_delivered", {
         event_id: "$2::bigint",
         new_run_id: "$3::text",
         reason: "$4::text",
       })})`,
      [of.runId, of.eventId, lead.runId, of.reason],
    );
    return lead.runId;
  });
}
