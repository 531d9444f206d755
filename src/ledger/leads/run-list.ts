// The list of runs, newest first: a page of it, for any filter and any size of history.
import type { Queryable } from "../connection/database.ts";
import { conditionList } from "../connection/where-conditions.ts";
import { laneOrderSql, laneSql, stages, stagesAtWork } from "../attention/dlq-causes.ts";
import type { ListPage, PageRow } from "../connection/list-page.ts";
import { pageOf, pageSql } from "../connection/list-page.ts";
import { runConditions } from "./run-filter.ts";
import { receiptSignNames, runsOfSignSql } from "./receipt-sql.ts";
import type { ReceiptSignName } from "./receipt-sql.ts";
import { runsOfHashesSql } from "../intake/further-hashes.ts";
import { runsOfNamesSql } from "./name-hashes.ts";
import { runsOfKeySql } from "../intake/runs-of-key-sql.ts";
import type { RunFilter } from "./run-filter.ts";
import type { Run } from "./runs.ts";
import { runColumns } from "./runs.ts";
import { beforeSql, fromSql } from "../connection/reporting-time-sql.ts";

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
  scan.where(filter.received_from, (from) => `r.received_at >= ${fromSql(filter.received_from, from)}`);
  scan.where(filter.received_to, (to) => `r.received_at < ${beforeSql(filter.received_to, to)}`);
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
      table: "public.runs r",
      alias: "r",
      scan: from.sql,
      filter: conditions.sql,
      order: "r.received_at DESC, r.run_id DESC",
      position: `to_char(r.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || r.run_id`,
      select: runColumns,
      limit,
      isBounded: few === null,
      looksUp: looksUp(filter),
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
const fewMax = 2_500;

/** SQL, given the parameter that bears the value (`$1`). */
type SqlOf = (value: string) => string;

interface Candidates {
  readonly value: string;
  /** Their run ids. */
  readonly sql: SqlOf;
  /** How many they are at most; absent: they are counted. */
  readonly countSql?: SqlOf;
}

/** The runs that one member of the filter leaves, if they are few; null: no member leaves few. */
async function fewCandidates(database: Queryable, filter: RunFilter): Promise<Candidates | null> {
  for (const candidates of candidatesOf(filter)) {
    const { sql, countSql = countUpTo(sql), value } = candidates;
    const { rows } = await database.query<{ count: number }>(`SELECT (${countSql("$1")})::bigint AS count`, [
      value,
    ]);
    if ((rows[0]?.count ?? 0) <= fewMax) return candidates;
  }
  return null;
}

function countUpTo(sql: SqlOf): SqlOf {
  return (value) =>
    `SELECT count(*) FROM (SELECT FROM (${sql(value)}) AS candidates LIMIT ${fewMax + 1}) AS counted`;
}

/** Those first that leave the fewest. */
function candidatesOf(filter: RunFilter): Candidates[] {
  const {
    run_id,
    email_hash,
    phone_hash,
    name_hash,
    idempotency_key,
    destination,
    error_code,
    status,
    source,
  } = filter;
  const { refused, needs_decision, retrying, given_up, unfinished } = filter;
  const { remote_id } = filter;
  const found: Candidates[] = [];
  const add = (value: string | undefined, sql: SqlOf, countSql?: SqlOf): void => {
    if (value !== undefined) found.push({ value, sql, ...(countSql === undefined ? {} : { countSql }) });
  };
  const addEntries = (value: string, entries: Entries): void =>
    add(value, runsOfEntries(entries), countOfEntries(entries));
  add(run_id?.join(","), (ids) => `SELECT unnest(string_to_array(${ids}, ',')::uuid[]) AS run_id`);
  add(email_hash, (hashes) => runsOfHashesSql("email", hashes));
  add(phone_hash, (hashes) => runsOfHashesSql("phone", hashes));
  add(name_hash, runsOfNamesSql);
  add(idempotency_key, runsOfKeySql);
  add(remote_id, (id) => `SELECT t.run_id FROM internal.receipts t WHERE t.remote_id = ${id}`);
  for (const sign of receiptSignNames) if (filter[sign] === true) add("", arrivedSo(sign));
  if (destination !== undefined) addEntries(destination, ofDestination);
  if (error_code !== undefined) addEntries(error_code, ofErrorCode);
  if (needs_decision === true) addEntries("needs_decision", needingDecision);
  if (retrying === true) addEntries("open,retrying", healingThemselves);
  if (given_up === true) addEntries("dead", givenUp);
  if (unfinished === true) addEntries(stagesAtWork.join(","), atWorkOrAccepted);
  if (refused === true) addEntries("refused", ofRefusedPayloads);
  if (status?.every((one) => one === "accepted") === true) add("", acceptedRunsSql);
  add(source, (name) => `SELECT run_id FROM public.runs WHERE source = ${name}`);
  return found;
}

