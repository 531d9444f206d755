// What somebody changed about which alarms are told, and when.
import { transaction } from "../connection/database.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import type { ManagedBy } from "../configuration/configuration.ts";
import type { RuleChanges } from "../../domain/alerts/alert-rules.ts";
import { appendAuditEvents } from "../log/audit-events.ts";

export interface KeptRules {
  readonly managedBy: ManagedBy;
  readonly rules: RuleChanges;
}

export async function readAlertRules(database: Queryable): Promise<KeptRules> {
  const { rows } = await database.query<{ value: KeptRules }>(
    "SELECT value FROM internal.settings WHERE name = 'alert_rules'",
  );
  return rows[0]?.value ?? { managedBy: "api", rules: {} };
}

/** false: nothing differs. */
export function writeAlertRules(database: Database, actor: Actor, wanted: KeptRules): Promise<boolean> {
  return transaction(database, actor, async (client) => {
    const before = await readAlertRules(client);
    const { managedBy, rules } = wanted;
    const codes = [...new Set([...Object.keys(before.rules), ...Object.keys(rules)])].filter(
      (code) => JSON.stringify(before.rules[code]) !== JSON.stringify(rules[code]),
    );
    if (codes.length === 0 && before.managedBy === managedBy) return false;
    await client.query(
      `INSERT INTO internal.settings AS s (name, value) VALUES ('alert_rules', $1::jsonb)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp()`,
      [JSON.stringify({ managedBy, rules })],
    );
    if (codes.length > 0)
      await appendAuditEvents(client, actor, [
        { type: "alert_rules_changed", payload: { codes: codes.toSorted() } },
      ]);
    return codes.length > 0;
  });
}

/** Names of sources and destinations, and whose they are; '': nobody's that is named. */
export async function readClientsOfPlaces(database: Queryable): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ place: string; client: string }>(
    `SELECT 'source:' || name AS place, client FROM internal.sources
     UNION ALL SELECT 'destination:' || name, client FROM internal.destinations`,
  );
  return new Map(rows.map(({ place, client }) => [place, client]));
}
