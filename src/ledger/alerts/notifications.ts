// The table notifications: what recipients are told, once each, by whichever node leads.
import type { KnownNotice, Notice, NoticeKind, StandingAlert } from "../../domain/alerts/notices.ts";
import { nextAttemptMs } from "../../domain/alerts/notices.ts";
import type { AlertSubject } from "../../domain/alerts/alarm-key.ts";
import type { AlarmSeverity } from "../../domain/figures/alarm.ts";
import { appendAuditEvents } from "../log/audit-events.ts";
import type { NewAuditEvent } from "../log/audit-events.ts";
import { transaction } from "../connection/database.ts";
import type { Database, Queryable } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";

export interface ToPlan {
  readonly alerts: readonly StandingAlert[];
  readonly known: readonly KnownNotice[];
}

/** What may have to be told: all that is raised, and what was cleared a while ago at most. */
export async function readToPlan(client: Queryable): Promise<ToPlan> {
  const { rows: alerts } = await client.query<StandingAlert>(
    `SELECT a.alert_id AS "alertId", a.code, a.severity, a.cause, a.client, a.state,
       m.key IS NOT NULL AS "isMuted", a.acknowledged_at IS NOT NULL AS "isAcknowledged"
     FROM internal.alerts a LEFT JOIN internal.alert_mutes m ON m.key = a.key AND m.until > clock_timestamp()
     WHERE a.state = 'raised' OR (a.state = 'cleared' AND a.cleared_at > clock_timestamp() - interval '1 hour')`,
  );
  const { rows: known } = await client.query<
    Omit<KnownNotice, "endedAtMs"> & { readonly ended_at: Date | null }
  >(
    `SELECT alert_id AS "alertId", kind, recipient, severity, state, attempts, ended_at FROM internal.notifications
     WHERE alert_id = ANY ($1::uuid[])`,
    [alerts.map(({ alertId }) => alertId)],
  );
  return {
    alerts,
    known: known.map(({ ended_at: endedAt, ...rest }) => ({
      ...rest,
      endedAtMs: endedAt?.getTime() ?? null,
    })),
  };
}

/** Those that are there already stay as they are. `pauseMs`: between two messages of one cause to one recipient. */
export async function addNotices(
  client: Queryable,
  notices: readonly Notice[],
  pauseMs: number,
): Promise<void> {
  for (const { alertId, kind, recipient, cause, dueMs, insteadOf } of notices)
    await client.query(
      `INSERT INTO internal.notifications (alert_id, about, kind, recipient, cause, instead_of, severity, due_at)
       SELECT a.alert_id, a.alert_id::text, $2, $3, $4, $5, a.severity, greatest($6::timestamptz, (
         SELECT max(n.ended_at) + $7::interval FROM internal.notifications n
         WHERE n.recipient = $3 AND n.kind = $2 AND n.cause = $4 AND n.state = 'sent' AND n.ended_at > clock_timestamp() - $7::interval
           AND (n.severity = 'error' OR a.severity = 'warning')))
       FROM internal.alerts a WHERE a.alert_id = $1::uuid
       ON CONFLICT (about, kind, recipient) DO NOTHING`,
      [alertId, kind, recipient, cause, insteadOf, new Date(dueMs), `${pauseMs} milliseconds`],
    );
}

export async function withdrawNotices(
  client: Queryable,
  notices: readonly Pick<Notice, "alertId" | "kind" | "recipient">[],
): Promise<void> {
  for (const { alertId, kind, recipient } of notices)
    await client.query(
      `UPDATE internal.notifications SET state = 'withdrawn', ended_at = clock_timestamp()
       WHERE about = $1 AND kind = $2 AND recipient = $3 AND state = 'waiting'
         AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())`,
      [alertId, kind, recipient],
    );
}

/** One for each recipient that nobody has confirmed, and that was not asked yet; those before it ask nobody any more. */
export async function askForConfirmations(client: Queryable): Promise<void> {
  await client.query(
    `UPDATE internal.notifications n SET state = 'withdrawn', ended_at = clock_timestamp()
     WHERE n.kind = 'confirmation' AND n.state = 'waiting' AND (n.claimed_until IS NULL OR n.claimed_until <= clock_timestamp())
       AND NOT EXISTS (SELECT FROM internal.alert_recipients r WHERE r.nonce = n.about AND r.confirmed_at IS NULL)`,
  );
  await client.query(
    `INSERT INTO internal.notifications (about, kind, recipient, cause, severity, due_at)
     SELECT r.nonce, 'confirmation', r.name, 'confirmation', 'warning', clock_timestamp()
     FROM internal.alert_recipients r WHERE r.confirmed_at IS NULL
     ON CONFLICT (about, kind, recipient) DO NOTHING`,
  );
}

