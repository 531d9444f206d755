// Leads delivered once more, to one destination: added later, or lost by a mistake. Never a second run: a delivery is made
// for the run that there is, with an event that says who wanted it.
import { isOfOtherClientSql } from "../intake/other-client-sql.ts";
import { newestRevisionSql } from "../intake/current-body-sql.ts";
import { decideReplay } from "../../domain/attention/replay.ts";
import type { ReplayObstacle, RunAtHand } from "../../domain/attention/replay.ts";
import type { Queryable } from "../connection/database.ts";
import type { OnLocks } from "../attention/entry-actions.ts";
import { eventSql } from "../log/event-sql.ts";

export type ReplayOutcome =
  | { readonly runId: string; readonly kind: "replayed" }
  | { readonly runId: string; readonly kind: "obstacle"; readonly obstacle: ReplayObstacle };

export interface ReplayTerms {
  readonly destination: string;
  readonly reason: string;
  /** null: ordered for this run alone. */
  readonly operationId: string | null;
}

/** The destination must be there and one that we send to (`readDestinationState`). */
export async function replayRuns(
  client: Queryable,
  runIds: readonly string[],
  { destination, reason, operationId }: ReplayTerms,
  onLocks: OnLocks = "wait",
): Promise<ReplayOutcome[]> {
  const { rows: locked } = await client.query<{ run_id: string }>(
    `SELECT run_id FROM public.runs WHERE run_id = ANY ($1::uuid[])
     ORDER BY run_id FOR NO KEY UPDATE ${onLocks === "wait" ? "" : "SKIP LOCKED"}`,
    [runIds],
  );
  const lockedIds = locked.map(({ run_id }) => run_id);
  const { rows } = await client.query<RunAtHand>(atHandSql, [lockedIds, destination]);
  const outcomes: ReplayOutcome[] = await notThere(client, runIds, lockedIds);
  const replayed: string[] = [];
  for (const run of rows) {
    const obstacle = decideReplay(run);
    if (obstacle === null) replayed.push(run.run_id);
    else outcomes.push({ runId: run.run_id, kind: "obstacle", obstacle });
  }
  if (replayed.length > 0) {
    await client.query(
      `WITH told AS (
         INSERT INTO public.audit_events (run_id, event_type, payload)
         SELECT run_id, ${eventSql("replay_requested", {
           destination: "$2::text",
           reason: "$3::text",
           operation_id: "$4::text",
         })}
         FROM unnest($1::uuid[]) AS run_id ORDER BY run_id)
       INSERT INTO internal.deliveries (run_id, destination, revision)
       SELECT t.run_id, $2, ${newestRevisionSql("t.run_id")} FROM unnest($1::uuid[]) AS t (run_id)`,
      [replayed, destination, reason, operationId],
    );
  }
  outcomes.push(...replayed.map((runId): ReplayOutcome => ({ runId, kind: "replayed" })));
  return outcomes;
}

// A dead entry that nobody has tried again keeps its run failed: it is that entry that must be tried.
const atHandSql = `
  SELECT r.run_id, r.refused, ${isOfOtherClientSql("r.run_id", "$2")} AS other_client,
    EXISTS (SELECT FROM internal.deliveries d WHERE d.run_id = r.run_id AND d.destination = $2) AS delivery_waits,
    EXISTS (SELECT FROM public.dlq q WHERE q.run_id = r.run_id AND q.destination = $2
      AND q.status IN ('open', 'retrying')) AS entry_open,
    r.status <> 'processed' AND EXISTS (SELECT FROM public.dlq q WHERE q.run_id = r.run_id AND q.destination = $2
      AND q.kind = 'delivery' AND q.status = 'dead'
      AND NOT EXISTS (SELECT FROM public.dlq n WHERE n.reopened_from = q.dlq_id)) AS entry_dead
  FROM public.runs r WHERE r.run_id = ANY ($1::uuid[]) ORDER BY r.run_id`;

async function notThere(
  client: Queryable,
  runIds: readonly string[],
  lockedIds: readonly string[],
): Promise<ReplayOutcome[]> {
  const locked = new Set(lockedIds);
  const missing = runIds.filter((runId) => !locked.has(runId));
  if (missing.length === 0) return [];
  const { rows } = await client.query<{ run_id: string }>(
    "SELECT run_id FROM public.runs WHERE run_id = ANY ($1::uuid[])",
    [missing],
  );
  const there = new Set(rows.map(({ run_id }) => run_id));
  return missing.map((runId) => ({
    runId,
    kind: "obstacle",
    obstacle: there.has(runId) ? "entry_locked" : "run_unknown",
  }));
}
