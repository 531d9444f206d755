// How a lead's newest revision gets to its destinations. A run and destination have one delivery or entry at work: what
// nobody attempts at this moment brings the newest revision from now on, what is under way ends with the body that it has,
// and the revision waits for that.
import { withdrawnResolution } from "../../domain/destinations/held.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";
import { isOfOtherClientSql } from "./other-client-sql.ts";
import { currentBodySql, newestRevisionSql } from "./current-body-sql.ts";

export interface Place {
  readonly runId: string;
  readonly destination: string;
}

/**
 * Brings the newest revision of each run to the places named, and to wherever else an earlier body or an earlier revision
 * waits. The caller's transaction holds the locks of the runs. Returns how many deliveries are new or changed.
 */
export async function deliverRevisions(
  client: Queryable,
  places: readonly Place[],
  runIds: readonly string[],
): Promise<number> {
  const replaced = await replaceDeliveries(client, runIds);
  await replaceInEntries(client, runIds);
  const waiting = await takeWaiting(client, runIds);
  await client.query(
    `INSERT INTO internal.waiting_revisions (run_id, destination)
     SELECT run_id, destination FROM (
       SELECT d.run_id, d.destination FROM internal.deliveries d
       WHERE d.run_id = ANY ($1::uuid[]) AND d.revision IS DISTINCT FROM ${newestRevisionSql("d.run_id")}
       UNION
       SELECT q.run_id, q.destination FROM public.dlq q
       WHERE q.run_id = ANY ($1::uuid[]) AND q.status = 'retrying' AND q.destination IS NOT NULL
         AND (q.payload ->> 'revision')::integer IS DISTINCT FROM ${newestRevisionSql("q.run_id")}) AS under_way
     WHERE ${isSentToSql("destination")}`,
    [runIds],
  );
  const all = [...places, ...waiting];
  const { rowCount } = await client.query(
    `INSERT INTO internal.deliveries (run_id, destination, revision, replay)
     SELECT DISTINCT t.run_id, t.destination, ${newestRevisionSql("t.run_id")}, true
     FROM unnest($1::uuid[], $2::text[]) AS t (run_id, destination)
     WHERE ${isSentToSql("t.destination")}
       AND NOT ${isOfOtherClientSql("t.run_id", "t.destination")}
       AND NOT EXISTS (SELECT FROM internal.deliveries d WHERE d.run_id = t.run_id AND d.destination = t.destination)
       AND NOT EXISTS (SELECT FROM public.dlq q WHERE q.run_id = t.run_id AND q.destination = t.destination
         AND (q.status IN ('open', 'retrying') OR ${isGivenUpSql}))`,
    [all.map(({ runId }) => runId), all.map(({ destination }) => destination)],
  );
  return replaced + (rowCount ?? 0);
}

/** Where an earlier revision waited: the newest stands for it, or it would go out once more after that. */
async function takeWaiting(client: Queryable, runIds: readonly string[]): Promise<Place[]> {
  const { rows } = await client.query<Place>(
    `DELETE FROM internal.waiting_revisions WHERE run_id = ANY ($1::uuid[]) RETURNING run_id AS "runId", destination`,
    [runIds],
  );
  return rows;
}

/**
 * A row of its own in place of each delivery that nobody attempts: who is about to lease the old one with the body that it
 * has finds it gone. (Changed where it is, it would be leased with the new number and the old body.) Where the revision
 * must still be fetched it is held for that, whatever held it before.
 */
