// Another body under a known key that is the lead's newest state: told as a revision, and delivered as far as what is
// under way leaves room. It never moves the run.
import { conflictResolutions } from "../../domain/attention/conflict.ts";
import type { FurtherHash } from "../../domain/leads/lead.ts";
import type { Routing } from "../../domain/leads/distribution.ts";
import type { Queryable } from "../connection/database.ts";
import { eventTypeSql } from "../log/event-sql.ts";
import { earlierPlaces, takeTurns } from "./distribute-leads.ts";
import type { DistributedTo } from "./distribute-leads.ts";
import { deliverRevisions } from "./revision-deliveries.ts";
import { replaceFurtherHashes } from "./further-hashes.ts";
import { newestRevisionSql } from "./current-body-sql.ts";

/** Its routing is that of its source. */
export interface Revision extends Routing {
  readonly runId: string;
  readonly source: string;
  readonly test: boolean;
  /** JSON text: the payload of lead_revised without its number, `body` in it. */
  readonly payload: string;
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly furtherHashes?: readonly FurtherHash[];
  /** The run id that the sender's payload came with; null: a person wanted it. */
  readonly arrivalId: string | null;
  /** The entry that keeps this very body; null: none does. */
  readonly dlqId: number | null;
}

/**
 * At most one of each run. The caller's transaction holds the locks of the runs, none of which is `refused`. Returns the
 * number of each run's revision.
 */
export async function reviseRuns(
  client: Queryable,
  revisions: readonly Revision[],
): Promise<ReadonlyMap<string, number>> {
  if (revisions.length === 0) return new Map();
  const runIds = revisions.map(({ runId }) => runId);
  const { rows } = await client.query<{ run_id: string; revision: number }>(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT run_id, ${eventTypeSql("lead_revised")}, payload::jsonb || jsonb_build_object('revision', revision)
       || jsonb_strip_nulls(jsonb_build_object('arrival_id', arrival_id, 'dlq_id', dlq_id))
     FROM (SELECT t.*, coalesce(${newestRevisionSql("t.run_id")}, 0) + 1 AS revision
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) AS t (run_id, payload, arrival_id, dlq_id)) AS numbered
     ORDER BY run_id
     RETURNING run_id, (payload ->> 'revision')::integer AS revision`,
    [
      runIds,
      revisions.map(({ payload }) => payload),
      revisions.map(({ arrivalId }) => arrivalId),
      revisions.map(({ dlqId }) => dlqId),
    ],
  );
  await client.query(
    `UPDATE public.runs r SET email_hash = t.email_hash, phone_hash = t.phone_hash
     FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS t (run_id, email_hash, phone_hash)
     WHERE r.run_id = t.run_id AND (r.email_hash, r.phone_hash) IS DISTINCT FROM (t.email_hash, t.phone_hash)`,
    [runIds, revisions.map(({ emailHash }) => emailHash), revisions.map(({ phoneHash }) => phoneHash)],
  );
  await replaceFurtherHashes(client, revisions);
  await client.query(
    `UPDATE public.dlq SET status = CASE status WHEN 'open' THEN 'resolved' ELSE status END, resolution = '${conflictResolutions.deliver_change}'
     WHERE dlq_id = ANY ($1::bigint[]) AND kind = 'conflict' AND status <> 'dead'`,
    [revisions.map(({ dlqId }) => dlqId)],
  );
  await completeAgain(client, runIds);
  await deliverRevisions(
    client,
    [
      ...revisions.flatMap(({ runId, destinations }) =>
        destinations.map((destination) => ({ runId, destination })),
      ),
      ...(await placesInGroups(client, revisions)),
    ],
    runIds,
  );
  return new Map(rows.map(({ run_id, revision }) => [run_id, revision]));
}

/**
 * Who had the lead has its changes, also who got it before there was the group; only where nobody of a group had it is it
 * somebody's turn.
 */
async function placesInGroups(
  client: Queryable,
  revisions: readonly Revision[],
): Promise<readonly DistributedTo[]> {
  const inGroups = revisions.filter(({ groups }) => groups.length > 0);
  const earlier = await earlierPlaces(
    client,
    inGroups.map(({ runId }) => runId),
  );
  const known = [...earlier].flatMap(([runId, places]) =>
    places.map((destination) => ({ runId, destination })),
  );
  const fresh = inGroups.filter(({ runId }) => !earlier.has(runId));
  const holders = await holdersOf(
    client,
    fresh.map(({ runId }) => runId),
  );
  const held = fresh.flatMap(({ runId, groups }) =>
    groups.flatMap(({ members }) =>
      members
        .filter(({ destination }) => holders.get(runId)?.has(destination))
        .map(({ destination }) => ({ runId, destination })),
    ),
  );
  const undecided = fresh.map((revision) => ({
    ...revision,
    groups: revision.groups.filter(
      ({ members }) => !members.some(({ destination }) => holders.get(revision.runId)?.has(destination)),
    ),
  }));
  return [...known, ...held, ...(await takeTurns(client, undecided))];
}

/** Where the runs went or are on their way, by run id. */
async function holdersOf(
  client: Queryable,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await client.query<{ run_id: string; destinations: string[] }>(
    `SELECT run_id, array_agg(destination) AS destinations FROM (
       SELECT e.run_id, e.payload ->> 'destination' AS destination FROM public.audit_events e
       WHERE e.run_id = ANY ($1::uuid[]) AND e.event_type = ${eventTypeSql("lead_delivered")}
       UNION SELECT d.run_id, d.destination FROM internal.deliveries d WHERE d.run_id = ANY ($1::uuid[])
       UNION SELECT q.run_id, q.destination FROM public.dlq q WHERE q.run_id = ANY ($1::uuid[]) AND q.destination IS NOT NULL
     ) AS there GROUP BY run_id`,
    [runIds],
  );
  return new Map(rows.map(({ run_id, destinations }) => [run_id, new Set(destinations)]));
}

/**
 * A revision brought ids once more: what they say is fetched again, and what a node fetches at this moment, for what the
 * lead was before, counts no more. Nothing happens to leads of sources that bring whole ones.
 */
async function completeAgain(client: Queryable, runIds: readonly string[]): Promise<void> {
  await client.query(
    `INSERT INTO internal.incomplete_leads AS i (run_id, source)
     SELECT r.run_id, r.source FROM public.runs r
       JOIN internal.sources s ON s.name = r.source AND s.enabled AND s.settings -> 'completes' = 'true'
     WHERE r.run_id = ANY ($1::uuid[]) ORDER BY r.run_id
     ON CONFLICT (run_id) DO UPDATE SET attempts = i.attempts + 1, leased_by = NULL,
       due_at = CASE WHEN i.leased_by IS NULL THEN i.due_at ELSE clock_timestamp() END`,
    [runIds],
  );
}
