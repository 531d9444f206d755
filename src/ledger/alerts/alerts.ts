// The table alerts: which alarms stand and stood, and what people said about them.
import type { AlertSubject } from "../../domain/alerts/alarm-key.ts";
import type { Standing } from "../../domain/alerts/judge-alert.ts";
import { repeatsWithinMs } from "../../domain/alerts/judge-alert.ts";
import type { Alarm, AlarmSeverity } from "../../domain/figures/alarm.ts";
import { appendAuditEvents } from "../log/audit-events.ts";
import type { NewAuditEvent } from "../log/audit-events.ts";
import { transaction } from "../connection/database.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";

export interface StoredStanding extends Standing {
  readonly alertId: string;
  readonly key: string;
  readonly code: Alarm["code"];
}

export interface AlertsNow {
  readonly nowMs: number;
  readonly standing: readonly StoredStanding[];
  /** How many episodes of a key ended within the last hour. */
  readonly repeats: ReadonlyMap<string, number>;
}

/** What is not cleared. */
export async function readStanding(database: Queryable): Promise<AlertsNow> {
  const { rows } = await database.query<{
    readonly alert_id: string;
    readonly key: string;
    readonly code: Alarm["code"];
    readonly severity: AlarmSeverity;
    readonly state: "pending" | "raised";
    readonly since: Date;
    readonly gone_since: Date | null;
    readonly repeats: number;
  }>(
    `SELECT alert_id, key, code, severity, state, since, gone_since, repeats FROM internal.alerts WHERE state <> 'cleared'`,
  );
  const { rows: ended } = await database.query<{ key: string; count: number }>(
    `SELECT key, count(*)::int AS count FROM internal.alerts
     WHERE state = 'cleared' AND cleared_at > clock_timestamp() - $1::interval GROUP BY key`,
    [`${repeatsWithinMs} milliseconds`],
  );
  const { rows: clock } = await database.query<{ now: Date }>("SELECT clock_timestamp() AS now");
  return {
    nowMs: clock[0]?.now.getTime() ?? Date.now(),
    standing: rows.map((row) => ({
      alertId: row.alert_id,
      key: row.key,
      code: row.code,
      severity: row.severity,
      state: row.state,
      sinceMs: row.since.getTime(),
      goneSinceMs: row.gone_since?.getTime() ?? null,
      repeats: row.repeats,
    })),
    repeats: new Map(ended.map(({ key, count }) => [key, count])),
  };
}

export interface AlarmSeen {
  readonly key: string;
  readonly alarm: Alarm;
  readonly subject: AlertSubject;
  readonly cause: string;
  readonly client: string | null;
}

const alertEvent = (
  type: "alert_raised" | "alert_worsened" | "alert_cleared",
  row: EventRow,
): NewAuditEvent => ({
  type,
  payload: {
    alert_id: row.alert_id,
    code: row.code,
    severity: row.severity,
    about: row.subject_kind,
    name: row.subject,
  },
});

interface EventRow {
  readonly alert_id: string;
  readonly code: string;
  readonly severity: AlarmSeverity;
  readonly subject_kind: AlertSubject["kind"];
  readonly subject: string | null;
}

const eventColumns = "alert_id, code, severity, subject_kind, subject";

/** Seen for the first time, or with other facts; `next`: as it stands now. */
export async function writeSeen(
  client: Queryable,
  { key, alarm, subject, cause, client: whose }: AlarmSeen,
  next: Standing,
  change: "raised" | "worsened" | null,
): Promise<void> {
  const { rows } = await client.query<EventRow>(
    `INSERT INTO internal.alerts AS a
       (key, code, severity, subject_kind, subject, cause, client, alarm, state, repeats, raised_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, CASE WHEN $9 = 'raised' THEN clock_timestamp() END)
     ON CONFLICT (key) WHERE state <> 'cleared' DO UPDATE
     SET severity = excluded.severity, alarm = excluded.alarm, client = excluded.client, state = excluded.state,
       raised_at = CASE WHEN excluded.state = 'raised' THEN coalesce(a.raised_at, clock_timestamp()) END, gone_since = NULL
     RETURNING ${eventColumns}`,
    [
      ...[key, alarm.code, next.severity, subject.kind, subject.name, cause, whose],
      ...[JSON.stringify(alarm), next.state, next.repeats],
    ],
  );
  const [row] = rows;
  if (row !== undefined && change !== null)
    await appendAuditEvents(client, "system", [alertEvent(`alert_${change}`, row)]);
}

/** Not seen any more; null: over. */
export async function writeGone(
  client: Queryable,
  alertId: string,
  next: Standing | null,
  isCleared: boolean,
): Promise<void> {
  if (next !== null) {
    await client.query(
      "UPDATE internal.alerts SET gone_since = coalesce(gone_since, clock_timestamp()) WHERE alert_id = $1",
      [alertId],
    );
    return;
  }
  if (!isCleared) {
    await client.query("DELETE FROM internal.alerts WHERE alert_id = $1 AND state = 'pending'", [alertId]);
    return;
  }
  const { rows } = await client.query<EventRow>(
    `UPDATE internal.alerts SET state = 'cleared', cleared_at = clock_timestamp() WHERE alert_id = $1 AND state = 'raised'
     RETURNING ${eventColumns}`,
    [alertId],
  );
  const [row] = rows;
  if (row !== undefined) await appendAuditEvents(client, "system", [alertEvent("alert_cleared", row)]);
}

