// The tables nodes and outages: what nodes say of themselves.
import type { NodeCondition, NodeRow } from "../../domain/node/node-condition.ts";
import { nodeLimits } from "../../domain/node/node-condition.ts";
import type { Queryable } from "../connection/database.ts";

const forgottenAfter = "7 days";
const outagesKept = "30 days";
const nodesMax = 100;
const outagesMax = 100;

/** Who says it: host and port, and the process. */
export interface Reporter {
  readonly name: string;
  readonly node: string;
}

export async function reportNode(
  database: Queryable,
  { name, node }: Reporter,
  condition: NodeCondition,
): Promise<void> {
  await database.query({
    name: "report-node",
    text: `
      WITH forgotten AS (
        DELETE FROM internal.nodes WHERE held_until < clock_timestamp() - interval '${forgottenAfter}' AND name <> $1)
      INSERT INTO internal.nodes AS n (name, node, held_until, condition)
      VALUES ($1, $2, clock_timestamp() + interval '${nodeLimits.heldMs} milliseconds', $3::jsonb)
      ON CONFLICT (name) DO UPDATE SET node = excluded.node, held_until = excluded.held_until, condition = excluded.condition,
        since = CASE WHEN n.node = excluded.node AND n.held_until >= clock_timestamp() THEN n.since ELSE excluded.since END`,
    values: [name, node, JSON.stringify(condition)],
  });
}

/** A node that stops by itself is not gone. */
export async function withdrawNode(database: Queryable, { name, node }: Reporter): Promise<void> {
  await database.query("DELETE FROM internal.nodes WHERE name = $1 AND node = $2", [name, node]);
}

export async function listNodes(database: Queryable): Promise<NodeRow[]> {
  const { rows } = await database.query<NodeRow>(
    `SELECT name, since, held_until, condition FROM internal.nodes ORDER BY held_until DESC, name LIMIT ${nodesMax}`,
  );
  return rows;
}

export interface Outage {
  readonly since: Date;
  readonly until: Date;
}

/** Of that node; the same outage is kept once. */
export async function recordOutage(
  database: Queryable,
  name: string,
  { since, until }: Outage,
): Promise<void> {
  await database.query(
    `WITH old AS (DELETE FROM internal.outages WHERE until < clock_timestamp() - interval '${outagesKept}')
     INSERT INTO internal.outages (name, since, until) VALUES ($1, $2, $3) ON CONFLICT (name, since) DO NOTHING`,
    [name, since.toISOString(), until.toISOString()],
  );
}

/** All that ended within the last hour, as one; null: there was none. */
export async function readLateOutage(
  database: Queryable,
): Promise<(Outage & { readonly nodes: readonly string[] }) | null> {
  const { rows } = await database.query<{ since: Date | null; until: Date; nodes: string[] }>(
    `SELECT min(since) AS since, max(until) AS until, array_agg(DISTINCT name ORDER BY name) AS nodes
     FROM (SELECT name, since, until FROM internal.outages WHERE until > clock_timestamp() - interval '1 hour'
           ORDER BY until DESC LIMIT ${outagesMax}) AS late`,
  );
  const [late] = rows;
  return late?.since == null ? null : { ...late, since: late.since };
}