/** What of an alert stands in a message. */
export interface ToldAlert {
  readonly alert_id: string;
  readonly code: string;
  readonly severity: AlarmSeverity;
  readonly subject_kind: AlertSubject["kind"];
  readonly subject: string | null;
  readonly alarm: Readonly<Record<string, unknown>>;
  readonly since: Date;
  readonly raised_at: Date | null;
  readonly cleared_at: Date | null;
}

export interface Claimed {
  /** UUID: the same at every attempt. */
  readonly message: string;
  readonly recipient: string;
  readonly kind: NoticeKind;
  /** This one, from 1 on. */
  readonly attempt: number;
  readonly createdAt: Date;
  readonly insteadOf: string | null;
  /** The worst first; none: it is about no alert. */
  readonly alerts: readonly ToldAlert[];
}

/** How many causes are told in messages of their own; more than these go into one. */
const causesApartMax = 5;
const alertsPerMessageMax = 50;

/**
 * The next message that is due, for `leaseMs`; null: none is. What waits for one recipient for one cause goes into one
 * message, and stays in it, whoever tries again.
 */
export function claimMessage(
  database: Database,
  guard: LeaderGuard,
  { node, leaseMs }: { readonly node: string; readonly leaseMs: number },
): Promise<Claimed | null> {
  return transaction(database, "system", async (client) => {
    await guard(client);
    const { rows: due } = await client.query<{ notification_id: number; message: string | null }>(
      `SELECT n.notification_id, n.message FROM internal.notifications n
       WHERE n.state = 'waiting' AND n.due_at <= clock_timestamp()
         AND (n.claimed_until IS NULL OR n.claimed_until <= clock_timestamp()) AND ${mayBeToldSql("n")}
       ORDER BY n.due_at, n.notification_id LIMIT 1`,
    );
    const [first] = due;
    if (first === undefined) return null;
    if (first.message === null) await gather(client, first.notification_id);
    return claim(client, first.notification_id, node, leaseMs);
  });
}

/**
 * Looked at when it is sent, because it may have waited for hours: what somebody muted meanwhile waits until that ends,
 * and what is for a channel whose address was changed until that is confirmed; of requests to confirm the last one counts.
 */
function mayBeToldSql(notice: string): string {
  return `EXISTS (
    SELECT FROM internal.alert_recipients r WHERE r.name = ${notice}.recipient AND CASE WHEN ${notice}.kind = 'confirmation'
      THEN r.confirmed_at IS NULL AND r.nonce = ${notice}.about
      ELSE r.confirmed_at IS NOT NULL AND (${notice}.kind = 'cleared' OR NOT EXISTS (
        SELECT FROM internal.alerts a JOIN internal.alert_mutes m ON m.key = a.key
        WHERE a.alert_id = ${notice}.alert_id AND m.until > clock_timestamp())) END)`;
}

async function gather(client: Queryable, first: number): Promise<void> {
  await client.query(
    `WITH first AS (SELECT * FROM internal.notifications WHERE notification_id = $1),
     alike AS (
       SELECT n.notification_id, n.cause FROM internal.notifications n JOIN first f
         ON n.recipient = f.recipient AND n.kind = f.kind AND (n.alert_id IS NULL) = (f.alert_id IS NULL)
       WHERE n.state = 'waiting' AND n.message IS NULL AND n.due_at <= clock_timestamp() + interval '5 seconds'
         AND ${mayBeToldSql("n")}
       ORDER BY n.notification_id LIMIT $2),
     message AS (SELECT gen_random_uuid() AS id)
     UPDATE internal.notifications n SET message = message.id FROM message, first f
     WHERE n.notification_id = f.notification_id OR n.notification_id IN (
       SELECT notification_id FROM alike
       WHERE cause = f.cause OR (SELECT count(DISTINCT cause) FROM alike) > $3)`,
    [first, alertsPerMessageMax, causesApartMax],
  );
}

