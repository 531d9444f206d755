// The table operations as people work with it: ordering one, looking at it, pausing, resuming and cancelling it. How a
// batch is done is in operation-batches.ts.
import { v7 as uuidv7 } from "uuid";
import { steer } from "../../domain/attention/operation.ts";
import type {
  OperationAction,
  OperationStatus,
  OperationSteering,
} from "../../domain/attention/operation.ts";
import { actorNameSql } from "../log/actor-name-sql.ts";
import { operationOfClientSql } from "../connection/client-sql.ts";
import type { Conditions } from "../connection/where-conditions.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { longAnswerTimeoutMs, transaction } from "../connection/database.ts";
import { dlqConditions } from "../attention/dlq-filter.ts";
import type { DlqFilter } from "../attention/dlq-filter.ts";
import { runConditions } from "../leads/run-filter.ts";
import type { RunFilter } from "../leads/run-filter.ts";
import { eventSql } from "../log/event-sql.ts";
import type { EventTypeName } from "../../domain/log/event-types.ts";

/** Which entries (`dlq.…`) or runs (`runs.…`), and what is to be done to them. */
export interface OperationOrder {
  readonly action: OperationAction;
  /** null: those in `ids`. */
  readonly filter: DlqFilter | RunFilter | null;
  /** dlq_ids or run_ids; null: those that the filter matches. */
  readonly ids: readonly string[] | null;
  /** Of runs.replay; otherwise null. */
  readonly destination: string | null;
  /** Of dlq.retry; null: at once. */
  readonly at: Date | null;
  readonly reason: string;
  /** null: as fast as it goes. */
  readonly rate_per_second: number | null;
}

export interface Operation extends OperationOrder {
  readonly operation_id: string;
  readonly actor: Actor;
  /** Of a user or an API key: what they are called. */
  readonly actor_name: string | null;
  readonly status: OperationStatus;
  /** null: not counted yet. */
  readonly total: number | null;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly obstacles: Readonly<Record<string, number>>;
  readonly error: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly last_batch_at: Date | null;
  readonly finished_at: Date | null;
}

export const operationColumns = `operation_id, action, filter, ids, destination, at, reason, actor, rate_per_second, status,
  total, done, skipped, failed, obstacles, error, created_at, started_at, last_batch_at, finished_at,
  ${actorNameSql("operations.actor")} AS actor_name`;

/** Orders it: from now on any node does it. What comes later than now is left alone. */
export function createOperation(database: Database, actor: Actor, order: OperationOrder): Promise<Operation> {
  const operationId = uuidv7();
  const upTo =
    order.action === "runs.replay"
      ? "clock_timestamp()"
      : "(SELECT coalesce(max(dlq_id), 0) FROM public.dlq)";
  return transaction(database, actor, async (client) => {
    const { rows } = await client.query<Operation>(
      `INSERT INTO internal.operations AS operations
         (operation_id, action, filter, ids, destination, at, reason, actor, rate_per_second, clients, up_to)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, ${upTo}::text)
       RETURNING ${operationColumns}`,
      [
        ...[
          operationId,
          order.action,
          order.filter === null ? null : JSON.stringify(order.filter),
          order.ids,
        ],
        ...[
          order.destination,
          order.at,
          order.reason,
          actor,
          order.rate_per_second,
          database.limits?.clients ?? null,
        ],
      ],
    );
    await tellOperation(client, { type: "operation_started", operationId });
    return rows[0] as Operation;
  });
}

export interface OperationEvent {
  readonly type: Extract<EventTypeName, `operation_${string}`>;
  readonly operationId: string;
}

/** The events of an operation say what it is and how far; its filter names nobody, and ids are in the table. */
export async function tellOperation(client: Queryable, { type, operationId }: OperationEvent): Promise<void> {
  await client.query(
    `INSERT INTO public.audit_events (event_type, payload)
     SELECT ${eventSql(type, {
       operation_id: "operation_id",
       action: "action",
       filter: "filter",
       ids: "cardinality(ids)",
       destination: "destination",
       at: "at",
       rate_per_second: "rate_per_second",
       reason: "reason",
       status: "status",
       total: "total",
       done: "done",
       skipped: "skipped",
       failed: "failed",
       obstacles: "nullif(obstacles, '{}')",
       error: "error",
     })}
     FROM internal.operations AS operations WHERE operation_id = $1`,
    [operationId],
  );
}

