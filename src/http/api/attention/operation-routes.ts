// Operations: the same thing done to many entries or runs. They are ordered here, and done by operations/runner.ts.
import { Type } from "typebox";
import type { OperationSteering } from "../../../domain/attention/operation.ts";
import { obstacleOfDestination } from "../../../domain/attention/replay.ts";
import type { PersonIndex } from "../../../intake/person-index.ts";
import { readDestinationState } from "../../../ledger/configuration/configuration.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import {
  countOrder,
  createOperation,
  findOperation,
  listOperations,
  steerOperation,
} from "../../../ledger/operations/operations.ts";
import type { OperationFilter, OperationOrder } from "../../../ledger/operations/operations.ts";
import { decodeCursor, encodeCursor, isCalendarTime } from "../frame/cursor.ts";
import { dlqFilter, ledgerDlqFilter } from "./dlq-filter.ts";
import type { DlqFilterRequest } from "./dlq-filter.ts";
import { operationFilterMembers } from "./operation-filter.ts";
import {
  operation,
  operationId,
  operationItem,
  operationOrder,
  operationTarget,
} from "./operation-schemas.ts";
import type { OperationTarget } from "./operation-schemas.ts";
import type { PersonLookup } from "../frame/person-filter.ts";
import type { Principal } from "../frame/principal.ts";
import { checkRequestPart, shapeFault } from "../frame/request-shape.ts";
import type { Refused } from "../frame/route.ts";
import { accepted, ok, refuse, route } from "../frame/route.ts";
import { ledgerRunFilter, runFilter } from "../leads/run-filter.ts";
import type { RunFilterRequest } from "../leads/run-filter.ts";
import { closed, page, pageLimitDefault, pageQuery } from "../frame/schemas.ts";

export interface OperationDeps {
  readonly database: Database;
  readonly persons: PersonIndex;
  /** An operation has something to do. */
  readonly onOperation: () => void;
}

const params = Type.Object({ operation_id: operationId });

export function operationRoutes(deps: OperationDeps) {
  const { database, onOperation } = deps;
  return [
    route(
      {
        method: "POST",
        path: "/operations",
        summary: "Do the same to many entries or leads",
        description:
          "Answers at once; the work is done in the background, batch by batch, by whichever node is free, also across restarts. Exactly the entries or leads are treated that are there now and match; none of them twice. Each leaves an audit event with this operation_id and the actor who ordered it.",
        tag: "operations",
        access: "dlq.work",
        body: operationOrder,
        answers: { 202: operation },
        problems: ["destination_removed", "destination_is_external"],
      },
      async ({ body, principal }) => {
        const misfit = misfitOf(body);
        if (misfit !== null) return refuse("request_invalid", { reason: misfit });
        const chosen = await targetOf(body, principal, deps);
        if (!chosen.ok) return chosen.refused;
        const destination = body.destination ?? null;
        if (destination !== null) {
          const obstacle = obstacleOfDestination(await readDestinationState(database, destination));
          if (obstacle !== null) return refuse(obstacle);
        }
        const order: OperationOrder = {
          ...chosen.target,
          destination,
          at: body.at === undefined ? null : new Date(body.at),
          reason: body.reason,
          rate_per_second: body.rate_per_second ?? null,
        };
        const created = await createOperation(database, principal.actor, order);
        onOperation();
        return accepted(operationItem(created));
      },
    ),
    route(
      {
        method: "POST",
        path: "/operations/preview",
        summary: "How many entries or leads an operation would be about",
        description: "Counts, and does nothing.",
        tag: "operations",
        access: "dlq.work",
        body: operationTarget,
        answers: { 200: Type.Object({ total: Type.Integer() }) },
      },
      async ({ body, principal }) => {
        const misfit = misfitOfTarget(body);
        if (misfit !== null) return refuse("request_invalid", { reason: misfit });
        const chosen = await targetOf(body, principal, deps);
        if (!chosen.ok) return chosen.refused;
        return ok({ total: await countOrder(database, chosen.target) });
      },
    ),
    route(
      {
        method: "GET",
        path: "/operations",
        summary: "Operations, the newest first",
        tag: "operations",
        access: "leads.read",
        query: Type.Object({ ...operationFilterMembers, ...pageQuery }, closed),
        answers: { 200: page(operation) },
        problems: ["cursor_invalid"],
      },
      async ({ query: { status, action, client, cursor, limit = pageLimitDefault } }) => {
        const after = cursor === undefined ? null : positionOf(cursor);
        if (after === undefined) return refuse("cursor_invalid");
        const filter: OperationFilter = {
          ...(status === undefined ? {} : { status }),
          ...(action === undefined ? {} : { action }),
          ...(client === undefined ? {} : { client }),
        };
        const found = await listOperations(database, filter, limit + 1, after);
        const shown = found.slice(0, limit);
        const last = shown.at(-1);
        return ok({
          items: shown.map(({ position: _position, ...stored }) => operationItem(stored)),
          next_cursor:
            found.length > limit && last !== undefined
              ? encodeCursor([last.position, last.operation_id])
              : null,
        });
      },
    ),
    route(
      {
        method: "GET",
        path: "/operations/:operation_id",
        summary: "How far an operation is",
        tag: "operations",
        access: "leads.read",
        params,
        answers: { 200: operation },
        problems: ["operation_unknown"],
      },
      async ({ params: { operation_id: id } }) => {
        const found = await findOperation(database, id);
        return found === null ? refuse("operation_unknown") : ok(operationItem(found));
      },
    ),
    steering(deps, "pause", "Stop an operation after the batch under way"),
    steering(deps, "resume", "Go on with an operation that was paused"),
    steering(deps, "cancel", "End an operation; what was done stays done"),
  ];
}