export interface AlertItem {
  readonly alert_id: string;
  readonly key: string;
  readonly code: string;
  readonly severity: AlarmSeverity;
  readonly subject_kind: AlertSubject["kind"];
  readonly subject: string | null;
  readonly client: string | null;
  readonly alarm: Readonly<Record<string, unknown>>;
  readonly state: "pending" | "raised" | "cleared";
  readonly since: Date;
  readonly raised_at: Date | null;
  readonly cleared_at: Date | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly note: string | null;
  readonly muted_until: Date | null;
  readonly mute_reason: string | null;
  /** Names of those who were told. */
  readonly told: readonly string[];
}

const itemSql = `
  SELECT a.alert_id, a.key, a.code, a.severity, a.subject_kind, a.subject, a.client, a.alarm, a.state, a.since, a.raised_at,
    a.cleared_at, a.acknowledged_at, a.acknowledged_by, a.note, m.until AS muted_until, m.reason AS mute_reason,
    ARRAY(SELECT DISTINCT n.recipient FROM internal.notifications n
      WHERE n.alert_id = a.alert_id AND n.state = 'sent' ORDER BY n.recipient) AS told
  FROM internal.alerts a LEFT JOIN internal.alert_mutes m ON m.key = a.key AND m.until > clock_timestamp()`;

/** What is raised, the worst and newest first. */
export async function listRaised(database: Queryable, limit: number): Promise<AlertItem[]> {
  const { rows } = await database.query<AlertItem>(
    `${itemSql} WHERE a.state = 'raised' ORDER BY a.severity, a.raised_at DESC, a.alert_id LIMIT $1`,
    [limit],
  );
  return rows;
}

/** What is over, the newest first; those before `before`. */
export async function listCleared(
  database: Queryable,
  {
    before,
    limit,
  }: { readonly before: { readonly at: string; readonly id: string } | null; readonly limit: number },
): Promise<AlertItem[]> {
  const { rows } = await database.query<AlertItem>(
    `${itemSql} WHERE a.state = 'cleared'
       AND ($1::timestamptz IS NULL OR (a.cleared_at, a.alert_id) < ($1::timestamptz, $2::uuid))
     ORDER BY a.cleared_at DESC, a.alert_id DESC LIMIT $3`,
    [before?.at ?? null, before?.id ?? null, limit],
  );
  return rows;
}

export async function findAlert(database: Queryable, alertId: string): Promise<AlertItem | null> {
  const { rows } = await database.query<AlertItem>(`${itemSql} WHERE a.alert_id = $1`, [alertId]);
  return rows[0] ?? null;
}

export type Acknowledged = AlertItem | "unknown" | "over";

/** Ends escalation; the second time it changes nothing. */
export function acknowledgeAlert(
  database: Database,
  actor: Actor,
  alertId: string,
  note: string | null,
): Promise<Acknowledged> {
  return transaction(database, actor, async (client): Promise<Acknowledged> => {
    const { rows } = await client.query<EventRow>(
      `UPDATE internal.alerts SET acknowledged_at = clock_timestamp(), acknowledged_by = $2, note = $3
       WHERE alert_id = $1 AND state = 'raised' AND acknowledged_at IS NULL RETURNING ${eventColumns}`,
      [alertId, actor, note],
    );
    const [row] = rows;
    if (row !== undefined)
      await appendAuditEvents(client, actor, [
        { type: "alert_acknowledged", payload: { alert_id: alertId, code: row.code, note } },
      ]);
    const found = await findAlert(client, alertId);
    if (found === null) return "unknown";
    return found.state === "raised" ? found : "over";
  });
}

export type Muted = AlertItem | "unknown";

/** `until` null: it is told of again. */
export function muteAlert(
  database: Database,
  actor: Actor,
  alertId: string,
  mute: { readonly until: Date; readonly reason: string } | null,
): Promise<Muted> {
  return transaction(database, actor, async (client): Promise<Muted> => {
    const found = await findAlert(client, alertId);
    if (found === null) return "unknown";
    const { key, code } = found;
    if (mute === null) {
      const { rowCount } = await client.query("DELETE FROM internal.alert_mutes WHERE key = $1", [key]);
      if (rowCount === 1)
        await appendAuditEvents(client, actor, [{ type: "alert_unmuted", payload: { key, code } }]);
    } else {
      const { until, reason } = mute;
      await client.query(
        `INSERT INTO internal.alert_mutes AS m (key, until, reason, muted_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO UPDATE SET until = excluded.until, reason = excluded.reason,
           muted_by = excluded.muted_by, muted_at = clock_timestamp()`,
        [key, until, reason, actor],
      );
      await appendAuditEvents(client, actor, [
        { type: "alert_muted", payload: { key, code, until, reason } },
      ]);
    }
    return (await findAlert(client, alertId)) ?? "unknown";
  });
}

/** How long alerts that are over are kept. */
const keptDays = 400;

export async function dropOldAlerts(client: Queryable): Promise<void> {
  await client.query(
    `DELETE FROM internal.alerts WHERE alert_id IN (
       SELECT alert_id FROM internal.alerts WHERE state = 'cleared' AND cleared_at < clock_timestamp() - $1::interval
       ORDER BY cleared_at LIMIT 1000)`,
    [`${keptDays} days`],
  );
  await client.query("DELETE FROM internal.alert_mutes WHERE until < clock_timestamp()");
}
