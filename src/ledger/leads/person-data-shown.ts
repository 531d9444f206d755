// Showing a person's data in full is an event of its own: who saw whose data, and when.
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { eventSql } from "../log/event-sql.ts";

/**
 * Reads what is shown and records that it was, in one transaction: nothing is shown that is not recorded. `read` returns
 * null where there is nothing to show, and the run that the event belongs to (null: none).
 */
export function readAndRecordShown<Shown>(
  database: Database,
  actor: Actor,
  read: (client: Queryable) => Promise<Shown | null>,
  told: (shown: Shown) => {
    readonly runId: string | null;
    readonly dlqId?: number;
    readonly quarantineId?: string;
  },
): Promise<Shown | null> {
  return transaction(database, actor, async (client) => {
    const shown = await read(client);
    if (shown === null) return null;
    const { runId, dlqId, quarantineId } = told(shown);
    // The events of a run have times of their own only under its lock.
    await client.query("SELECT 1 FROM public.runs WHERE run_id = $1 FOR NO KEY UPDATE", [runId]);
    await client.query(
      `INSERT INTO public.audit_events (run_id, event_type, payload)
       VALUES ($1::uuid, ${eventSql("person_data_shown", {
         run_id: "$1::uuid",
         dlq_id: "$2::bigint",
         quarantine_id: "$3::uuid",
       })})`,
      [runId, dlqId ?? null, quarantineId ?? null],
    );
    return shown;
  });
}