export async function findOperation(database: Queryable, operationId: string): Promise<Operation | null> {
  const { rows } = await database.query<Operation>(
    `SELECT ${operationColumns} FROM internal.operations AS operations WHERE operation_id = $1`,
    [operationId],
  );
  return rows[0] ?? null;
}

export interface OperationFilter {
  readonly status?: readonly OperationStatus[];
  readonly action?: OperationAction;
  /** Whose entries or leads it is about; "": nobody's in particular. */
  readonly client?: string;
}

/** Newest first, after the one that `after` names. */
export async function listOperations(
  database: Queryable,
  filter: OperationFilter,
  limit: number,
  after: readonly [createdAt: string, operationId: string] | null,
): Promise<(Operation & { readonly position: string })[]> {
  const { rows } = await database.query<Operation & { position: string }>(
    `SELECT ${operationColumns}, created_at::text AS position FROM internal.operations AS operations
     WHERE ($1::text[] IS NULL OR status = ANY ($1)) AND ($2::text IS NULL OR action = $2)
       AND ($4::timestamptz IS NULL OR (created_at, operation_id) < ($4, $5::uuid))
       AND ($6::text IS NULL OR ${operationOfClientSql("operations")("$6::text")})
     ORDER BY created_at DESC, operation_id DESC LIMIT $3`,
    [
      ...[filter.status ?? null, filter.action ?? null, limit, after?.[0] ?? null, after?.[1] ?? null],
      filter.client ?? null,
    ],
  );
  return rows;
}

export type SteeringResult =
  | { readonly kind: "steered"; readonly operation: Operation }
  | { readonly kind: "not_found" }
  | { readonly kind: "not_possible"; readonly status: OperationStatus };

/** Waits for the batch under way. */
export function steerOperation(
  database: Database,
  actor: Actor,
  operationId: string,
  steering: OperationSteering,
): Promise<SteeringResult> {
  return transaction(database, actor, async (client) => {
    const { rows } = await client.query<{ status: OperationStatus }>(
      "SELECT status FROM internal.operations WHERE operation_id = $1 FOR UPDATE",
      [operationId],
    );
    const status = rows[0]?.status;
    if (status === undefined) return { kind: "not_found" };
    const next = steer(status, steering);
    if (next === null) return { kind: "not_possible", status };
    const { rows: steered } = await client.query<Operation>(
      `UPDATE internal.operations
       SET status = $2, finished_at = CASE WHEN $2 = 'cancelled' THEN clock_timestamp() END
       WHERE operation_id = $1 RETURNING ${operationColumns}`,
      [operationId, next],
    );
    await tellOperation(client, { ...steeringEvents[steering], operationId });
    return { kind: "steered", operation: steered[0] as Operation };
  });
}

const steeringEvents = {
  pause: { type: "operation_paused" },
  resume: { type: "operation_resumed" },
  cancel: { type: "operation_cancelled" },
} as const;

/** What an order is about, as a condition on `public.dlq q` or `public.runs r`. */
export function orderConditions(
  order: Pick<OperationOrder, "action" | "filter" | "ids">,
  firstParameter: number,
): Conditions {
  const { action, filter, ids } = order;
  if (ids !== null) {
    const column = action === "runs.replay" ? "r.run_id" : "q.dlq_id";
    const type = action === "runs.replay" ? "uuid" : "bigint";
    return { sql: `${column} = ANY ($${firstParameter}::${type}[])`, values: [ids] };
  }
  return action === "runs.replay"
    ? runConditions((filter ?? {}) as RunFilter, firstParameter)
    : dlqConditions((filter ?? {}) as DlqFilter, firstParameter);
}

/** How many entries or runs an order would be about now. */
export async function countOrder(
  database: Queryable,
  order: Pick<OperationOrder, "action" | "filter" | "ids">,
): Promise<number> {
  const { sql, values } = orderConditions(order, 1);
  const table = order.action === "runs.replay" ? "public.runs r" : "public.dlq q";
  const { rows } = await database.query<{ count: number }>({
    text: `SELECT count(*) FROM ${table} WHERE ${sql}`,
    values: [...values],
    query_timeout: longAnswerTimeoutMs,
  });
  return rows[0]?.count ?? 0;
}
