// The list of DLQ entries, newest first: a page of it, for any filter and any size of history.
import { conditionList } from "../connection/where-conditions.ts";
import type { Queryable } from "../connection/database.ts";
import { causesOf, dlqIdEnd, laneOrderSql, laneSql, stages, stagesOf } from "./dlq-causes.ts";
import type { ListedEntry } from "./dlq.ts";
import { dlqListColumns } from "./dlq.ts";
import { dlqConditions } from "./dlq-filter.ts";
import type { DlqFilter } from "./dlq-filter.ts";
import type { ListPage, PageRow } from "../connection/list-page.ts";
import { pageOf, pageSql } from "../connection/list-page.ts";

/** The order is that of dlq_id. `after`: the last dlq_id of the page before; null: from the newest on. */
export async function pageOfEntries(
  database: Queryable,
  filter: DlqFilter,
  after: number | null,
  limit: number,
): Promise<ListPage<ListedEntry, string>> {
  const few = isOfFewRuns(filter);
  const from = (few ? null : await lanes(database, filter, after, limit)) ?? wholeTable(after);
  const conditions = dlqConditions(filter, from.values.length + 1);
  const { rows } = await database.query<ListedEntry & PageRow>(
    pageSql({
      table: from.table,
      alias: "q",
      filter: conditions.sql,
      // Few entries are found by the filter itself; else it goes down from the newest.
      scan: few ? `${from.scan} AND ${conditions.sql}` : from.scan,
      order: "q.dlq_id DESC",
      position: "q.dlq_id::text",
      select: (source) => `${dlqListColumns} FROM ${source} q`,
      limit,
      isBounded: !few && from.isBounded,
    }),
    [...from.values, ...conditions.values],
  );
  return pageOf<ListedEntry>(rows, limit);
}

interface Origin {
  readonly table: string;
  readonly scan: string;
  readonly values: readonly unknown[];
  readonly isBounded: boolean;
}

function wholeTable(after: number | null): Origin {
  const list = conditionList(1);
  list.where(after ?? undefined, (id) => `q.dlq_id < ${id}::bigint`);
  const { sql, values } = list.done();
  return { table: "public.dlq q", scan: sql, values, isBounded: true };
}

/** An index leads to the entries of each of these. */
function isOfFewRuns({ dlq_id, run_id, idempotency_key, email_hash, phone_hash }: DlqFilter): boolean {
  return [dlq_id, run_id, idempotency_key, email_hash, phone_hash].some((value) => value !== undefined);
}

/**
 * The first entries of every cause and stage that the filter leaves, which the index dlq_by_cause holds in order; null:
 * the filter asks for more than those, or leaves too many.
 */
async function lanes(
  database: Queryable,
  filter: DlqFilter,
  after: number | null,
  limit: number,
): Promise<Origin | null> {
  if (!isOfCauseAndStage(filter)) return null;
  const causes = await causesOf(database, filter);
  const wanted = stagesOf(filter);
  if (causes.length * wanted.length > lanesMax) return null;
  const table = `(SELECT q.* FROM unnest($1::text[]) AS of (cause) CROSS JOIN unnest($2::text[]) AS at (stage)
    CROSS JOIN LATERAL (
      SELECT * FROM public.dlq q WHERE ${laneSql("of.cause", "at.stage", `coalesce($3::bigint, ${dlqIdEnd})`)}
      ORDER BY ${laneOrderSql("DESC")} LIMIT ${limit + 1}) AS q) AS q`;
  return { table, scan: "TRUE", values: [causes, wanted, after], isBounded: false };
}

const lanesMax = 500;

/** Whether cause and stage are all that the filter asks for, and it asks for some. */
function isOfCauseAndStage(filter: DlqFilter): boolean {
  const { status, kind, destination, error_code, needs_decision, without, source, ...rest } = filter;
  const sourceIsPlace = source === undefined || without?.includes("destination") === true;
  const lacksSourceOnly = without?.includes("source") === true && !without.includes("destination");
  const asksMore = Object.keys(rest).length > 0;
  if (!sourceIsPlace || lacksSourceOnly || asksMore) return false;
  const asks = [kind, destination, error_code, without].some((value) => value !== undefined);
  return (
    asks ||
    stagesOf({ ...(status && { status }), ...(needs_decision !== undefined && { needs_decision }) }).length <
      stages.length
  );
}
