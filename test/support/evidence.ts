// Compares what senders were told with what the tables hold. Its SQL is its own, so that a mistake of the program's is
// not made twice.
import type pg from "pg";
import type { DeliveryLog } from "./evidence-deliveries.ts";
import type { Told } from "./load.ts";

const chunkRows = 20_000;
const toldMax = 20;
/** Between the clocks of the sender and of the database, both of this machine. */
const clockToleranceMs = 1_500;

/** Holds what was told against the ledger as it stands now, for the questions below. */
export async function bringEvidence(client: pg.Client, told: readonly Told[]): Promise<void> {
  await client.query(`
    SET work_mem = '64MB';
    DROP TABLE IF EXISTS pg_temp.told, pg_temp.standing, pg_temp.kept, pg_temp.lost;
    CREATE TEMP TABLE told (place serial, source text, key text, marker text, status int, run_id uuid, dlq_id bigint,
      sent_at timestamptz, answered_at timestamptz)`);
  for (let from = 0; from < told.length; from += chunkRows) {
    const chunk = told.slice(from, from + chunkRows);
    await client.query(
      `INSERT INTO told (source, key, marker, status, run_id, dlq_id, sent_at, answered_at)
       SELECT source, key, marker, status, run_id, dlq_id, to_timestamp(sent), to_timestamp(answered)
       FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::uuid[], $6::bigint[], $7::float8[], $8::float8[])
         AS t (source, key, marker, status, run_id, dlq_id, sent, answered)`,
      [
        chunk.map(({ source }) => source),
        chunk.map(({ key }) => key),
        chunk.map(({ marker }) => marker),
        chunk.map(({ status }) => status),
        chunk.map(({ runId }) => runId),
        chunk.map(({ dlqId }) => dlqId),
        chunk.map(({ sentAtMs }) => sentAtMs / 1_000),
        chunk.map(({ answeredAtMs }) => answeredAtMs / 1_000),
      ],
    );
  }
  // One step after the other, each with figures of its own: in one statement the planner guesses, and takes minutes.
  await client.query("ANALYZE told");
  await client.query(`CREATE TEMP TABLE standing AS ${standingSql}; ANALYZE standing`);
  await client.query(`CREATE TEMP TABLE kept AS ${keptSql}; ANALYZE kept`);
  await client.query(`CREATE TEMP TABLE lost AS ${lostSql}`);
}

/** How many answers speak of something that the ledger does not hold. */
export async function countLost(client: pg.Client): Promise<number> {
  return Number((await values(client, "SELECT count(*) FROM lost"))[0]);
}

/** The first of them, in words. */
export function describeLost(client: pg.Client): Promise<string[]> {
  return values(
    client,
    `SELECT format('%s of %s, key %s, lead %s, told run %s: %s', status, source, key, marker, run_id, problem)
     FROM lost ORDER BY place LIMIT ${toldMax}`,
  );
}

/** Leads that are in the ledger more than once, or once as a lead and once as a payload that was refused. */
export function findDoubled(client: pg.Client): Promise<string[]> {
  return values(
    client,
    `WITH kept AS (${leadsSql}),
     refused AS (${refusedSql})
     SELECT marker FROM kept GROUP BY marker HAVING count(DISTINCT run_id) > 1
     UNION SELECT marker FROM kept JOIN refused USING (marker)
     UNION SELECT marker FROM refused GROUP BY marker HAVING count(*) > 1`,
  );
}

/** Runs whose received_at is not between sending and answer. */
export function findWrongTimes(client: pg.Client): Promise<string[]> {
  const tolerance = `interval '${clockToleranceMs} milliseconds'`;
  // A run that was corrected was received when its first, refused body was.
  return values(
    client,
    `SELECT format('run %s of %s: received %s, sent %s, answered %s', r.run_id, r.source, r.received_at, t.sent_at, t.answered_at)
     FROM told t JOIN runs r USING (run_id)
     WHERE t.status = 202 AND r.received_at NOT BETWEEN t.sent_at - ${tolerance} AND t.answered_at + ${tolerance}
       AND NOT EXISTS (SELECT FROM audit_events e WHERE e.run_id = r.run_id AND e.event_type = 'lead_corrected')
     LIMIT ${toldMax}`,
  );
}

