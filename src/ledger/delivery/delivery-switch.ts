// Whether deliveries are stopped altogether: intake goes on, nothing is sent, no attempt is counted. Known to all nodes
// with their next poll.
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { eventSql } from "../log/event-sql.ts";

/** A row of `settings`, as it is stored; there is none before the first change. */
export interface DeliverySwitch {
  readonly stopped: boolean;
  /** Of the last change; null: there was none. */
  readonly at: Date | null;
  /** Who made it. */
  readonly by: string | null;
  /** In that person's words. */
  readonly reason: string | null;
}

/** What nodes go by. */
export interface DeliverySwitchSeen {
  readonly stopped: boolean;
  /** Since they go on; null: they never were stopped. */
  readonly resumed_for_ms: number | null;
}

/** SQL: whether they are stopped. */
export const deliveriesStoppedSql =
  "EXISTS (SELECT FROM internal.settings WHERE name = 'deliveries' AND value -> 'stopped' = 'true')";

/** SQL: what `DeliverySwitchSeen` says, as JSON; NULL: they never were stopped. */
export const deliverySwitchSeenSql = `
  (SELECT json_build_object('stopped', value -> 'stopped' = 'true',
     'resumed_for_ms', extract(epoch FROM statement_timestamp() - (value ->> 'at')::timestamptz) * 1000)
   FROM internal.settings WHERE name = 'deliveries')`;

interface Row {
  readonly stopped: boolean;
  readonly at: Date;
  readonly by: string;
  readonly reason: string | null;
}

export async function readDeliverySwitch(database: Queryable): Promise<DeliverySwitch> {
  const { rows } = await database.query<Row>(
    `SELECT value -> 'stopped' = 'true' AS stopped, (value ->> 'at')::timestamptz AS at, value ->> 'by' AS by,
       value ->> 'reason' AS reason
     FROM internal.settings WHERE name = 'deliveries'`,
  );
  return rows[0] ?? { stopped: false, at: null, by: null, reason: null };
}

/** With its event; nothing is written where it is so already. Returns how it is then. */
export function switchDeliveries(
  database: Database,
  actor: Actor,
  { stopped, reason }: { readonly stopped: boolean; readonly reason: string | null },
): Promise<DeliverySwitch> {
  return transaction(database, actor, async (client) => {
    // Two who press it at the same moment leave one event.
    await client.query("LOCK TABLE internal.settings IN SHARE ROW EXCLUSIVE MODE");
    if ((await readDeliverySwitch(client)).stopped !== stopped) {
      await client.query(
        `INSERT INTO internal.settings AS s (name, value)
         VALUES ('deliveries', jsonb_build_object('stopped', $1::boolean, 'at', clock_timestamp(), 'by', $2::text, 'reason', $3::text))
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp()`,
        [stopped, actor, reason],
      );
      await client.query(
        `INSERT INTO public.audit_events (event_type, payload)
         SELECT ${eventSql(stopped ? "deliveries_stopped" : "deliveries_resumed", { reason: "$1::text" })}`,
        [reason],
      );
    }
    return readDeliverySwitch(client);
  });
}
