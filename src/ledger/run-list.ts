// The list of runs, newest first: a page of it, for any filter and any size of history.
import type { Queryable } from "./database.ts";
import { conditionList } from "./condition-list.ts";
import type { ListPage, PageRow } from "./list-page.ts";
import { pageOf, pageSql } from "./list-page.ts";
import { runConditions, runsOfKeySql } from "./run-filter.ts";
import type { RunFilter } from "./run-filter.ts";
import type { Run } from "./runs.ts";
import { runColumns } from "./runs.ts";

/** `<received_at, ISO 8601 with microseconds> <run_id>`. */
export type RunPosition = string;

/** The order is that of received_at and, where that is equal, of run_id. */
export async function pageOfRuns(
  database: Queryable,
  filter: RunFilter,
  after: RunPosition | null,
  limit: number,
): Promise<ListPage<Run, RunPosition>> {
  const few = await fewCandidates(database, filter);
  const scan = conditionList(1);
  if (few !== null) scan.where(few.value, (value) => `r.run_id = ANY (ARRAY(${few.sql(value)}))`);
  else scan.always(scanCondition(filter));
  scan.where(filter.received_from, (from) => `r.received_at >= ${from}::timestamptz`);
  scan.where(filter.received_to, (to) => `r.received_at < ${to}::timestamptz`);
  const [receivedAt, runId] = after?.split(" ") ?? [];
  if (receivedAt !== undefined) {
    scan.where(
      [receivedAt, runId],
      (position) =>
        `(r.received_at, r.run_id) < ((${position}::text[])[1]::timestamptz, (${position}::text[])[2]::uuid)`,
    );
  }
  const from = scan.done();
  const conditions = runConditions(filter, from.values.length + 1);
  const { rows } = await database.query<Run & PageRow>(
    pageSql({
      ...{ table: "public.runs r", alias: "r", scan: from.sql, filter: conditions.sql },
      order: "r.received_at DESC, r.run_id DESC",
      position: `to_char(r.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || r.run_id`,
      select: runColumns,
      ...{ limit, isBounded: few === null },
    }),
    [...from.values, ...conditions.values],
  );
  return pageOf<Run>(rows, limit);
}

/** The newest runs that the filter matches, newest first, however many rows must be looked at. */
export async function listRuns(database: Queryable, filter: RunFilter, limit: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (let after: RunPosition | null = null; ;) {
    const page: ListPage<Run, RunPosition> = await pageOfRuns(database, filter, after, limit - runs.length);
    runs.push(...page.rows);
    if (page.next === null || runs.length >= limit) return runs;
    after = page.next;
  }
}

/** Where so many runs at most come into question, they are all looked at. */
const fewMax = 2_000;

interface Candidates {
  /** Of their run ids. */
  readonly sql: (value: string) => string;
  readonly value: string;
}

/** The runs that one member of the filter leaves, if they are few; null: no member leaves few. */
async function fewCandidates(database: Queryable, filter: RunFilter): Promise<Candidates | null> {
  for (const candidates of candidatesOf(filter)) {
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*) FROM (SELECT FROM (${candidates.sql("$1")}) AS candidates LIMIT ${fewMax + 1}) AS counted`,
      [candidates.value],
    );
    if ((rows[0]?.count ?? 0) <= fewMax) return candidates;
  }
  return null;
}

/** Those first that leave the fewest. */
function candidatesOf(filter: RunFilter): Candidates[] {
  const { run_id, email_hash, phone_hash, idempotency_key, destination, error_code, status, source } = filter;
  const { refused, needs_decision, retrying, given_up } = filter;
  const found: Candidates[] = [];
  const add = (value: string | undefined, sql: Candidates["sql"]): void => {
    if (value !== undefined) found.push({ value, sql });
  };
  add(run_id?.join(","), (ids) => `SELECT unnest(string_to_array(${ids}, ',')::uuid[]) AS run_id`);
  add(email_hash, (hex) => `SELECT run_id FROM public.runs WHERE email_hash = decode(${hex}, 'hex')`);
  add(phone_hash, (hex) => `SELECT run_id FROM public.runs WHERE phone_hash = decode(${hex}, 'hex')`);
  add(idempotency_key, runsOfKeySql);
  add(destination, runsOfDestinationSql);
  add(error_code, runsOfErrorCodeSql);
  if (needs_decision === true) add("needs_decision", runsOfStagesSql);
  if (retrying === true) add("open,retrying", runsOfStagesSql);
  if (given_up === true) add("dead", runsOfStagesSql);
  if (refused === true) add("refused", refusedRunsSql);
  if (status?.every((one) => one === "accepted") === true) add("", acceptedRunsSql);
  add(source, (name) => `SELECT run_id FROM public.runs WHERE source = ${name}`);
  return found;
}

function runsOfDestinationSql(name: string): string {
  return `SELECT run_id FROM public.deliveries WHERE destination = ${name}
    UNION ALL ${runsOfCausesSql(2, name)}`;
}

/** An error code is that of an entry, unless somebody wrote it by hand. */
function runsOfErrorCodeSql(code: string): string {
  return `SELECT run_id FROM public.runs_by_hand UNION ALL ${runsOfCausesSql(3, code)}`;
}

/** Somebody may have written it by hand. */
function refusedRunsSql(kind: string): string {
  return `SELECT run_id FROM public.runs_by_hand UNION ALL ${runsOfCausesSql(1, kind)}`;
}

/** Runs with an entry whose cause has `text` as this part: 1 kind, 2 destination, 3 error code. */
function runsOfCausesSql(part: 1 | 2 | 3, text: string): string {
  return `SELECT q.run_id FROM public.dlq q
    WHERE q.run_id IS NOT NULL AND public.dlq_cause(q.kind, q.destination, q.source, q.error_code) = ANY (ARRAY(
      SELECT DISTINCT c.cause FROM public.dlq_causes c WHERE split_part(c.cause, E'\\x1f', ${part}) = ${text}))`;
}

/** Runs with an entry in one of these stages (dlq_stage); the index has them by cause, so it is asked for all causes. */
function runsOfStagesSql(stages: string): string {
  return `SELECT q.run_id FROM public.dlq q
    WHERE q.run_id IS NOT NULL AND public.dlq_stage(q.status, q.next_retry_at) = ANY (string_to_array(${stages}, ','))
      AND public.dlq_cause(q.kind, q.destination, q.source, q.error_code) = ANY (ARRAY(
        SELECT DISTINCT c.cause FROM public.dlq_causes c))`;
}

/** More than those that are accepted, but all of them: one is accepted while it has a delivery, or was made by hand. */
function acceptedRunsSql(unused: string): string {
  return `SELECT run_id FROM public.deliveries UNION ALL SELECT run_id FROM public.runs_by_hand WHERE ${unused}::text = ''`;
}

/** What an index of its own answers; TRUE: the runs in the order in which they were received. */
function scanCondition(filter: RunFilter): string {
  const { status, error_code, error_message, test, refused, needs_decision, retrying, given_up } = filter;
  const isFailed =
    status?.every((one) => one === "failed") === true ||
    [refused, needs_decision, retrying, given_up].includes(true);
  if (isFailed || error_code !== undefined || error_message !== undefined) {
    return "(r.error_code IS NOT NULL OR r.error_message IS NOT NULL)";
  }
  return test === true ? "r.test" : "TRUE";
}
