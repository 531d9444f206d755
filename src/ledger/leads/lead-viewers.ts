// Who saw the person of a lead: in lists, hour by hour, and in full.
import type { Queryable } from "../connection/database.ts";
import { actorNameSql } from "../log/actor-name-sql.ts";
import { findRunOfArrival } from "../log/arrival-ids.ts";

/** `list`: name and place in a list of leads; `whole`: everything. */
export const viewingWays = ["list", "whole"] as const;

export interface LeadViewer {
  /** `user:<id>`, `key:<id>`, `cli:<os user>` */
  readonly viewer: string;
  /** Of a user or an API key: what they are called. */
  readonly viewer_name: string | null;
  readonly shown: (typeof viewingWays)[number];
  /** Of a list: the beginning of the hour in which it was. */
  readonly seen_at: Date;
}

/** The newest first. `id`: a run's, or that of an arrival which another run stands for; null: there is no such lead. */
export async function listViewers(
  database: Queryable,
  id: string,
  limit: number,
): Promise<LeadViewer[] | null> {
  const isRun = await database.query("SELECT FROM public.runs r WHERE r.run_id = $1", [id]);
  const runId = isRun.rowCount === 1 ? id : await findRunOfArrival(database, id);
  if (runId === null) return null;
  const { rows } = await database.query<LeadViewer>(
    `SELECT seen.viewer, ${actorNameSql("seen.viewer")} AS viewer_name, seen.shown, seen.seen_at
     FROM (
       SELECT p.viewer, 'list' AS shown, p.hour AS seen_at FROM internal.person_shown p WHERE p.run_id = $1
       UNION ALL
       SELECT e.actor, 'whole', e.event_time FROM public.audit_events e
       WHERE e.run_id = $1 AND e.event_type = 'person_data_shown') AS seen
     ORDER BY seen.seen_at DESC, seen.viewer, seen.shown LIMIT $2`,
    [runId, limit],
  );
  return rows;
}
