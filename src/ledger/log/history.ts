// Whether the database still has what it had before: what a node asks to remember, and the setbacks that were found.
import { appendAuditEvents } from "./audit-events.ts";
import { transaction } from "../connection/database.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";

/** A place in the log of events. */
export interface HistoryPoint {
  readonly eventId: number;
  /** ISO 8601. */
  readonly eventTime: string;
  /** Hexadecimal; over id, time and content, so that another event under the same number is told apart. */
  readonly digest: string;
}

/** null: the server does not say. */
export interface ServerIdentity {
  readonly systemIdentifier: string | null;
  readonly timeline: number | null;
  /** ISO 8601; a different one after each restart and each failover. */
  readonly startedAt: string | null;
}

export interface HistoryNow {
  /** null: there are no events. */
  readonly newest: HistoryPoint | null;
  /** The digest of the event that was asked for; null: it is not there. */
  readonly digest: string | null;
  /** The newest that is left of before; null: nothing. */
  readonly survivor: HistoryPoint | null;
  readonly oldestEventId: number | null;
  /** A setback that nobody has acknowledged. */
  readonly hasOpenSetback: boolean;
}

const pointSql = (order: string): string => `
  SELECT json_build_object('eventId', e.event_id, 'eventTime', e.event_time, 'digest', encode(e.digest, 'hex'))
  FROM public.audit_events e ${order} LIMIT 1`;

/** `asked`: what is remembered; null: nothing. */
export async function readHistory(database: Queryable, asked: HistoryPoint | null): Promise<HistoryNow> {
  const { rows } = await database.query<HistoryNow>({
    name: "read-history",
    text: `SELECT (${pointSql("ORDER BY e.event_id DESC")}) AS newest,
      (SELECT encode(e.digest, 'hex') FROM public.audit_events e WHERE e.event_id = $1::bigint) AS digest,
      (${pointSql("WHERE e.event_id <= $1::bigint AND e.event_time <= $2::timestamptz ORDER BY e.event_id DESC")}) AS survivor,
      (SELECT e.event_id FROM public.audit_events e ORDER BY e.event_id LIMIT 1) AS "oldestEventId",
      EXISTS (SELECT FROM internal.setbacks s WHERE s.acknowledged_at IS NULL) AS "hasOpenSetback"`,
    values: [asked?.eventId ?? null, asked?.eventTime ?? null],
  });
  const [now] = rows;
  if (now === undefined) throw new Error("the database answered without a row");
  return now;
}

const identitySql = `SELECT (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS "systemIdentifier",
  ('x' || left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::int AS timeline,
  to_json(pg_catalog.pg_postmaster_start_time()) #>> '{}' AS "startedAt"`;

/** Providers may keep these functions to themselves; then the events alone have to tell. */
export async function readServerIdentity(database: Queryable): Promise<ServerIdentity> {
  const { rows } = await database
    .query<ServerIdentity>(identitySql)
    .catch((): { rows: readonly ServerIdentity[] } => ({ rows: [] }));
  return rows[0] ?? { systemIdentifier: null, timeline: null, startedAt: null };
}

/** How many of these runs are not there. */
export async function countMissingRuns(database: Queryable, runIds: readonly string[]): Promise<number> {
  const { rows } = await database.query<{ missing: number }>(
    `SELECT count(*) AS missing FROM unnest($1::uuid[]) AS told (run_id)
     WHERE NOT EXISTS (SELECT FROM public.runs r WHERE r.run_id = told.run_id)`,
    [runIds],
  );
  return rows[0]?.missing ?? 0;
}

export interface NewSetback {
  readonly folder: string;
  readonly node: string;
  readonly remembered: HistoryPoint;
  readonly since: string | null;
  readonly eventsMax: number | null;
  readonly leadsMissing: number | null;
  readonly timelineBefore: number | null;
  readonly timelineAfter: number | null;
  readonly otherServer: boolean;
}

/** false: it is there already. */
export async function recordSetback(database: Database, setback: NewSetback): Promise<boolean> {
  const { folder, node, remembered, since, eventsMax, leadsMissing } = setback;
  return transaction(database, "system", async (client) => {
    const { rows } = await client.query<{ setback_id: number }>(
      `INSERT INTO internal.setbacks (folder, node, event_id, event_time, since, events_max, leads_missing,
         timeline_before, timeline_after, other_server)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (folder, event_id, event_time) DO NOTHING RETURNING setback_id`,
      [
        ...[folder, node, remembered.eventId, remembered.eventTime, since, eventsMax, leadsMissing],
        ...[setback.timelineBefore, setback.timelineAfter, setback.otherServer],
      ],
    );
    const [made] = rows;
    if (made === undefined) return false;
    const told = { setback_id: made.setback_id, node, since, until: remembered.eventTime };
    const payload = { ...told, events_max: eventsMax, leads_missing: leadsMissing };
    await appendAuditEvents(client, "system", [{ type: "database_went_back", payload }]);
    return true;
  });
}

export interface Setback {
  readonly setback_id: number;
  readonly node: string;
  readonly noticed_at: Date;
  readonly since: Date | null;
  readonly until: Date;
  readonly events_max: number | null;
  readonly leads_missing: number | null;
  readonly timeline_before: number | null;
  readonly timeline_after: number | null;
  readonly other_server: boolean;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
}

const columns = `setback_id, node, noticed_at, since, event_time AS until, events_max, leads_missing, timeline_before,
  timeline_after, other_server, acknowledged_at, acknowledged_by`;

/** The newest first. */
export async function listSetbacks(
  database: Queryable,
  which: "open" | "all",
  limit: number,
): Promise<readonly Setback[]> {
  const { rows } = await database.query<Setback>(
    `SELECT ${columns} FROM internal.setbacks WHERE $1 = 'all' OR acknowledged_at IS NULL ORDER BY setback_id DESC LIMIT $2`,
    [which, limit],
  );
  return rows;
}

/** What it is now; null: there is none of this number. Whoever comes second changes nothing. */
export async function acknowledgeSetback(
  database: Database,
  actor: Actor,
  setbackId: number,
): Promise<Setback | null> {
  return transaction(database, actor, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE internal.setbacks SET acknowledged_at = clock_timestamp(), acknowledged_by = $2
       WHERE setback_id = $1 AND acknowledged_at IS NULL`,
      [setbackId, actor],
    );
    if (rowCount === 1) {
      const payload = { setback_id: setbackId };
      await appendAuditEvents(client, actor, [{ type: "setback_acknowledged", payload }]);
    }
    const { rows } = await client.query<Setback>(
      `SELECT ${columns} FROM internal.setbacks WHERE setback_id = $1`,
      [setbackId],
    );
    return rows[0] ?? null;
  });
}
