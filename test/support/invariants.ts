// What must hold in every ledger while nobody writes. Each function returns the violations that it finds, in words; an
// empty list is what a test wants. They count and replay by themselves instead of asking the ledger's own functions.
import { createHash } from "node:crypto";
import type { Database, Queryable } from "../../src/ledger/connection/database.ts";
import { rebuildKpis, rollUpKpis } from "../../src/ledger/figures/kpi-daily.ts";
import { brokenSourceFigures } from "./source-figures.ts";

const shownPerRuleMax = 10;
const eventsPerPage = 20_000;

/** All of them. Rolls up and rebuilds the KPIs on the way. */
export async function brokenInvariants(database: Database): Promise<string[]> {
  return [
    ...(await brokenStates(database)),
    ...(await brokenLeases(database)),
    ...(await brokenStories(database)),
    ...(await brokenDigests(database)),
    ...(await brokenBooks(database)),
  ];
}

// An entry that was tried again counts no more: the one reopened from it counts in its place.
const counts = "NOT EXISTS (SELECT FROM dlq n WHERE n.reopened_from = q.dlq_id)";
const holds = `(q.kind = 'delivery' OR q.kind = 'refused' AND r.refused) AND q.status <> 'resolved' AND ${counts}`;
const byHand =
  "EXISTS (SELECT FROM audit_events e WHERE e.run_id = r.run_id AND e.event_type = 'run_inserted')";

const stateRules: Readonly<Record<string, string>> = {
  "more than one entry at work for a run and destination": `
    SELECT run_id FROM dlq WHERE status IN ('open', 'retrying') AND destination IS NOT NULL AND run_id IS NOT NULL
    GROUP BY run_id, destination HAVING count(*) > 1`,
  "accepted, although nothing is under way": `
    SELECT r.run_id FROM runs r WHERE r.status = 'accepted' AND NOT ${byHand}
      AND NOT EXISTS (SELECT FROM deliveries d WHERE d.run_id = r.run_id)`,
  "an entry keeps it failed, but it is accepted": `
    SELECT DISTINCT r.run_id FROM runs r JOIN dlq q USING (run_id) WHERE r.status = 'accepted' AND ${holds}`,
  "processed, but a delivery is left that nobody has wanted afterwards": `
    SELECT r.run_id FROM runs r JOIN deliveries d USING (run_id) WHERE r.status = 'processed'
      AND NOT EXISTS (SELECT FROM audit_events e WHERE e.run_id = r.run_id AND e.event_type = 'replay_requested'
        AND e.payload ->> 'destination' = d.destination)`,
  "processed, but an entry of its deliveries is not resolved": `
    SELECT r.run_id FROM runs r JOIN dlq q USING (run_id) WHERE r.status = 'processed' AND q.kind = 'delivery'
      AND (q.status IN ('open', 'retrying') OR q.status = 'dead' AND NOT EXISTS (
        SELECT FROM dlq n WHERE n.reopened_from = q.dlq_id))`,
  "processed without an outcome": "SELECT run_id FROM runs WHERE status = 'processed' AND outcome IS NULL",
  "delivered, although a person resolved a part of it": `
    SELECT r.run_id FROM runs r JOIN dlq q USING (run_id) WHERE r.outcome = 'delivered' AND q.kind = 'delivery'
      AND q.status = 'resolved' AND q.resolution <> 'delivered' AND ${counts}`,
  "failed for no reason": `
    SELECT r.run_id FROM runs r WHERE r.status = 'failed' AND NOT r.refused AND NOT ${byHand}
      AND NOT EXISTS (SELECT FROM deliveries d WHERE d.run_id = r.run_id)
      AND NOT EXISTS (SELECT FROM dlq q WHERE q.run_id = r.run_id AND ${holds})`,
  "failed for another reason than it says": `
    SELECT r.run_id FROM runs r JOIN LATERAL (
      SELECT q.error_code, q.reason FROM dlq q WHERE q.run_id = r.run_id AND ${holds} ORDER BY q.dlq_id LIMIT 1) AS q ON true
    WHERE r.status = 'failed' AND NOT r.refused AND (r.error_code, r.error_message) IS DISTINCT FROM (q.error_code, q.reason)`,
  "refused, but not failed or not kept": `
    SELECT r.run_id FROM runs r WHERE r.refused AND NOT ${byHand} AND (r.status <> 'failed'
      OR NOT EXISTS (SELECT FROM dlq q WHERE q.run_id = r.run_id AND q.kind = 'refused'))`,
  "a delivery lives in two places": `
    SELECT d.run_id FROM deliveries d JOIN dlq q USING (run_id, destination)
    WHERE q.kind IN ('delivery', 'replay') AND q.status IN ('open', 'retrying')`,
  "reopened although it is not closed": `
    SELECT q.run_id FROM dlq n JOIN dlq q ON q.dlq_id = n.reopened_from WHERE q.status IN ('open', 'retrying')`,
  "entry and run do not agree whether this is a test": `
    SELECT r.run_id FROM runs r JOIN dlq q USING (run_id) WHERE q.test <> r.test`,
};