async function claim(client: Queryable, first: number, node: string, leaseMs: number): Promise<Claimed> {
  const { rows } = await client.query<{
    readonly message: string;
    readonly recipient: string;
    readonly kind: NoticeKind;
    readonly attempts: number;
    readonly created_at: Date;
    readonly instead_of: string | null;
    readonly alert: ToldAlert | null;
  }>(
    `WITH claimed AS (
       UPDATE internal.notifications n
       SET attempts = attempts + 1, claimed_by = $2, claimed_until = clock_timestamp() + $3::interval
       WHERE message = (SELECT message FROM internal.notifications WHERE notification_id = $1) AND state = 'waiting'
       RETURNING n.message, n.recipient, n.kind, n.attempts, n.created_at, n.instead_of, n.alert_id)
     SELECT c.message, c.recipient, c.kind, c.attempts, c.created_at, c.instead_of,
       CASE WHEN a.alert_id IS NOT NULL THEN jsonb_build_object('alert_id', a.alert_id, 'code', a.code,
         'severity', a.severity, 'subject_kind', a.subject_kind, 'subject', a.subject, 'alarm', a.alarm,
         'since', a.since, 'raised_at', a.raised_at, 'cleared_at', a.cleared_at) END AS alert
     FROM claimed c LEFT JOIN internal.alerts a ON a.alert_id = c.alert_id
     ORDER BY a.severity, a.raised_at, a.alert_id`,
    [first, node, `${leaseMs} milliseconds`],
  );
  const [one] = rows;
  if (one === undefined) throw new Error("a message that was due is not there");
  return {
    message: one.message,
    recipient: one.recipient,
    kind: one.kind,
    attempt: Math.max(...rows.map(({ attempts }) => attempts)),
    createdAt: one.created_at,
    insteadOf: one.instead_of,
    alerts: rows.flatMap(({ alert }) => (alert === null ? [] : [withDates(alert)])),
  };
}

/** JSON has no times. */
function withDates(alert: ToldAlert): ToldAlert {
  const time = (at: Date | null): Date | null => (at === null ? null : new Date(at));
  return {
    ...alert,
    since: new Date(alert.since),
    raised_at: time(alert.raised_at),
    cleared_at: time(alert.cleared_at),
  };
}

export type SendingEnd =
  | { readonly kind: "sent"; readonly isProof: boolean }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly retryAfterMs: number | null;
    };

/** How an attempt ended: fenced by who holds it, so that one that was given to another node changes nothing. */
export function settleMessage(
  database: Database,
  guard: LeaderGuard,
  claimed: Claimed,
  node: string,
  end: SendingEnd,
): Promise<void> {
  return transaction(database, "system", async (client) => {
    await guard(client);
    const { rows: clock } = await client.query<{ now: Date }>("SELECT clock_timestamp() AS now");
    const nowMs = clock[0]?.now.getTime() ?? 0;
    const again =
      end.kind === "failed"
        ? nextAttemptMs(claimed.attempt, claimed.createdAt.getTime(), nowMs, end.retryAfterMs)
        : null;
    const state = end.kind === "sent" ? "sent" : again === null ? "given_up" : "waiting";
    const { rowCount } = await client.query(
      `UPDATE internal.notifications
       SET state = $3, due_at = coalesce($4::timestamptz, due_at), claimed_by = NULL, claimed_until = NULL,
         failure_code = $5, failure = $6, ended_at = CASE WHEN $3 <> 'waiting' THEN clock_timestamp() END
       WHERE message = $1 AND claimed_by = $2 AND state = 'waiting'`,
      [
        ...[claimed.message, node, state, again === null ? null : new Date(again)],
        ...(end.kind === "failed" ? [end.code, end.message] : [null, null]),
      ],
    );
    if (rowCount === 0) return;
    await noteChannel(client, claimed, end);
    const event = eventOf(claimed, end, state);
    if (event !== null) await appendAuditEvents(client, "system", [event]);
  });
}

async function noteChannel(client: Queryable, { recipient, kind }: Claimed, end: SendingEnd): Promise<void> {
  if (end.kind === "failed") {
    await client.query(
      `UPDATE internal.alert_recipients SET failing_since = coalesce(failing_since, clock_timestamp()),
         failure_code = $2, failure = $3 WHERE name = $1`,
      [recipient, end.code, end.message],
    );
    return;
  }
  const { rowCount } = await client.query(
    `UPDATE internal.alert_recipients SET failing_since = NULL, failure_code = NULL, failure = NULL,
       confirmed_at = CASE WHEN $2 THEN clock_timestamp() ELSE confirmed_at END,
       confirmed_by = CASE WHEN $2 THEN 'answer' ELSE confirmed_by END
     WHERE name = $1 AND (NOT $2 OR confirmed_at IS NULL)`,
    [recipient, kind === "confirmation" && end.isProof],
  );
  if (rowCount === 1 && kind === "confirmation" && end.isProof)
    await appendAuditEvents(client, "system", [
      { type: "alert_recipient_confirmed", payload: { name: recipient, by: "answer" } },
    ]);
}

/** Of failures the first is told, and the last: those in between stand with the recipient. */
function eventOf(claimed: Claimed, end: SendingEnd, state: string): NewAuditEvent | null {
  const { message, recipient, kind, attempt, alerts } = claimed;
  const told = { message, recipient, kind, alerts: alerts.map(({ alert_id: id }) => id), attempt };
  if (end.kind === "sent") return { type: "alert_told", payload: told };
  if (attempt > 1 && state === "waiting") return null;
  return {
    type: "alert_not_told",
    payload: { ...told, error_code: end.code, given_up: state === "given_up" },
  };
}
