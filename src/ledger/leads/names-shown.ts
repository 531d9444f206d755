// Who saw names in lists: one row for each lead, viewer and hour, and one event for each viewer and hour, when it is over.
import type { Actor, Database } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import type { LeaderGuard } from "../connection/leader.ts";
import { eventSql } from "../log/event-sql.ts";

/** A list waits so long for its record, and then goes without names. */
const recordTimeoutMs = 1_000;
/** Longer than any record takes, so that nothing is added to an hour that was told. */
const tellAfterMinutes = 5;

/**
 * Notes that `viewer` sees the names of these leads now. Whoever shows them waits for it, and shows none where it throws:
 * the record takes too long, or cannot be written.
 */
export async function recordNamesShown(
  database: Database,
  viewer: Actor,
  runIds: readonly string[],
): Promise<void> {
  if (runIds.length === 0) return;
  await database.query({
    name: "record-names-shown",
    // In the order of the key, so that two lists of one viewer do not wait for each other crosswise.
    text: `
      WITH hour AS (SELECT date_trunc('hour', statement_timestamp(), 'UTC') AS begins),
      view AS (
        INSERT INTO internal.person_views (viewer, hour) SELECT $1, begins FROM hour ON CONFLICT DO NOTHING RETURNING 1)
      INSERT INTO internal.person_shown (run_id, viewer, hour)
      SELECT run_id, $1, begins FROM unnest($2::uuid[]) AS run_id CROSS JOIN hour ORDER BY run_id
      ON CONFLICT DO NOTHING`,
    values: [viewer, runIds],
    query_timeout: recordTimeoutMs,
  });
}

/** Writes the events of hours that are over. Called by the leader. */
export async function tellNamesShown(database: Database, guard: LeaderGuard): Promise<void> {
  const { rows } = await database.query<{ viewer: Actor; hour: string }>(
    `SELECT viewer, hour::text FROM internal.person_views
     WHERE event_id IS NULL AND hour + interval '1 hour' < statement_timestamp() - make_interval(mins => $1)
     ORDER BY hour, viewer`,
    [tellAfterMinutes],
  );
  for (const { viewer, hour } of rows) {
    await transaction(database, viewer, async (client) => {
      await guard(client);
      await client.query(
        `WITH told AS (
           INSERT INTO public.audit_events (event_type, payload)
           SELECT ${eventSql("names_shown", {
             hour: "$2::timestamptz",
             count: "count(*)",
             ids_sha256: idsDigestSql,
           })}
           FROM internal.person_shown WHERE viewer = $1 AND hour = $2::timestamptz
           RETURNING event_id)
         UPDATE internal.person_views v SET event_id = told.event_id FROM told
         WHERE v.viewer = $1 AND v.hour = $2::timestamptz AND v.event_id IS NULL`,
        [viewer, hour],
      );
    });
  }
}

/** Of the run ids in order, each with a newline behind it: whoever has them can prove which they were. */
const idsDigestSql = `encode(sha256(convert_to(string_agg(run_id || E'\\n', '' ORDER BY run_id), 'UTF8')), 'hex')`;