/** States of runs, deliveries and entries that contradict each other. */
export function brokenStates(database: Queryable): Promise<string[]> {
  return brokenRules(database, stateRules);
}

const leaseRules: Readonly<Record<string, string>> = {
  "a delivery is leased, but no attempt was begun":
    "SELECT run_id FROM deliveries WHERE leased_by IS NOT NULL AND attempt = 0",
  "an entry has half a lease":
    "SELECT run_id FROM dlq WHERE (leased_by IS NULL) <> (lease_until IS NULL) AND status = 'retrying'",
  "an entry is leased, but nobody attempts it":
    "SELECT run_id FROM dlq WHERE status <> 'retrying' AND (leased_by IS NOT NULL OR lease_until IS NOT NULL)",
  "an entry is attempted by a node that never began to":
    "SELECT run_id FROM dlq WHERE status = 'retrying' AND retry_count = 0 AND leased_by IS NOT NULL",
};

export function brokenLeases(database: Queryable): Promise<string[]> {
  return brokenRules(database, leaseRules);
}

async function brokenRules(database: Queryable, rules: Readonly<Record<string, string>>): Promise<string[]> {
  const violations: string[] = [];
  for (const [rule, sql] of Object.entries(rules)) {
    const { rows } = await database.query<{ run_id: string }>(`${sql} LIMIT ${shownPerRuleMax}`);
    violations.push(...rows.map((row) => `${row.run_id}: ${rule}`));
  }
  return violations;
}

interface StoryEvent {
  readonly run_id: string;
  readonly micros: number;
  readonly event_type: string;
  readonly status: string | null;
  readonly outcome: string | null;
  readonly destination: string | null;
  readonly error_code: string | null;
  readonly lane: string | null;
  readonly dlq_id: number | null;
  readonly retry_count: number | null;
}

interface StoryEnd {
  readonly run_id: string;
  readonly received_micros: number;
  readonly status: string;
  readonly outcome: string | null;
  readonly entries: readonly {
    readonly dlq_id: number;
    readonly status: string;
    readonly retry_count: number;
  }[];
}