async function replaceDeliveries(client: Queryable, runIds: readonly string[]): Promise<number> {
  const { rowCount } = await client.query(
    `WITH gone AS (
       DELETE FROM internal.deliveries d
       WHERE d.run_id = ANY ($1::uuid[]) AND d.leased_by IS NULL AND ${isSentToSql("d.destination")}
         AND d.revision IS DISTINCT FROM ${newestRevisionSql("d.run_id")}
       RETURNING *)
     INSERT INTO internal.deliveries
       (run_id, destination, attempt, due_at, created_at, held_reason, held_for, revision, replay)
     SELECT run_id, destination, attempt, CASE WHEN is_anew THEN clock_timestamp() ELSE due_at END, created_at,
       CASE WHEN NOT is_anew THEN held_reason END, CASE WHEN NOT is_anew THEN held_for END,
       ${newestRevisionSql("gone.run_id")}, replay
     FROM gone CROSS JOIN LATERAL (
       SELECT gone.held_reason IS DISTINCT FROM 'incomplete' AND ${isIncompleteSql("gone.run_id")} AS is_anew) AS held`,
    [runIds],
  );
  return rowCount ?? 0;
}

/**
 * An entry that was given up keeps the newest, too, for whoever tries it again after all. What must still be fetched comes
 * into entries when it is there.
 */
export async function replaceInEntries(client: Queryable, runIds: readonly string[]): Promise<void> {
  await client.query(
    `UPDATE public.dlq q SET payload = coalesce(q.payload, '{}') || jsonb_build_object(
       'revision', ${newestRevisionSql("q.run_id")}, 'body', ${currentBodySql("q.run_id")})
     WHERE q.run_id = ANY ($1::uuid[]) AND q.destination IS NOT NULL AND (q.status = 'open' OR ${isGivenUpSql})
       AND (q.payload ->> 'revision')::integer IS DISTINCT FROM ${newestRevisionSql("q.run_id")}
       AND NOT ${isIncompleteSql("q.run_id")}`,
    [runIds],
  );
}

function isIncompleteSql(runId: string): string {
  return `EXISTS (SELECT FROM internal.incomplete_leads i WHERE i.run_id = ${runId})`;
}

/** A condition on `public.dlq q`: what a person has decided about the first delivery. What is withdrawn nobody is to get. */
const isGivenUpSql = `(q.kind = 'delivery'
  AND (q.status = 'dead' OR q.status = 'resolved' AND q.resolution = '${withdrawnResolution}')
  AND NOT EXISTS (SELECT FROM public.dlq n WHERE n.reopened_from = q.dlq_id))`;

/**
 * Workers of one's own read the newest body themselves. What is for a destination that was removed meanwhile becomes an
 * entry as a lead for it does (`moveRemovedToDlq`).
 */
function isSentToSql(name: string): string {
  return `NOT EXISTS (SELECT FROM internal.destinations x WHERE x.name = ${name} AND NOT x.sends)`;
}

const batchRunsMax = 200;

/** As a leader's task: what waited for an attempt to end. Returns how many deliveries are new or changed. */
export async function deliverWaitingRevisions(database: Database, guard: LeaderGuard): Promise<number> {
  const { rows } = await database.query<{ waits: boolean }>({
    name: "waiting-revisions",
    text: "SELECT EXISTS (SELECT FROM internal.waiting_revisions) AS waits",
  });
  if (rows[0]?.waits !== true) return 0;
  return transaction(database, "system", async (client) => {
    await guard(client);
    const { rows: locked } = await client.query<{ run_id: string }>(
      `SELECT r.run_id FROM public.runs r WHERE r.run_id IN (
         SELECT w.run_id FROM internal.waiting_revisions w WHERE NOT ${isUnderWaySql} ORDER BY w.run_id LIMIT ${batchRunsMax})
       ORDER BY r.run_id FOR NO KEY UPDATE SKIP LOCKED`,
    );
    const runIds = locked.map(({ run_id }) => run_id);
    return deliverRevisions(client, [], runIds);
  });
}

/** A condition on `internal.waiting_revisions w`. */
const isUnderWaySql = `(EXISTS (SELECT FROM internal.deliveries d
    WHERE d.run_id = w.run_id AND d.destination = w.destination AND d.leased_by IS NOT NULL)
  OR EXISTS (SELECT FROM public.dlq q
    WHERE q.run_id = w.run_id AND q.destination = w.destination AND q.status = 'retrying'))`;