/** Work that is not done yet: leads under way, entries that heal, differences that are not counted. */
export async function countUnfinished(client: pg.Client): Promise<number> {
  const [count] = await values(
    client,
    `SELECT (SELECT count(*) FROM runs WHERE status = 'accepted') + (SELECT count(*) FROM internal.kpi_deltas)
       + (SELECT count(*) FROM dlq WHERE kind = 'delivery' AND status IN ('open', 'retrying'))`,
  );
  return Number(count);
}

/** Leads that the ledger does not call delivered, or that the destination has never seen. */
export async function findUndelivered(
  client: pg.Client,
  deliveries: DeliveryLog,
  destination: string,
): Promise<string[]> {
  const { rows } = await client.query<{ run_id: string; outcome: string | null }>(
    "SELECT run_id, outcome FROM runs WHERE NOT refused",
  );
  return rows
    .filter(
      ({ run_id, outcome }) =>
        outcome !== "delivered" || deliveries.countOf(`${run_id}:${destination}`) === 0,
    )
    .map(({ run_id, outcome }) => `${run_id}: ${outcome ?? "not processed"}`)
    .slice(0, toldMax);
}

const leadsSql = `
  SELECT e.run_id, e.payload -> 'body' ->> 'lead' AS marker FROM audit_events e
  WHERE e.event_type IN ('lead_received', 'lead_corrected')`;

// What could not be read is kept as bytes.
const refusedSql = `
  SELECT q.run_id, q.dlq_id, coalesce(q.payload -> 'body' ->> 'lead',
    substring(convert_from(decode(q.payload ->> 'body_base64', 'base64'), 'UTF8') FROM '"lead":"([^"]+)"')) AS marker
  FROM dlq q WHERE q.kind IN ('refused', 'conflict')`;

// The run that a told id stands for: itself, or the run that it turned out to repeat.
const standingSql = `
  SELECT t.place, r.run_id FROM told t JOIN runs r USING (run_id)
  UNION
  SELECT t.place, e.run_id FROM told t JOIN audit_events e ON e.payload ->> 'arrival_id' = t.run_id::text
  WHERE e.payload ? 'arrival_id' AND e.event_type IN ('duplicate_received', 'lead_corrected')
  UNION
  SELECT t.place, q.run_id FROM told t JOIN dlq q ON q.payload ->> 'arrival_id' = t.run_id::text
  WHERE q.payload ? 'arrival_id'`;

const keptSql = `
  SELECT run_id, marker, array_agg(dlq_id) AS dlq_ids FROM (
    SELECT run_id, NULL::bigint AS dlq_id, marker FROM (${leadsSql} AND e.run_id IN (SELECT s.run_id FROM standing s)) AS leads
    UNION ALL
    SELECT run_id, dlq_id, marker FROM (${refusedSql} AND q.run_id IN (SELECT s.run_id FROM standing s)) AS refused) AS either
  GROUP BY run_id, marker`;

const lostSql = `
  SELECT t.*, CASE
      WHEN s.runs IS NULL THEN 'no such run'
      WHEN s.runs > 1 THEN 'stands for several runs'
      WHEN r.source <> t.source OR r.idempotency_key <> t.key THEN 'its run is another sender''s'
      ELSE 'its run does not have this body' END AS problem
  FROM told t
  LEFT JOIN (SELECT place, count(*) AS runs, min(run_id::text)::uuid AS run_id FROM standing GROUP BY place) AS s USING (place)
  LEFT JOIN runs r ON r.run_id = s.run_id
  LEFT JOIN kept k ON k.run_id = s.run_id AND k.marker = t.marker
  WHERE NOT coalesce(s.runs = 1 AND r.source = t.source AND (t.key IS NULL OR r.idempotency_key = t.key)
    AND k.run_id IS NOT NULL AND (t.dlq_id IS NULL OR t.dlq_id = ANY (k.dlq_ids)), false)`;

async function values(client: pg.Client, text: string): Promise<string[]> {
  const { rows } = await client.query<Record<string, unknown>>(text);
  return rows.map((row) => String(Object.values(row)[0]));
}