/** Runs whose events do not tell how they came to be as they are. */
export async function brokenStories(database: Queryable): Promise<string[]> {
  const { rows: ends } = await database.query<StoryEnd>(
    `SELECT run_id, (extract(epoch FROM received_at) * 1000000)::bigint AS received_micros, status, outcome,
       coalesce((SELECT jsonb_agg(jsonb_build_object('dlq_id', dlq_id, 'status', q.status, 'retry_count', retry_count))
         FROM dlq q WHERE q.run_id = r.run_id), '[]') AS entries
     FROM runs r`,
  );
  const { rows: events } = await database.query<StoryEvent>(
    `SELECT run_id, (extract(epoch FROM event_time) * 1000000)::bigint AS micros, event_type,
       payload ->> 'status' AS status, payload ->> 'outcome' AS outcome, payload ->> 'destination' AS destination, payload ->> 'error_code' AS error_code,
       payload ->> 'lane' AS lane, (payload ->> 'dlq_id')::bigint AS dlq_id, (payload ->> 'retry_count')::int AS retry_count
     FROM audit_events WHERE run_id IS NOT NULL ORDER BY audit_events.event_time`,
  );
  const stories = new Map<string, StoryEvent[]>();
  for (const event of events) {
    const story = stories.get(event.run_id);
    if (story === undefined) stories.set(event.run_id, [event]);
    else story.push(event);
  }
  return ends.flatMap((end) => {
    const wrong = replay(stories.get(end.run_id) ?? [], end);
    return wrong === null ? [] : [`${end.run_id}: ${wrong}`];
  });
}

/** One statement writes a run and its first event, in either order. */
const statementMicrosMax = 1_000_000;
/** Nobody but the sweep of removed destinations makes entries with it. */
const removedCode = "destination_removed";
const firstEvents = new Set(["lead_received", "lead_rejected", "run_inserted"]);
const entryChanges: Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>> = {
  dlq_retrying: { from: ["open"], to: "retrying" },
  dlq_rescheduled: { from: ["retrying"], to: "open" },
  dlq_resolved: { from: ["open", "retrying"], to: "resolved" },
  dlq_dead: { from: ["open", "retrying"], to: "dead" },
};
const runChanges: Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>> = {
  lead_failed: { from: ["accepted"], to: "failed" },
  lead_corrected: { from: ["failed"], to: "accepted" },
  lead_processed: { from: ["accepted", "failed"], to: "processed" },
};

/** Lets the events happen again, by the contract's rules; returns where the story stops to make sense. */
function replay(story: readonly StoryEvent[], end: StoryEnd): string | null {
  const [first] = story;
  if (first === undefined || !firstEvents.has(first.event_type)) {
    return `its story begins with ${first?.event_type ?? "nothing"}`;
  }
  const inserted = first.event_type === "run_inserted";
  if (!inserted && first.micros < end.received_micros - statementMicrosMax)
    return "its story begins before it was received";
  let status = (inserted ? first.status : null) ?? "accepted";
  let outcome: string | null = null;
  let lastMicros = first.micros;
  const entries = new Map<number, { status: string; retryCount: number }>();
  const arrived = new Set<string>();

  for (const event of story.slice(1)) {
    const { event_type: type } = event;
    if (event.micros <= lastMicros) return `${type} at the time of the event before`;
    lastMicros = event.micros;
    if (firstEvents.has(type)) return `a second beginning: ${type}`;

    const change = runChanges[type];
    if (change !== undefined) {
      if (!change.from.includes(status)) return `${type}, but it was ${status}`;
      status = change.to;
      outcome = type === "lead_processed" ? event.outcome : null;
    }
    if (event.error_code === removedCode && type === "dlq_created" && arrived.has(event.destination ?? "")) {
      return `a case of ${event.destination} being gone, where it had arrived`;
    }
    if (type === "dlq_created" && event.dlq_id !== null) {
      entries.set(event.dlq_id, { status: event.status ?? "open", retryCount: 0 });
    }
    const entry = entries.get(event.dlq_id ?? 0);
    const entryChange = entryChanges[type];
    if (entryChange !== undefined) {
      if (entry === undefined || !entryChange.from.includes(entry.status)) {
        return `${type} of entry ${event.dlq_id}, but that was ${entry?.status ?? "not there"}`;
      }
      entry.status = entryChange.to;
      if (type === "dlq_retrying" && event.retry_count !== (entry.retryCount += 1)) {
        return `entry ${event.dlq_id} counts ${event.retry_count} attempts instead of ${entry.retryCount}`;
      }
    }
    if (type === "replay_requested") arrived.delete(event.destination ?? "");
    if (type !== "lead_delivered" && type !== "delivery_failed") continue;
    if (event.lane === "dlq" && entry?.status !== "retrying") {
      return `${type} from entry ${event.dlq_id}, but that was ${entry?.status ?? "not there"}`;
    }
    if (event.lane === "fast" && arrived.has(event.destination ?? "")) {
      return `${type} for ${event.destination}, where it had arrived`;
    }
    if (event.lane === "fast" && type === "lead_delivered") arrived.add(event.destination ?? "");
  }

  if (status !== end.status) return `its story ends ${status}, but it is ${end.status}`;
  // What a run was inserted with by hand is not told in full.
  if (outcome !== end.outcome && story.some((event) => event.event_type === "lead_processed")) {
    return `its story ends ${outcome}, but it is ${end.outcome}`;
  }
  return entriesThatDiffer(entries, end);
}

