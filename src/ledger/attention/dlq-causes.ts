// What needs attention, by cause: entries with one kind, place and error code are one group, which one deed may settle.
import type { DlqKind } from "../../domain/leads/run.ts";
import { conditionList } from "../connection/where-conditions.ts";
import type { Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import type { DlqFilter } from "./dlq-filter.ts";
import type { LeaderGuard } from "../connection/leader.ts";

export interface DlqGroup {
  readonly kind: DlqKind;
  readonly destination: string | null;
  /** Only where there is no destination. */
  readonly source: string | null;
  readonly error_code: string | null;
  /** Entries that are open or retrying. */
  readonly count: number;
  /** Of these: how many wait for a person. */
  readonly need_decision: number;
  /** When its first and its last entry were created. */
  readonly since: Date;
  readonly until: Date;
  /** The earliest automatic attempt; null: none is planned. */
  readonly next_retry_at: Date | null;
  /** Of the last entry. */
  readonly reason: string;
  /** Selects exactly this group. */
  readonly filter: DlqFilter;
}

/** SQL of an entry's cause and stage; the index dlq_by_cause is on both and dlq_id. */
export const causeSql = "internal.dlq_cause(q.kind, q.destination, q.source, q.error_code)";
const laneColumnsSql = [causeSql, "internal.dlq_stage(q.status, q.next_retry_at)", "q.dlq_id"] as const;
/** SQL: higher than every id. */
export const dlqIdEnd = "9223372036854775807::bigint";

/**
 * SQL: the entries of one cause in one stage (each SQL of a text), those before the id `before`. With `laneOrderSql` the
 * index alone answers it: comparing cause and stage by themselves, the planner goes through all entries by their id
 * where it expects to meet one soon, and a stage without entries took 10 s at a million.
 */
export function laneSql(cause: string, stage: string, before = dlqIdEnd): string {
  const columns = `(${laneColumnsSql.join(", ")})`;
  return `${columns} >= (${cause}, ${stage}, 0::bigint) AND ${columns} < (${cause}, ${stage}, ${before})`;
}

export function laneOrderSql(direction: "ASC" | "DESC"): string {
  return laneColumnsSql.map((column) => `${column} ${direction}`).join(", ");
}

/** SQL: every cause that was ever seen, its parts as the entries have them, and how many entries are at work. */
export const causesSql = `
  SELECT c.cause, split_part(c.cause, E'\\x1f', 1) AS kind,
    CASE WHEN place NOT LIKE E'\\x1e%' THEN place END AS destination,
    CASE WHEN place LIKE E'\\x1e%' THEN nullif(substr(place, 2), E'\\x1e') END AS source,
    nullif(split_part(c.cause, E'\\x1f', 3), E'\\x1e') AS error_code, c.at_work, c.need_decision
  FROM (SELECT cause, sum(at_work)::bigint AS at_work, sum(need_decision)::bigint AS need_decision
    FROM internal.dlq_causes GROUP BY cause) AS c, split_part(c.cause, E'\\x1f', 2) AS place`;

export const stagesAtWork = ["open", "needs_decision", "retrying"] as const;
export const stages = [...stagesAtWork, "resolved", "dead"] as const;
export type Stage = (typeof stages)[number];

/** The groups with the most entries first. */
export async function listDlqGroups(database: Queryable, limit: number): Promise<DlqGroup[]> {
  const endOf = (direction: "ASC" | "DESC"): string => `LATERAL (
    SELECT q.* FROM unnest($2::text[]) AS at (stage) CROSS JOIN LATERAL (
      SELECT q.dlq_id, q.kind, q.destination, q.source, q.error_code, q.reason, q.created_at FROM public.dlq q
      WHERE ${laneSql("counted.cause", "at.stage")} ORDER BY ${laneOrderSql(direction)} LIMIT 1) AS q
    ORDER BY q.dlq_id ${direction} LIMIT 1)`;
  const { rows } = await database.query<Omit<DlqGroup, "filter">>(
    `SELECT last.kind, last.destination, CASE WHEN last.destination IS NULL THEN last.source END AS source, last.error_code,
       counted.at_work AS count, counted.need_decision, first.created_at AS since, last.created_at AS until,
       (SELECT q.next_retry_at FROM public.dlq q WHERE ${causeSql} = counted.cause AND q.status = 'open'
          AND q.next_retry_at IS NOT NULL ORDER BY q.next_retry_at LIMIT 1) AS next_retry_at,
       last.reason
     FROM (
       SELECT c.cause, sum(c.at_work)::bigint AS at_work, sum(c.need_decision)::bigint AS need_decision
       FROM internal.dlq_causes c GROUP BY c.cause HAVING sum(c.at_work) > 0
       ORDER BY sum(c.at_work) DESC, c.cause LIMIT $1) AS counted
     CROSS JOIN ${endOf("ASC")} AS first CROSS JOIN ${endOf("DESC")} AS last
     ORDER BY counted.at_work DESC, counted.cause`,
    [limit, stagesAtWork],
  );
  return rows.map((row) => ({ ...row, filter: filterOf(row) }));
}

/** Entries at this moment, whatever their cause. */
export interface DlqStock {
  readonly at_work: number;
  readonly need_decision: number;
}

export async function readStock(database: Queryable): Promise<DlqStock> {
  const { rows } = await database.query<DlqStock>(
    `SELECT coalesce(sum(at_work), 0)::bigint AS at_work, coalesce(sum(need_decision), 0)::bigint AS need_decision
     FROM internal.dlq_causes`,
  );
  return rows[0] ?? { at_work: 0, need_decision: 0 };
}

type Cause = Pick<DlqGroup, "kind" | "destination" | "source" | "error_code">;

function filterOf({ kind, destination, source, error_code }: Cause): DlqFilter {
  const place = destination === null ? { source } : { destination };
  const named = Object.entries({ ...place, error_code }).filter(([, value]) => value !== null);
  const lacks = [
    ...(destination === null ? (["destination"] as const) : []),
    ...(destination === null && source === null ? (["source"] as const) : []),
    ...(error_code === null ? (["error_code"] as const) : []),
  ];
  return {
    status: ["open", "retrying"],
    kind: [kind],
    ...(Object.fromEntries(named) as Pick<DlqFilter, "destination" | "source" | "error_code">),
    ...(lacks.length === 0 ? {} : { without: lacks }),
  };
}

/** The causes that entries of the filter can have, by what it says of kind, place and error code; as dlq_cause() writes them. */
export async function causesOf(database: Queryable, filter: DlqFilter): Promise<string[]> {
  const [kind, place, code] = [1, 2, 3].map((part) => `split_part(c.cause, E'\\x1f', ${part})`);
  const list = conditionList(1);
  list.where(filter.kind, (kinds) => `${kind} = ANY (${kinds}::text[])`);
  list.where(filter.destination, (name) => `${place} = ${name}`);
  list.where(filter.error_code, (name) => `${code} = ${name}`);
  if (filter.without?.includes("destination") === true) {
    list.always(`${place} LIKE E'\\x1e%'`);
    list.where(filter.source, (name) => `${place} = E'\\x1e' || ${name}`);
    if (filter.without.includes("source")) list.always(`${place} = E'\\x1e\\x1e'`);
  }
  if (filter.without?.includes("error_code") === true) list.always(`${code} = E'\\x1e'`);
  const { sql, values } = list.done();
  const { rows } = await database.query<{ cause: string }>(
    `SELECT DISTINCT c.cause FROM internal.dlq_causes c WHERE ${sql}`,
    [...values],
  );
  return rows.map((row) => row.cause);
}

export function stagesOf({ status, needs_decision }: DlqFilter): Stage[] {
  return stages.filter((stage) => {
    const isDecision = stage === "needs_decision";
    if (needs_decision !== undefined && needs_decision !== isDecision) return false;
    return status === undefined || status.includes(isDecision ? "open" : stage);
  });
}

/** Differences that wait to become one row per cause. */
const differencesMax = 100;

/** As a leader's task, with its guard. What others count meanwhile is not lost. */
export async function rollUpDlqCauses(database: Database, guard?: LeaderGuard): Promise<void> {
  const { rows } = await database.query<{ waiting: number }>({
    name: "waiting-differences-of-causes",
    text: "SELECT count(*) - count(DISTINCT cause) AS waiting FROM internal.dlq_causes",
  });
  if ((rows[0]?.waiting ?? 0) <= differencesMax) return;
  await transaction(database, "system", async (client) => {
    await guard?.(client);
    await client.query("SELECT internal.dlq_roll_up_causes()");
  });
}
