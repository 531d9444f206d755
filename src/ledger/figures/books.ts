// The whole of a small ledger in one consistent view, so that its books can be checked; made for the demo and for tests.
import { currentBodySql } from "../intake/current-body-sql.ts";
import type { DlqKind, DlqStatus, RunStatus } from "../../domain/leads/run.ts";
import { queryableOf } from "../connection/database.ts";
import type { Database, Queryable } from "../connection/database.ts";

export interface BookRun {
  readonly run_id: string;
  readonly source: string;
  readonly status: RunStatus;
  readonly outcome: string | null;
  readonly error_code: string | null;
  readonly refused: boolean;
  /** The lead as it stands now; null while its payload is refused. */
  readonly body: unknown;
}

export interface BookEvent {
  readonly run_id: string;
  /** Microseconds since 1970. */
  readonly at_us: number;
  readonly event_type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface BookEntry {
  readonly dlq_id: number;
  readonly run_id: string;
  readonly kind: DlqKind;
  readonly status: DlqStatus;
  readonly destination: string | null;
  readonly error_code: string | null;
  readonly retry_count: number;
  readonly next_retry_at: Date | null;
  readonly resolution: string | null;
}

export interface Books {
  readonly runs: readonly BookRun[];
  /** Events of runs only, in the order of event_time. */
  readonly events: readonly BookEvent[];
  readonly entries: readonly BookEntry[];
  /** How many days kpi_daily has. */
  readonly days: number;
  readonly deliveriesWaiting: number;
}

/** Reads everything in one snapshot. */
export async function readBooks(database: Database): Promise<Books> {
  const client = await database.pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const books = await readAll(queryableOf(client));
    await client.query("COMMIT");
    client.release();
    return books;
  } catch (error) {
    // The transaction may still be open: nobody else shall get this connection.
    client.release(true);
    throw error;
  }
}

async function readAll(client: Queryable): Promise<Books> {
  const { rows: runs } = await client.query<BookRun>(
    `SELECT run_id, source, status, outcome, error_code, refused,
       ${currentBodySql("r.run_id")} AS body
     FROM public.runs r ORDER BY received_at, run_id`,
  );
  const { rows: events } = await client.query<BookEvent>(
    `SELECT run_id, (extract(epoch FROM event_time) * 1000000)::bigint AS at_us, event_type,
       payload - '{body,body_base64}'::text[] AS payload
     FROM public.audit_events WHERE run_id IS NOT NULL ORDER BY event_time, event_id`,
  );
  const { rows: entries } = await client.query<BookEntry>(
    `SELECT dlq_id, run_id, kind, status, destination, error_code, retry_count, next_retry_at, resolution
     FROM public.dlq WHERE run_id IS NOT NULL ORDER BY dlq_id`,
  );
  const { rows: counts } = await client.query<{ days: number; waiting: number }>(
    `SELECT (SELECT count(*) FROM public.kpi_daily) AS days, (SELECT count(*) FROM internal.deliveries) AS waiting`,
  );
  return { runs, events, entries, days: counts[0]?.days ?? 0, deliveriesWaiting: counts[0]?.waiting ?? 0 };
}

export interface WorkUnderWay {
  /** Runs whose deliveries have not all ended. */
  readonly accepted: number;
  /** Entries that are tried again by themselves. */
  readonly healing: number;
  /** Entries that were tried from the DLQ and failed again. */
  readonly failedAgain: number;
}

/** What is still going to change without anybody's doing. */
export async function readWorkUnderWay(database: Queryable): Promise<WorkUnderWay> {
  const { rows } = await database.query<WorkUnderWay>(
    `SELECT (SELECT count(*) FROM public.runs WHERE status = 'accepted') AS accepted,
       count(*) FILTER (WHERE status = 'retrying' OR next_retry_at IS NOT NULL) AS healing,
       count(*) FILTER (WHERE status = 'open' AND retry_count > 0) AS "failedAgain"
     FROM public.dlq WHERE status IN ('open', 'retrying')`,
  );
  return rows[0] ?? { accepted: 0, healing: 0, failedAgain: 0 };
}
