// One batch of an operation: what comes next, and how far it is then. The caller's transaction holds the operation's row
// from `lockOperation` to its end, and what the batch changes is in the same transaction: so nothing is done twice.
import type { Actor, Queryable } from "../connection/database.ts";
import { longAnswerTimeoutMs } from "../connection/database.ts";
import type { Conditions } from "../connection/where-conditions.ts";
import { operationColumns, orderConditions, tellOperation } from "./operations.ts";
import type { Operation } from "./operations.ts";

export interface OperationAtWork extends Operation {
  /** The last dlq_id, or received_at, that belongs to it. */
  readonly up_to: string;
  /** The last that was looked at: [dlq_id], or [received_at, run_id]. */
  readonly cursor: readonly string[] | null;
  /** Whose entries and leads it may be about; null: everybody's. */
  readonly clients: readonly string[] | null;
}

export interface DueOperation {
  readonly operation_id: string;
  readonly actor: Actor;
  /** Milliseconds until its next batch. */
  readonly wait_ms: number;
}

/** A condition on `internal.operations`: not at their end. */
export const atWorkSql = "status IN ('pending', 'running')";

/** Those that are not at their end, the one that waited longest first. */
export async function findOperationsAtWork(database: Queryable): Promise<DueOperation[]> {
  const { rows } = await database.query<DueOperation>({
    name: "find-operations-at-work",
    text: `SELECT operation_id, actor,
        greatest(0, extract(epoch FROM next_batch_at - clock_timestamp()) * 1000)::float8 AS wait_ms
      FROM internal.operations WHERE ${atWorkSql} ORDER BY next_batch_at, operation_id`,
  });
  return rows;
}

/** null: somebody else is at it, or it is not gone on with now. */
export async function lockOperation(client: Queryable, operationId: string): Promise<OperationAtWork | null> {
  const { rows } = await client.query<OperationAtWork>(
    `SELECT ${operationColumns}, up_to, cursor, clients FROM internal.operations
     WHERE operation_id = $1 AND ${atWorkSql} AND next_batch_at <= clock_timestamp()
     FOR UPDATE SKIP LOCKED`,
    [operationId],
  );
  return rows[0] ?? null;
}

/** From here on the events of this transaction name the operation. */
export async function nameOperation(client: Queryable, operationId: string): Promise<void> {
  await client.query("SELECT set_config('leadledger.operation_id', $1, true)", [operationId]);
}

/** How many it is about, when it begins. Ids that nobody knows are among them. */
export async function countItems(client: Queryable, operation: OperationAtWork): Promise<number> {
  if (operation.ids !== null) return new Set(operation.ids).size;
  const { sql, values } = boundedConditions(operation);
  const { rows } = await client.query<{ count: number }>({
    text: `SELECT count(*) FROM ${tableOf(operation)} WHERE ${sql}`,
    values: [...values],
    query_timeout: longAnswerTimeoutMs,
  });
  return rows[0]?.count ?? 0;
}

export interface Item {
  /** dlq_id or run_id. */
  readonly id: string;
  readonly cursor: readonly string[];
}

/** The next ones in order; none: the end is reached. */
export async function nextItems(
  client: Queryable,
  operation: OperationAtWork,
  limit: number,
): Promise<Item[]> {
  const { sql, values } = boundedConditions(operation);
  const isOfRuns = operation.action === "runs.replay";
  const keys = isOfRuns ? ["r.received_at::timestamptz", "r.run_id::uuid"] : ["q.dlq_id::bigint"];
  const columns = keys.map((key) => key.split("::")[0] ?? "");
  const first = values.length + 1;
  const after = keys.map((key, index) => `$${first + 1 + index}::${key.split("::")[1] ?? ""}`);
  const beyond = operation.cursor === null ? "" : `AND (${columns.join(", ")}) > (${after.join(", ")})`;
  const { rows } = await client.query<{ cursor: string[] }>({
    text: `SELECT jsonb_build_array(${columns.map((column) => `${column}::text`).join(", ")}) AS cursor
      FROM ${tableOf(operation)} WHERE ${sql} ${beyond} ORDER BY ${columns.join(", ")} LIMIT $${first}`,
    values: [...values, limit, ...(operation.cursor ?? [])],
    query_timeout: longAnswerTimeoutMs,
  });
  return rows.map(({ cursor }) => ({ id: cursor.at(-1) ?? "", cursor }));
}

