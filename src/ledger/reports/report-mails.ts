// The table report_mails: which report goes to whom, claimed under a lease, sent once.
import type { ReportName } from "../../domain/figures/report.ts";
import type { ScheduledReport } from "../../domain/figures/report-order.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";

export interface ReportMail {
  readonly report: ReportName;
  /** ISO: the last day that it speaks of. */
  readonly day: string;
  /** "": of everything. */
  readonly client: string;
  readonly recipient: string;
  readonly language: "de" | "en";
  readonly attempts: number;
}

/** What people see of one. */
export interface ReportMailState extends ReportMail {
  readonly state: "waiting" | "sent" | "given_up";
  readonly due_at: Date;
  readonly next_attempt_at: Date;
  readonly ended_at: Date | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

/** An attempt takes no longer than this: what is still leased after it was forsaken. */
const leaseMs = 10 * 60_000;

/** The day it is, in the reporting time zone. */
export async function readReportingDay(database: Queryable): Promise<string> {
  const { rows } = await database.query<{ day: string }>(
    "SELECT (clock_timestamp() AT TIME ZONE internal.reporting_timezone())::date::text AS day",
  );
  return rows[0]?.day ?? new Date().toISOString().slice(0, 10);
}

/**
 * Notes those that are due by now, not too old, and were not due before somebody ordered them; each once; and forgets
 * those that wait and that nobody orders any more. A time of day that a clock leaves out is the one after it, one that comes
 * twice the second.
 */
export async function planReportMails(
  database: Database,
  guard: LeaderGuard,
  scheduled: readonly ScheduledReport[],
  { orderedAt, language }: { readonly orderedAt: Date; readonly language: "de" | "en" },
): Promise<void> {
  const wanted = scheduled.flatMap(({ order, ...rest }) =>
    order.to.map((recipient) => ({
      report: rest.report,
      day: rest.day,
      client: order.client ?? "",
      recipient,
      language: order.language ?? language,
      due: `${rest.dueDay} ${order.at}`,
      late_max_ms: rest.lateMaxMs,
    })),
  );
  await transaction(database, "system", async (client) => {
    await guard(client);
    // Whoever is not to get it any more is not tried again.
    await client.query(
      `DELETE FROM internal.report_mails m WHERE m.state = 'waiting' AND (m.leased_until IS NULL OR m.leased_until < clock_timestamp())
         AND NOT EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb) AS w (report text, client text, recipient text)
           WHERE w.report = m.report AND w.client = m.client AND w.recipient = m.recipient)`,
      [JSON.stringify(wanted)],
    );
    await client.query(
      `INSERT INTO internal.report_mails (report, day, client, recipient, language, due_at)
       SELECT w.report, w.day, w.client, w.recipient, w.language, w.due_at FROM (
         SELECT r.*, r.due::timestamp AT TIME ZONE internal.reporting_timezone() AS due_at
         FROM jsonb_to_recordset($1::jsonb) AS r (report text, day date, client text, recipient text, language text, due text, late_max_ms bigint)) AS w
       WHERE w.due_at <= clock_timestamp() AND w.due_at >= $2
         AND w.due_at > clock_timestamp() - w.late_max_ms * interval '1 millisecond'
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(wanted), orderedAt],
    );
    // What is waiting still when it has become too old is sent no more.
    await client.query(
      `UPDATE internal.report_mails SET state = 'given_up', ended_at = clock_timestamp(), leased_until = NULL
       WHERE state = 'waiting' AND (leased_until IS NULL OR leased_until < clock_timestamp())
         AND due_at < clock_timestamp() - CASE report WHEN 'daily' THEN interval '20 hours' ELSE interval '72 hours' END`,
    );
    await client.query("DELETE FROM internal.report_mails WHERE day < current_date - 400");
  });
}

/** The next one that is due, for as long as an attempt may take; null: nothing is. */
export async function claimReportMail(database: Queryable): Promise<ReportMail | null> {
  const { rows } = await database.query<ReportMail>(
    `UPDATE internal.report_mails m SET leased_until = clock_timestamp() + $1 * interval '1 millisecond', attempts = attempts + 1
     WHERE (m.report, m.day, m.client, m.recipient) = (
       SELECT w.report, w.day, w.client, w.recipient FROM internal.report_mails w
       WHERE w.state = 'waiting' AND w.next_attempt_at <= clock_timestamp()
         AND (w.leased_until IS NULL OR w.leased_until < clock_timestamp())
       ORDER BY w.next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING report, day::text, client, recipient, language, attempts`,
    [leaseMs],
  );
  return rows[0] ?? null;
}

export type ReportMailEnd =
  | { readonly kind: "sent" }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly retryAfterMs: number;
    };

/** Says what became of a mail that was claimed; of one that somebody else has claimed meanwhile, nothing. */
export async function endReportMail(
  database: Queryable,
  mail: ReportMail,
  end: ReportMailEnd,
): Promise<void> {
  const failed = end.kind === "failed" ? end : null;
  await database.query(
    `UPDATE internal.report_mails SET leased_until = NULL, error_code = $6, error_message = $7,
       state = CASE WHEN $6::text IS NULL THEN 'sent' ELSE 'waiting' END,
       ended_at = CASE WHEN $6::text IS NULL THEN clock_timestamp() END,
       next_attempt_at = clock_timestamp() + $8 * interval '1 millisecond'
     WHERE report = $1 AND day = $2::date AND client = $3 AND recipient = $4 AND attempts = $5 AND state = 'waiting'`,
    [
      mail.report,
      mail.day,
      mail.client,
      mail.recipient,
      mail.attempts,
      failed?.code ?? null,
      failed?.message ?? null,
      failed?.retryAfterMs ?? 0,
    ],
  );
}

/** The newest first. */
export async function listReportMails(database: Queryable, limit: number): Promise<ReportMailState[]> {
  const { rows } = await database.query<ReportMailState>(
    `SELECT report, day::text, client, recipient, language, attempts, state, due_at, next_attempt_at, ended_at, error_code, error_message
     FROM internal.report_mails ORDER BY due_at DESC, recipient LIMIT $1`,
    [limit],
  );
  return rows;
}
