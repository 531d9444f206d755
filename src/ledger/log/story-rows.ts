// Everything that tells of leads, in one snapshot and in the order of the runs, a page at a time: for whoever judges all
// of it and can keep none of it. Takes no lock that a writer could wait for.
import type { DlqKind, DlqStatus, RunStatus } from "../../domain/leads/run.ts";
import type { Database, Queryable, TimedQuery } from "../connection/database.ts";
import { longAnswerTimeoutMs, queryableOf } from "../connection/database.ts";

export interface RunRow {
  readonly run_id: string;
  /** Microseconds since 1970. */
  readonly received_us: number;
  readonly status: RunStatus;
  readonly outcome: string | null;
  readonly refused: boolean;
  readonly test: boolean;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

/** An event, and of its payload what a story is made of. */
export interface EventRow {
  readonly event_id: number;
  readonly run_id: string;
  /** Microseconds since 1970. */
  readonly at_us: number;
  readonly event_type: string;
  readonly actor: string;
  /** Its payload is gone, by erasure. */
  readonly erased: boolean;
  readonly status: string | null;
  readonly outcome: string | null;
  readonly destination: string | null;
  readonly error_code: string | null;
  readonly resolution: string | null;
  readonly lane: string | null;
  readonly kind: string | null;
  readonly dlq_id: number | null;
  readonly reopened_from: number | null;
  readonly retry_count: number | null;
  readonly revision: number | null;
  /** Of one that arrived; null: the destination said nothing of its record. */
  readonly receipt: ToldReceipt | null;
  /** payload_digest follows from payload and salt. */
  readonly payload_proven: boolean;
  /** digest follows from the envelope and payload_digest. */
  readonly event_proven: boolean;
}

/** What a destination said of its record. */
export interface ToldReceipt {
  readonly remote_id: string | null;
  readonly remote_url: string | null;
  readonly proven: boolean;
  readonly maybe_twice: boolean;
  readonly duplicate: string | null;
  readonly warning: string | null;
}

export interface ReceiptRow extends ToldReceipt {
  readonly run_id: string;
  readonly destination: string;
}

/** An event of the installation. */
export type LooseEventRow = Pick<EventRow, "event_id" | "payload_proven" | "event_proven">;

export interface DeliveryRow {
  readonly run_id: string;
  readonly destination: string;
  readonly attempt: number;
  readonly leased: boolean;
  /** It waits for the lead's data, and nobody knows that they are to be fetched. */
  readonly forgotten: boolean;
}

export interface EntryRow {
  readonly run_id: string;
  readonly dlq_id: number;
  readonly kind: DlqKind;
  readonly status: DlqStatus;
  readonly destination: string | null;
  readonly error_code: string | null;
  readonly reason: string;
  readonly resolution: string | null;
  readonly retry_count: number;
  readonly reopened_from: number | null;
  readonly test: boolean;
  readonly has_node: boolean;
  readonly has_lease_end: boolean;
}

/** Rows in their order. */
export interface RowStream<Row> {
  /** The next one, without taking it; null: there is none. */
  head(): Promise<Row | null>;
  /** Takes rows as long as `take` says that it took them. */
  each(take: (row: Row) => boolean): Promise<void>;
}

export interface StoryRows {
  /** As the database estimates it; null: it does not know. */
  readonly runsAbout: number | null;
  /** These five by run id. */
  readonly runs: RowStream<RunRow>;
  /** Within a run by time. */
  readonly events: RowStream<EventRow>;
  readonly deliveries: RowStream<DeliveryRow>;
  readonly entries: RowStream<EntryRow>;
  readonly receipts: RowStream<ReceiptRow>;
  /** Of no run. */
  readonly looseEvents: RowStream<LooseEventRow>;
  readonly looseEntries: RowStream<EntryRow>;
  /** Asks in the same snapshot. */
  readonly snapshot: Queryable;
}

const pageRows = 2_000;
/** A process that froze must not hold its snapshot for longer. */
const pauseMaxMs = 60_000;
const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL statement_timeout = ${longAnswerTimeoutMs};
  SET LOCAL idle_in_transaction_session_timeout = ${pauseMaxMs};
  -- In the order of an index: sorting them would write all of them to disk.
  SET LOCAL enable_sort = off`;

/** Gives `work` everything as it is at this moment; the rows end with it. Throws what `work` or the database throws. */
export async function readStories<T>(database: Database, work: (rows: StoryRows) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  const snapshot = oneAfterTheOther(queryableOf(client));
  let broken = true;
  // A connection that is cut says so here as well; the next statement fails.
  const onError = (): void => undefined;
  client.on("error", onError);
  try {
    await client.query(begin);
    const stream = <Row extends object>(name: string, sql: string): Promise<RowStream<Row>> =>
      openStream(snapshot, name, sql);
    const { rows: about } = await snapshot.query<{ runs: number }>(
      "SELECT reltuples::bigint AS runs FROM pg_catalog.pg_class WHERE oid = 'public.runs'::regclass",
    );
    const runsAbout = (about[0]?.runs ?? -1) > 0 ? (about[0]?.runs ?? null) : null;
    const result = await work({
      runsAbout,
      runs: await stream<RunRow>("runs", runsSql),
      events: await stream<EventRow>("events", eventsSql),
      deliveries: await stream<DeliveryRow>("deliveries", deliveriesSql),
      entries: await stream<EntryRow>("entries", entriesSql("run_id IS NOT NULL ORDER BY run_id, dlq_id")),
      receipts: await stream<ReceiptRow>("receipts", receiptsSql),
      looseEvents: await stream<LooseEventRow>("loose_events", looseEventsSql),
      looseEntries: await stream<EntryRow>("loose_entries", entriesSql("run_id IS NULL")),
      snapshot,
    });
    broken = false;
    return result;
  } finally {
    // Nothing was written; a connection with a transaction of nobody's is nobody's.
    const ended = !broken && (await client.query("COMMIT").then(Boolean, () => false));
    client.off("error", onError);
    client.release(!ended);
  }
}

/** A connection answers one question at a time. */
function oneAfterTheOther(client: Queryable): Queryable {
  let last: Promise<unknown> = Promise.resolve();
  const query = (...asked: Parameters<Queryable["query"]>): Promise<unknown> => {
    const answer = last.then(() => client.query(...asked));
    last = answer.catch(() => undefined);
    return answer;
  };
  return { query: query as Queryable["query"] };
}

/** The next page is on its way while this one is looked at. */
async function openStream<Row extends object>(
  snapshot: Queryable,
  name: string,
  sql: string,
): Promise<RowStream<Row>> {
  await snapshot.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`);
  let page: readonly Row[] = [];
  let place = 0;
  let following = readOn();

  function readOn(): Promise<readonly Row[]> {
    const query: TimedQuery = { text: `FETCH ${pageRows} FROM ${name}`, query_timeout: longAnswerTimeoutMs };
    const asked = snapshot.query<Row>(query).then(({ rows }) => rows);
    // Whoever takes the page hears of it; nobody may.
    asked.catch(() => undefined);
    return asked;
  }

  async function turn(): Promise<void> {
    page = await following;
    place = 0;
    if (page.length > 0) following = readOn();
  }

  return {
    async head() {
      if (place >= page.length) await turn();
      return page[place] ?? null;
    },
    async each(take) {
      for (;;) {
        if (place >= page.length) await turn();
        if (page.length === 0) return;
        for (; place < page.length; place += 1) {
          const row = page[place];
          if (row === undefined || !take(row)) return;
        }
      }
    },
  };
}