export interface BatchRecord {
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  /** How many of them for which reason. */
  readonly obstacles: Readonly<Record<string, number>>;
  /** The last that was looked at. */
  readonly cursor: readonly string[];
  /** Only with the first batch. */
  readonly total: number | null;
  readonly pauseMs: number;
  readonly node: string;
}

export async function recordBatch(client: Queryable, operationId: string, batch: BatchRecord): Promise<void> {
  await client.query(
    `UPDATE internal.operations o
     SET status = 'running', started_at = coalesce(started_at, clock_timestamp()), last_batch_at = clock_timestamp(),
       next_batch_at = clock_timestamp() + $2 * interval '1 millisecond', node = $3, cursor = $4,
       total = coalesce(total, $5), done = done + $6, skipped = skipped + $7, failed = failed + $8,
       obstacles = ${mergedSql("$9::jsonb")}
     WHERE operation_id = $1`,
    [
      ...[operationId, batch.pauseMs, batch.node, JSON.stringify(batch.cursor), batch.total],
      ...[batch.done, batch.skipped, batch.failed, JSON.stringify(batch.obstacles)],
    ],
  );
}

/** Everything was looked at. What is missing from the count does not match any more, or was never there. */
export async function finishOperation(
  client: Queryable,
  operation: OperationAtWork,
  { total, node }: { readonly total: number; readonly node: string },
): Promise<void> {
  const gone = Math.max(0, total - operation.done - operation.skipped - operation.failed);
  const obstacle =
    operation.ids === null
      ? "no_longer_matching"
      : operation.action === "runs.replay"
        ? "run_unknown"
        : "dlq_entry_unknown";
  await client.query(
    `UPDATE internal.operations o
     SET status = 'done', total = $2, started_at = coalesce(started_at, clock_timestamp()),
       finished_at = clock_timestamp(), node = $3, skipped = skipped + $4, obstacles = ${mergedSql("$5::jsonb")}
     WHERE operation_id = $1`,
    [operation.operation_id, total, node, gone, JSON.stringify(gone === 0 ? {} : { [obstacle]: gone })],
  );
  await tellOperation(client, { type: "operation_finished", operationId: operation.operation_id });
}

/** It cannot go on: something else than an entry is refused by the database. */
export async function failOperation(client: Queryable, operationId: string, error: string): Promise<void> {
  await client.query(
    `UPDATE internal.operations SET status = 'failed', error = $2, finished_at = clock_timestamp()
     WHERE operation_id = $1 AND ${atWorkSql}`,
    [operationId, error],
  );
  await tellOperation(client, { type: "operation_finished", operationId });
}

/** The counts that there are and those of `more`, added up. */
function mergedSql(more: string): string {
  return `coalesce((SELECT jsonb_object_agg(code, count) FROM (
      SELECT key AS code, sum(value::bigint) AS count
      FROM (SELECT * FROM jsonb_each_text(o.obstacles) UNION ALL SELECT * FROM jsonb_each_text(${more})) AS counted
      GROUP BY key) AS summed), '{}')`;
}

function tableOf({ action }: OperationAtWork): string {
  return action === "runs.replay" ? "public.runs r" : "public.dlq q";
}

/** Parameters from $1 on. */
function boundedConditions(operation: OperationAtWork): Conditions {
  const { sql, values } = orderConditions(operation, 1);
  const bound =
    operation.action === "runs.replay"
      ? `r.received_at <= $${values.length + 1}::timestamptz`
      : `q.dlq_id <= $${values.length + 1}::bigint`;
  return { sql: `(${sql}) AND ${bound}`, values: [...values, operation.up_to] };
}
