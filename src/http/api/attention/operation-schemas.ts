// How operations look over the API.
import { Type } from "typebox";
import type { Static } from "typebox";
import { dlqStatuses, runStatuses } from "../../../domain/leads/run.ts";
import { operationActions, operationStatuses } from "../../../domain/attention/operation.ts";
import type { Operation } from "../../../ledger/operations/operations.ts";
import { dlqFilterMembers } from "./dlq-filter.ts";
import { runFilterMembers } from "../leads/run-filter.ts";
import {
  closed,
  dlqId,
  listOf,
  nullable,
  oneOf,
  partName,
  reason,
  runId,
  timestamp,
  timestampText,
} from "../frame/schemas.ts";

/** Ids in one order; more are better named by a filter. */
const idsMax = 20_000;
const ratePerSecondMin = 0.01;

/** Both kinds of filter; which of them is meant follows from the action, and that one is checked by itself. */
const filter = Type.Object(
  {
    ...runFilterMembers,
    ...dlqFilterMembers,
    run_id: Type.Optional(Type.Unknown()),
    status: Type.Optional(
      listOf(oneOf([...runStatuses, ...dlqStatuses]), { minItems: 1, description: "One of these." }),
    ),
  },
  {
    ...closed,
    description:
      "As the filters of GET /dlq (for dlq.…) or GET /runs (for runs.replay). Of entries those that are open or being tried, unless `status` says otherwise.",
  },
);

const target = {
  action: oneOf(
    operationActions,
    "dlq.retry: deliver again; dlq.resolve: settle by hand; dlq.dead: give up; runs.replay: deliver once more, to `destination`.",
  ),
  filter: Type.Optional(filter),
  ids: Type.Optional(
    Type.Array(Type.Union([dlqId, runId]), {
      minItems: 1,
      maxItems: idsMax,
      description: "Instead of a filter: dlq_ids, or run_ids for runs.replay.",
    }),
  ),
};

export const operationTarget = Type.Object(target, closed);
export type OperationTarget = Static<typeof operationTarget>;

export const operationOrder = Type.Object(
  {
    ...target,
    reason,
    rate_per_second: Type.Optional(
      Type.Number({
        minimum: ratePerSecondMin,
        maximum: 1_000_000,
        description: "At most so many; absent: as fast as it goes.",
      }),
    ),
    at: Type.Optional(timestampText("Of dlq.retry: when they are tried; absent: now.")),
    destination: Type.Optional(partName),
  },
  closed,
);
export const operationId = Type.String({ format: "uuid", description: "The operation's id." });

const count = (description: string) => Type.Integer({ description });

export const operation = Type.Object({
  operation_id: operationId,
  action: oneOf(operationActions),
  filter: nullable(Type.Record(Type.String(), Type.Unknown())),
  ids: nullable(
    Type.Integer({ description: "How many ids were named; null: those that the filter matched." }),
  ),
  destination: nullable(Type.String()),
  at: nullable(timestamp("When entries are tried; null: at once.")),
  reason: Type.String(),
  actor: Type.String({ description: "Who ordered it; the actor of everything that it does." }),
  actor_name: nullable(Type.String({ description: "Of a user or an API key: what they are called." })),
  rate_per_second: nullable(Type.Number()),
  status: oneOf(operationStatuses),
  total: nullable(count("How many it was about when it began; null: not counted yet.")),
  done: count("Changed; each has an audit event with this operation_id."),
  skipped: count("Could not be changed, or needed no change; `obstacles` says why."),
  failed: count("The database refused to change them."),
  obstacles: Type.Record(Type.String(), Type.Integer(), {
    description: "How many were skipped or failed for which reason.",
  }),
  error: nullable(Type.String({ description: "Why it could not go on." })),
  created_at: timestamp("When it was ordered."),
  started_at: nullable(timestamp("When its first batch was done.")),
  last_batch_at: nullable(timestamp("When its last batch was done.")),
  finished_at: nullable(timestamp("When it was done, cancelled, or could not go on.")),
});
export type OperationItem = Static<typeof operation>;

export function operationItem(stored: Operation): OperationItem {
  const { ids, filter: stated, ...rest } = stored;
  return { ...rest, filter: stated === null ? null : { ...stated }, ids: ids?.length ?? null };
}