const runsSql = `
  SELECT run_id, ${microsecondsSql("received_at")} AS received_us, status, outcome, refused, test, error_code, error_message
  FROM public.runs ORDER BY run_id`;

const deliveriesSql = `
  SELECT run_id, destination, attempt, leased_by IS NOT NULL AS leased,
    coalesce(held_reason = 'incomplete', false)
      AND NOT EXISTS (SELECT FROM internal.incomplete_leads i WHERE i.run_id = d.run_id) AS forgotten
  FROM internal.deliveries d ORDER BY run_id`;

const receiptsSql = `
  SELECT run_id, destination, remote_id, remote_url, proven, maybe_twice, duplicate, warning
  FROM internal.receipts ORDER BY run_id`;

/** Asks none of the ledger's functions, as the proofs below. */
const toldReceiptSql = `
  CASE WHEN e.event_type = 'lead_delivered'
      AND e.payload ?| ARRAY['remote_id', 'remote_url', 'proven', 'maybe_twice', 'duplicate', 'warning']
    THEN jsonb_build_object('remote_id', e.payload ->> 'remote_id', 'remote_url', e.payload ->> 'remote_url',
      'proven', e.payload ->> 'proven' IS DISTINCT FROM 'false', 'maybe_twice', e.payload ->> 'maybe_twice' IS NOT DISTINCT FROM 'true',
      'duplicate', e.payload ->> 'duplicate', 'warning', e.payload ->> 'warning') END AS receipt`;