function entriesThatDiffer(
  told: ReadonlyMap<number, { readonly status: string; readonly retryCount: number }>,
  { entries }: StoryEnd,
): string | null {
  if (told.size !== entries.length) return `it has ${entries.length} entries, but ${told.size} are told of`;
  for (const { dlq_id: id, status, retry_count: retryCount } of entries) {
    const story = told.get(id);
    if (story?.status !== status || story.retryCount !== retryCount) {
      return `entry ${id} is ${status} after ${retryCount} attempts, told is ${story?.status} after ${story?.retryCount}`;
    }
  }
  return null;
}

interface ProvedEvent {
  readonly event_id: string;
  readonly run_id: string | null;
  /** Microseconds since 2000-01-01T00:00:00Z. */
  readonly micros: string;
  readonly event_type: string;
  readonly actor: string;
  readonly payload_text: string | null;
  readonly salt: Buffer | null;
  readonly payload_digest: Buffer;
  readonly digest: Buffer;
}

/** Events whose digests do not follow from what is stored, as audit_envelope() in the migrations documents. */
export async function brokenDigests(database: Queryable): Promise<string[]> {
  const violations: string[] = [];
  for (let after = "0"; ;) {
    const { rows } = await database.query<ProvedEvent>(
      `SELECT event_id::text, run_id, (extract(epoch FROM event_time - timestamptz '2000-01-01T00:00:00Z') * 1000000)::bigint::text AS micros,
         event_type, actor, payload::text AS payload_text, salt, payload_digest, digest
       FROM audit_events WHERE event_id > $1 ORDER BY audit_events.event_id LIMIT ${eventsPerPage}`,
      [after],
    );
    for (const event of rows) if (!isProved(event)) violations.push(`event ${event.event_id}: wrong digest`);
    const last = rows.at(-1);
    if (last === undefined) return violations;
    after = last.event_id;
  }
}

function isProved(event: ProvedEvent): boolean {
  const { salt, payload_text: text } = event;
  // Erased: what is left must still be provable.
  const payloadHolds =
    salt === null && text === null
      ? true
      : salt?.length === 16 && sha256(salt, Buffer.from(text ?? "", "utf8")).equals(event.payload_digest);
  return payloadHolds && sha256(envelope(event), event.payload_digest).equals(event.digest);
}

function envelope({ event_id: id, run_id: runId, micros, event_type: type, actor }: ProvedEvent): Buffer {
  return Buffer.concat([
    int8(BigInt(id)),
    Buffer.from((runId ?? "0".repeat(32)).replaceAll("-", ""), "hex"),
    int8(BigInt(micros)),
    sized(type),
    sized(actor),
  ]);
}

function int8(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function sized(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text, "utf8")]);
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