/** undefined: not a cursor of this list. */
function positionOf(cursor: string): readonly [createdAt: string, operationId: string] | undefined {
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  if (typeof at !== "string" || typeof id !== "string") return undefined;
  return createdAtPattern.test(at) && isCalendarTime(at) && uuidPattern.test(id) ? [at, id] : undefined;
}

/** As PostgreSQL writes a timestamptz. */
const createdAtPattern = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?$/;
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function steering<Verb extends OperationSteering>(
  { database, onOperation }: OperationDeps,
  verb: Verb,
  summary: string,
) {
  return route(
    {
      method: "POST",
      path: `/operations/:operation_id/${verb}`,
      summary,
      tag: "operations",
      access: "dlq.work",
      params,
      answers: { 200: operation },
      problems: ["operation_unknown", "operation_not_possible"],
    },
    async ({ params: { operation_id: id }, principal }) => {
      const result = await steerOperation(database, principal.actor, id, verb);
      switch (result.kind) {
        case "steered":
          onOperation();
          return ok(operationItem(result.operation));
        case "not_found":
          return refuse("operation_unknown");
        case "not_possible":
          return refuse("operation_not_possible", { reason: `it is ${result.status}` });
      }
    },
  );
}

const checkDlqFilter = checkRequestPart(dlqFilter, "body");
const checkRunFilter = checkRequestPart(runFilter, "body");

/** What does not fit together; null: all is well. */
function misfitOf(
  body: OperationTarget & { readonly at?: string; readonly destination?: string },
): string | null {
  if (body.action === "runs.replay" && body.destination === undefined)
    return "body/destination is missing: where the leads are to be delivered once more";
  if (body.action !== "runs.replay" && body.destination !== undefined)
    return "body/destination is for runs.replay; entries are narrowed by body/filter/destination";
  if (body.action !== "dlq.retry" && body.at !== undefined) return "body/at is for dlq.retry";
  return misfitOfTarget(body);
}

function misfitOfTarget({ action, filter, ids }: OperationTarget): string | null {
  if ((filter === undefined) === (ids === undefined)) return "body needs either filter or ids";
  const isOfRuns = action === "runs.replay";
  if (ids?.some((id) => typeof id !== (isOfRuns ? "string" : "number")) === true)
    return isOfRuns ? "body/ids must be run_ids" : "body/ids must be dlq_ids";
  if (filter === undefined) return null;
  const check = isOfRuns ? checkRunFilter : checkDlqFilter;
  if (check(filter)) return null;
  const error = Object.assign(new Error("filter"), {
    validation: check.errors,
    validationContext: "body/filter",
  });
  return shapeFault(error);
}

async function targetOf(
  { action, filter, ids }: OperationTarget,
  principal: Principal,
  lookup: PersonLookup,
): Promise<
  | { readonly ok: true; readonly target: Pick<OperationOrder, "action" | "filter" | "ids"> }
  | { readonly ok: false; readonly refused: Refused }
> {
  if (filter === undefined) {
    return { ok: true, target: { action, filter: null, ids: (ids ?? []).map(String) } };
  }
  const read =
    action === "runs.replay"
      ? await ledgerRunFilter(filter as unknown as RunFilterRequest, principal, lookup)
      : await ledgerDlqFilter(
          { status: ["open", "retrying"], ...(filter as DlqFilterRequest) },
          principal,
          lookup,
        );
  return read.ok ? { ok: true, target: { action, filter: read.filter, ids: null } } : read;
}