function entriesSql(which: string): string {
  return `SELECT run_id, dlq_id, kind, status, destination, error_code, reason, resolution, retry_count, reopened_from, test,
      leased_by IS NOT NULL AS has_node, lease_until IS NOT NULL AS has_lease_end
    FROM public.dlq WHERE ${which}`;
}

// Asks none of the ledger's functions, so that a mistake in one is not made twice; audit_envelope() documents the bytes.
// Of an event that was erased, what is left must still be provable.
const proofsSql = `
  coalesce(CASE WHEN e.payload IS NULL AND e.salt IS NULL THEN true
    ELSE octet_length(e.salt) = 16 AND sha256(e.salt || convert_to(e.payload::text, 'UTF8')) = e.payload_digest END, false)
    AS payload_proven,
  sha256(int8send(e.event_id) || coalesce(uuid_send(e.run_id), decode(repeat('00', 16), 'hex')) || timestamptz_send(e.event_time)
    || int4send(octet_length(e.event_type)) || convert_to(e.event_type, 'UTF8')
    || int4send(octet_length(e.actor)) || convert_to(e.actor, 'UTF8') || e.payload_digest) = e.digest AS event_proven`;

const looseEventsSql = `SELECT e.event_id, ${proofsSql} FROM public.audit_events e WHERE e.run_id IS NULL`;

// What holds a body is large, and tells a story by its type alone.
const eventsSql = `
  SELECT e.event_id, e.run_id, ${microsecondsSql("e.event_time")} AS at_us, e.event_type, e.actor,
    e.payload IS NULL AS erased, t.told ->> 'status' AS status, t.told ->> 'outcome' AS outcome,
    t.told ->> 'destination' AS destination, t.told ->> 'error_code' AS error_code, t.told ->> 'resolution' AS resolution,
    t.told ->> 'lane' AS lane, t.told ->> 'kind' AS kind, (t.told ->> 'dlq_id')::bigint AS dlq_id,
    (t.told ->> 'reopened_from')::bigint AS reopened_from, (t.told ->> 'retry_count')::integer AS retry_count,
    (t.told ->> 'revision')::integer AS revision, ${toldReceiptSql}, ${proofsSql}
  FROM public.audit_events e CROSS JOIN LATERAL (
    SELECT CASE WHEN e.event_type IN ('lead_delivered', 'delivery_failed', 'delivery_skipped', 'replay_requested', 'run_inserted')
      OR e.event_type LIKE 'dlq\\_%' OR e.event_type IN ('lead_processed', 'lead_failed') THEN e.payload END AS told) AS t
  WHERE e.run_id IS NOT NULL ORDER BY e.run_id, e.event_time`;

function microsecondsSql(time: string): string {
  return `(extract(epoch FROM ${time}) * 1000000)::bigint`;
}
