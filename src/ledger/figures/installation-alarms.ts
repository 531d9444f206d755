// What somebody should look at of the installation itself: its nodes, its database server, its API keys.
import { expiryAlarm, expiryLimits } from "../../domain/figures/expiry.ts";
import type { Alarm } from "../../domain/figures/alarm.ts";
import { knownFaults } from "../../domain/figures/postgresql-faults.ts";
import { nodeAlarms } from "../../domain/node/node-condition.ts";
import type { NodeRow } from "../../domain/node/node-condition.ts";
import type { Queryable } from "../connection/database.ts";
import { readServerVersion } from "../connection/server-version.ts";
import { readDeadMansSwitch } from "./dead-mans-switch.ts";
import { listNodes, readLateOutage } from "./node-reports.ts";

/** In no order; at most `perCodeMax` API keys. Whoever is limited to clients sees no nodes, and nothing of the server. */
export async function readInstallationAlarms(
  database: Queryable,
  now: Date,
  perCodeMax: number,
): Promise<Alarm[]> {
  const nodes = await listNodes(database);
  const late = await readLateOutage(database);
  return [
    ...nodeAlarms(nodes, now),
    ...nodes.flatMap((node) => certificateAlarm(node, now)),
    ...(late === null ? [] : [{ code: "database_was_away", severity: "warning", ...late } as const]),
    ...(await readSilentSwitch(database)),
    ...(await readServerAlarm(database, nodes)),
    ...(await readKeysThatEnd(database, now, perCodeMax)),
  ];
}

function certificateAlarm({ name, held_until: heldUntil, condition }: NodeRow, now: Date): Alarm[] {
  const { certificate_expires_at: expiresAt } = condition;
  if (heldUntil < now || expiresAt === null) return [];
  return expiryAlarm({ of: "certificate", name, managed_by: null }, new Date(expiresAt), now);
}

async function readSilentSwitch(database: Queryable): Promise<Alarm[]> {
  const { silent_since: since, reasons } = await readDeadMansSwitch(database);
  return since === null ? [] : [{ code: "dead_mans_switch_silent", severity: "error", since, reasons }];
}

async function readServerAlarm(database: Queryable, nodes: readonly NodeRow[]): Promise<Alarm[]> {
  if (nodes.length === 0) return [];
  const faults = knownFaults(await readServerVersion(database));
  if (faults === null) return [];
  const isEmbedded = nodes.some(({ condition }) => condition.embedded);
  return [{ code: "postgresql_unsafe", severity: "warning", ...faults, is_embedded: isEmbedded }];
}

/** Those that were made for a few days end as they should. */
async function readKeysThatEnd(database: Queryable, now: Date, limit: number): Promise<Alarm[]> {
  const { rows } = await database.query<{ name: string; expires_at: Date }>(
    `SELECT name, expires_at FROM internal.api_keys
     WHERE revoked_at IS NULL AND expires_at < $1::timestamptz + $2::interval AND expires_at > $1::timestamptz - $3::interval
       AND expires_at - created_at > $4::interval
     ORDER BY expires_at, key_id LIMIT $5`,
    [
      now.toISOString(),
      `${expiryLimits.warningMs} milliseconds`,
      `${expiryLimits.toldAfterwardsMs} milliseconds`,
      `${expiryLimits.errorMs} milliseconds`,
      limit,
    ],
  );
  return rows.flatMap(({ name, expires_at: expiresAt }) =>
    expiryAlarm({ of: "api_key", name, managed_by: null }, expiresAt, now),
  );
}