// Every day up to the newest that is noted, so that a midnight between two statements is no violation.
const recountSql = `
  WITH zone AS (SELECT coalesce((SELECT value #>> '{}' FROM settings WHERE name = 'timezone'), 'Europe/Berlin') AS name),
  leads AS (
    SELECT (received_at AT TIME ZONE zone.name)::date AS day, status,
      extract(epoch FROM processed_at - received_at) * 1000 AS took_ms
    FROM runs, zone WHERE NOT test),
  stock AS (
    SELECT (created_at AT TIME ZONE zone.name)::date AS opened, (closed_at AT TIME ZONE zone.name)::date AS closed
    FROM dlq, zone WHERE NOT test),
  days AS (
    SELECT day::date FROM generate_series(
      least((SELECT min(day) FROM leads), (SELECT min(day) FROM kpi_daily WHERE closed_at IS NOT NULL))::timestamp,
      (SELECT max(day) FROM kpi_daily WHERE NOT by_hand)::timestamp, interval '1 day') AS day),
  counted AS (
    SELECT days.day, count(leads.day) AS received, count(*) FILTER (WHERE status = 'processed') AS processed,
      count(*) FILTER (WHERE status = 'failed') AS failed, count(*) FILTER (WHERE status = 'accepted') AS accepted,
      round(sum(took_ms) / nullif(count(*) FILTER (WHERE status = 'processed'), 0)) AS average_ms,
      (SELECT count(*) FROM stock WHERE opened <= days.day AND (closed IS NULL OR closed > days.day)) AS open
    FROM days LEFT JOIN leads USING (day) GROUP BY days.day),
  -- nothing is left to count a closed day by
  noted AS (SELECT * FROM kpi_daily WHERE NOT by_hand AND closed_at IS NULL)
  SELECT coalesce(counted.day, noted.day)::text AS day, received, processed, failed, accepted, average_ms::text, open,
    received_count, processed_count, failed_count, avg_processing_ms::text, dlq_open_count
  FROM counted FULL JOIN noted ON noted.day = counted.day
  WHERE NOT EXISTS (SELECT FROM kpi_daily k WHERE (k.by_hand OR k.closed_at IS NOT NULL) AND k.day = counted.day)`;

interface RecountedDay {
  readonly day: string;
  readonly received: number | null;
  readonly processed: number | null;
  readonly failed: number | null;
  readonly accepted: number | null;
  readonly average_ms: string | null;
  readonly open: number | null;
  readonly received_count: number | null;
  readonly processed_count: number | null;
  readonly failed_count: number | null;
  readonly avg_processing_ms: string | null;
  readonly dlq_open_count: number | null;
}

/** Daily figures that are not what runs and dlq say, by a count of this function's own and by the ledger's rebuild. */
export async function brokenBooks(database: Database): Promise<string[]> {
  await rollUpKpis(database);
  const { rows } = await database.query<RecountedDay>(recountSql);
  const violations = rows.flatMap((row) => {
    const noted = [
      ...[row.received_count, row.processed_count, row.failed_count],
      ...[row.dlq_open_count, row.avg_processing_ms],
    ];
    const counted = [row.received, row.processed, row.failed, row.open, row.average_ms];
    const balance =
      (row.processed_count ?? 0) + (row.failed_count ?? 0) + (row.accepted ?? 0) - (row.received_count ?? 0);
    return [
      ...(noted.join() === counted.join()
        ? []
        : [`${row.day}: noted ${noted.join()}, counted ${counted.join()}`]),
      ...(balance === 0 ? [] : [`${row.day}: the books are off by ${balance}`]),
    ];
  });
  const { rows: waiting } = await database.query<{ count: number }>("SELECT count(*) FROM kpi_deltas");
  if (waiting[0]?.count !== 0) violations.push("differences are left after a roll-up");
  violations.push(...(await brokenSourceFigures(database)));
  const wrongDays = await rebuildKpis(database, "cli:test");
  return [...violations, ...wrongDays.map((day) => `${day}: a rebuild changed the figures`)];
}