/** Runs with an entry of some causes (`internal.dlq_causes c`) and stages (dlq_stage). */
interface Entries {
  readonly cause: SqlOf;
  readonly stages: SqlOf;
  /** How many there are of a cause, at most: what dlq_causes counts. */
  readonly counted: string;
  /** Runs that come into question besides. */
  readonly besides?: SqlOf;
}

const everyStage: SqlOf = () => `'${stages.join(",")}'`;
const handMade: SqlOf = () => "SELECT run_id FROM internal.runs_by_hand";

const ofDestination: Entries = {
  cause: (name) => `split_part(c.cause, E'\\x1f', 2) = ${name}`,
  stages: everyStage,
  counted: "c.entries",
  besides: (name) => `SELECT run_id FROM internal.deliveries WHERE destination = ${name}`,
};
/** An error code is that of an entry, unless somebody wrote it by hand. */
const ofErrorCode: Entries = {
  cause: (code) => `split_part(c.cause, E'\\x1f', 3) = ${code}`,
  stages: everyStage,
  counted: "c.entries",
  besides: handMade,
};
const ofRefusedPayloads: Entries = {
  cause: (kind) => `split_part(c.cause, E'\\x1f', 1) = ${kind}`,
  stages: everyStage,
  counted: "c.entries",
  besides: handMade,
};
/** Says TRUE by the parameter, which a statement must not leave unused. */
const anyCause: SqlOf = (value) => `${value}::text IS NOT NULL`;
const needingDecision: Entries = { cause: anyCause, stages: same, counted: "c.need_decision" };
const healingThemselves: Entries = { cause: anyCause, stages: same, counted: "c.at_work - c.need_decision" };
const atWorkOrAccepted: Entries = {
  cause: anyCause,
  stages: same,
  counted: "c.at_work",
  besides: () => "SELECT run_id FROM internal.deliveries UNION ALL SELECT run_id FROM internal.runs_by_hand",
};
const givenUp: Entries = { cause: anyCause, stages: same, counted: "c.entries - c.at_work" };

function same(value: string): string {
  return value;
}

/**
 * The index dlq_by_cause has the entries of every cause and stage together. It is asked for one of them after the other:
 * for all at once, the planner would read the whole table.
 */
function runsOfEntries({ cause, stages: of, besides }: Entries): SqlOf {
  return (
    value,
  ) => `SELECT lane.run_id FROM (SELECT DISTINCT c.cause FROM internal.dlq_causes c WHERE ${cause(value)}) AS of
    CROSS JOIN unnest(string_to_array(${of(value)}, ',')) AS at (stage)
    CROSS JOIN LATERAL (
      SELECT q.run_id FROM public.dlq q
      WHERE ${laneSql("of.cause", "at.stage")} AND q.run_id IS NOT NULL
      ORDER BY ${laneOrderSql("DESC")}) AS lane
    ${besides === undefined ? "" : `UNION ALL ${besides(value)}`}`;
}

function countOfEntries({ cause, counted, besides }: Entries): SqlOf {
  return (
    value,
  ) => `SELECT coalesce(sum(${counted}), 0) ${besides === undefined ? "" : `+ (${countUpTo(besides)(value)})`}
    FROM internal.dlq_causes c WHERE ${cause(value)}`;
}

/** Uses its parameter, as a statement must. */
function arrivedSo(sign: ReceiptSignName): SqlOf {
  return (unused) => `${runsOfSignSql(sign)} AND ${unused}::text = ''`;
}

/** More than those that are accepted, but all of them: one is accepted while it has a delivery, or was made by hand. */
function acceptedRunsSql(unused: string): string {
  return `SELECT run_id FROM internal.deliveries UNION ALL SELECT run_id FROM internal.runs_by_hand WHERE ${unused}::text = ''`;
}

function looksUp(filter: RunFilter): boolean {
  const { destination, needs_decision, retrying, given_up, unfinished } = filter;
  const signs = receiptSignNames.map((sign) => filter[sign]);
  return [destination, needs_decision, retrying, given_up, unfinished, ...signs].some(
    (value) => value !== undefined,
  );
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
