// The table sending_limits: how much was sent to destinations with limits, by all nodes, and what they wait for.
import type { SendLimits } from "../../domain/destinations/send-limits.ts";
import { milliseconds } from "./deliveries.ts";
import type { Queryable } from "../connection/database.ts";

export interface TakenSends {
  /** So many may be sent now. */
  readonly granted: number;
  /** Where fewer than wanted were granted: until more may be; otherwise 0. */
  readonly wait_ms: number;
  /** What is used up; null: nothing. */
  readonly full: "second" | "minute" | "day" | null;
}

/** Counts up to `wanted` as sent (`internal.ledger_take_sends`). */
export async function takeSends(
  database: Queryable,
  destination: string,
  wanted: number,
  { perSecond, perMinute, perDay }: SendLimits,
): Promise<TakenSends> {
  const { rows } = await database.query<TakenSends>({
    name: "take-sends",
    text: "SELECT * FROM internal.ledger_take_sends($1, $2, $3, $4, $5)",
    values: [destination, wanted, perSecond ?? null, perMinute ?? null, perDay ?? null],
  });
  return rows[0] ?? { granted: 0, wait_ms: 1_000, full: "second" };
}

/**
 * What was granted and not sent may be sent on this day after all; of the second and the minute it is past by now.
 * `heldMs`: for how long it was held at most.
 */
export async function returnSends(
  database: Queryable,
  destination: string,
  unused: number,
  heldMs: number,
): Promise<void> {
  await database.query({
    name: "return-sends",
    text: `
      UPDATE internal.sending_limits SET day_used = greatest(day_used - $2, 0),
        waits_until = CASE WHEN waits_for = 'limit' AND waits_until > clock_timestamp() THEN clock_timestamp() ELSE waits_until END
      WHERE destination = $1
        AND day = ((clock_timestamp() - $3::interval) AT TIME ZONE internal.reporting_timezone())::date`,
    values: [destination, unused, milliseconds(heldMs)],
  });
}

/** Runs of test leads that could be sent to it now, the oldest first; of those of the last day. */
export async function findDueTests(
  database: Queryable,
  destination: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await database.query<{ run_id: string }>({
    name: "find-due-tests",
    text: `
      SELECT r.run_id FROM public.runs r JOIN internal.deliveries d ON d.run_id = r.run_id AND d.destination = $1
      WHERE r.test AND r.received_at > statement_timestamp() - interval '1 day'
        AND d.due_at <= statement_timestamp() AND d.leased_by IS NULL
      ORDER BY r.received_at LIMIT $2`,
    values: [destination, limit],
  });
  return rows.map(({ run_id: runId }) => runId);
}

/** It is not open before then; for whoever looks at it, and so that nothing of it is overdue. */
export async function noteClosed(database: Queryable, destination: string, until: Date): Promise<void> {
  await database.query({
    name: "note-closed",
    text: `
      INSERT INTO internal.sending_limits AS l (destination, waits_for, waits_until)
      VALUES ($1, 'opening_hours', $2)
      ON CONFLICT (destination) DO UPDATE SET waits_for = excluded.waits_for, waits_until = excluded.waits_until
      WHERE l.waits_until IS NULL OR l.waits_for <> excluded.waits_for
        OR l.waits_until <> excluded.waits_until`,
    values: [destination, until],
  });
}

/** It is open again, earlier than was said: its opening hours have changed. */
export async function noteOpen(database: Queryable, destination: string): Promise<void> {
  await database.query({
    name: "note-open",
    text: `UPDATE internal.sending_limits SET waits_until = clock_timestamp()
      WHERE destination = $1 AND waits_for = 'opening_hours' AND waits_until > clock_timestamp()`,
    values: [destination],
  });
}

/** SQL: whether destination `t` waits for its opening hours or a limit, or did until a moment ago. */
export const waitsForLimitSql = `EXISTS (SELECT FROM internal.sending_limits l
  WHERE l.destination = t.name AND l.waits_until > statement_timestamp() - interval '5 minutes')`;

export interface LimitWait {
  readonly destination: string;
  readonly waits_for: "opening_hours" | "limit";
  readonly waits_until: Date;
}

/** Those that wait at this moment, of these destinations. */
export async function listLimitWaits(
  database: Queryable,
  destinations: readonly string[],
): Promise<LimitWait[]> {
  const { rows } = await database.query<LimitWait>({
    name: "list-limit-waits",
    text: `SELECT destination, waits_for, waits_until FROM internal.sending_limits
      WHERE destination = ANY ($1) AND waits_until > statement_timestamp()`,
    values: [destinations],
  });
  return rows;
}
