// The table dead_mans_switch: when it called, or why it is silent; and what the ledger says about delivery before a call.
import type { Findings, SilenceReason } from "../../domain/figures/dead-mans-switch.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";
import { deliveriesStoppedSql } from "../delivery/delivery-switch.ts";
import { isSendingSql, overdueSinceSql } from "../delivery/overdue-sql.ts";

export interface DeadMansSwitchState {
  /** null: never. */
  readonly called_at: Date | null;
  /** null: it calls. */
  readonly silent_since: Date | null;
  readonly reasons: readonly SilenceReason[];
}

export const neverCalled: DeadMansSwitchState = { called_at: null, silent_since: null, reasons: [] };

export async function readDeadMansSwitch(database: Queryable): Promise<DeadMansSwitchState> {
  const { rows } = await database.query<DeadMansSwitchState>(
    "SELECT called_at, silent_since, reasons FROM internal.dead_mans_switch",
  );
  return rows[0] ?? neverCalled;
}

/** `reasons`: none: it has just called. */
export async function noteDeadMansSwitch(
  database: Database,
  guard: LeaderGuard,
  reasons: readonly SilenceReason[],
): Promise<void> {
  await transaction(database, "system", async (client) => {
    await guard(client);
    await client.query(
      `INSERT INTO internal.dead_mans_switch AS s (called_at, silent_since, reasons)
       SELECT CASE WHEN quiet THEN NULL ELSE clock_timestamp() END, CASE WHEN quiet THEN clock_timestamp() END, $1
       FROM (SELECT cardinality($1::text[]) > 0 AS quiet) AS asked
       ON CONFLICT (is_the_one) DO UPDATE SET called_at = coalesce(excluded.called_at, s.called_at), reasons = excluded.reasons,
         silent_since = CASE WHEN excluded.silent_since IS NULL THEN NULL ELSE coalesce(s.silent_since, excluded.silent_since) END`,
      [reasons],
    );
  });
}

/** There is none any more: what it was is forgotten. */
export async function forgetDeadMansSwitch(database: Database, guard: LeaderGuard): Promise<void> {
  await transaction(database, "system", async (client) => {
    await guard(client);
    await client.query("DELETE FROM internal.dead_mans_switch");
  });
}

export async function readDeliveryFindings(database: Queryable): Promise<Omit<Findings, "health">> {
  const runs = (role: string): string =>
    `EXISTS (SELECT FROM internal.nodes WHERE held_until > clock_timestamp() AND condition -> 'roles' ? '${role}')`;
  const { rows } = await database.query<Omit<Findings, "health">>(
    `SELECT ${runs("intake")} AS "takesLeads", ${runs("delivery")} AS "sends", ${deliveriesStoppedSql} AS "isStopped",
       EXISTS (SELECT FROM internal.deliveries d JOIN internal.destinations t ON t.name = d.destination
         WHERE d.due_at < ${overdueSinceSql} AND ${isSendingSql}) AS "isOverdue"`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the database answered without a row");
  return row;
}
