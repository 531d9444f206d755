// Whether somebody of an older build is at work on the database, while a migration is missing that they could not go on
// after.
import type { Queryable } from "./connection/database.ts";

/** Connections of nodes and commands call themselves so, with what their build has: `leadledger 28.1`. */
export function nameOfBuild(newestMigration: string, sqlVersion: number): string {
  return `leadledger ${parseInt(newestMigration, 10)}.${sqlVersion}`;
}

/** A node asks the database each second; what a pooler keeps idle for longer is nobody's. */
const silenceMs = 10_000;
/** Every node that may lead tries to each second, and who stops gives the leadership back: nobody had it for so long. */
const handoverMs = 3_000;

/**
 * Whoever holds the leadership, deliveries or entries, and connections of another build: where a pooler does not hide them,
 * they tell of nodes that only take leads in, too. While the migration is missing, none of them can be a newer one.
 */
export async function findOlderNodes(client: Queryable, ownName: string): Promise<string[]> {
  const { rows: found } = await client.query<{ schema: string }>(
    `SELECT n.nspname AS schema FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid IN (to_regclass('internal.leader'), to_regclass('public.leader'))`,
  );
  const schema = found[0]?.schema;
  if (schema === undefined) return [];
  const { rows } = await client.query<{ node: string }>(
    `SELECT DISTINCT node FROM (
       SELECT holder AS node FROM ${schema}.leader WHERE held_until > clock_timestamp() - $1::interval
       UNION ALL SELECT leased_by FROM ${schema}.deliveries WHERE due_at > clock_timestamp() AND leased_by IS NOT NULL
       UNION ALL SELECT leased_by FROM public.dlq
         WHERE status = 'retrying' AND lease_until > clock_timestamp() AND leased_by IS NOT NULL
       UNION ALL SELECT concat_ws(' ', application_name, 'at', coalesce(host(client_addr), 'this machine'))
         FROM pg_catalog.pg_stat_activity
         WHERE datname = current_database() AND application_name ~ '^leadledger( [0-9.]+)?$' AND application_name <> $2
           AND (state <> 'idle' OR state_change > clock_timestamp() - $3::interval)) AS at_work
     ORDER BY node`,
    [`${handoverMs} milliseconds`, ownName, `${silenceMs} milliseconds`],
  );
  return rows.map(({ node }) => node);
}

/** Until the open transaction ends nobody takes the leadership: a node that starts now finds the changed database. */
export async function keepLeadershipFree(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ leader: string | null }>(
    "SELECT coalesce(to_regclass('internal.leader'), to_regclass('public.leader'))::text AS leader",
  );
  const leader = rows[0]?.leader ?? null;
  if (leader !== null) await client.query(`LOCK TABLE ${leader} IN EXCLUSIVE MODE`);
}
