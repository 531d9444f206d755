// Rows for files: everything that matches, in one snapshot, page by page, every value as PostgreSQL writes it.
import { signsSql } from "../leads/receipt-sql.ts";
import { currentBodySql } from "../intake/current-body-sql.ts";
import type { Database } from "../connection/database.ts";
import { beginOn, longAnswerTimeoutMs } from "../connection/database.ts";

/** `field`: JSON text of whatever stands at a place in a lead. */
export type CellKind = "text" | "number" | "boolean" | "time" | "date" | "json" | "field";

export interface ExportColumn {
  readonly name: string;
  readonly kind: CellKind;
}

/** One text per column, exact; null: NULL. */
export type ExportRow = readonly (string | null)[];

export interface ExportSelection {
  readonly columns: readonly ExportColumn[];
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Which rows; its placeholders begin with $1, and its columns bear the alias that the table has here. */
export interface ExportCondition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** How times are written: `2026-11-25T22:00:12.345678Z`, or `2026-11-25 23:00:12` of this time zone. */
export type ExportTimes = "utc" | { readonly timezone: string };

/** A place in the lead's body that becomes a column of its own: a JSON pointer's tokens. */
export interface ExportField {
  readonly name: string;
  readonly tokens: readonly string[];
}

const pageRowsFirst = 20;
const pageRowsMax = 200;
/** Bodies may be large: a page is asked for by what those before it weighed. */
const pageCharactersAim = 1024 * 1024;
/** Whoever looks at the beginning of a file in a pager may take a while; a process that froze must not keep its snapshot. */
const readerPauseMaxMs = 3_600_000;

const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL timezone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex';
  SET LOCAL idle_in_transaction_session_timeout = ${readerPauseMaxMs}`;

/** Reads as fast as it is asked, and holds one connection until it is finished or given up (`return`). */
export async function* exportPages(
  database: Database,
  { sql, values }: Pick<ExportSelection, "sql" | "values">,
): AsyncGenerator<readonly ExportRow[], void> {
  const { client, restate } = await beginOn(database, begin);
  let broken = true;
  const onError = (): void => void (broken = true);
  client.on("error", onError);
  try {
    await client.query(`DECLARE export NO SCROLL CURSOR FOR ${restate(sql)}`, [...values]);
    let pageRows = pageRowsFirst;
    for (;;) {
      const { rows } = await client.query<(string | null)[]>({
        text: `FETCH ${pageRows} FROM export`,
        rowMode: "array",
        query_timeout: longAnswerTimeoutMs,
      } as { text: string; rowMode: "array" });
      if (rows.length > 0) yield rows;
      if (rows.length < pageRows) break;
      const fits = Math.floor((pageCharactersAim * rows.length) / Math.max(charactersOf(rows), 1));
      pageRows = Math.max(1, Math.min(fits, 2 * pageRows, pageRowsMax));
    }
    broken = false;
  } finally {
    if (!broken) await client.query("COMMIT").catch(() => (broken = true));
    else
      broken = !(await client.query("ROLLBACK").then(
        () => true,
        () => false,
      ));
    client.off("error", onError);
    client.release(broken);
  }
}

function charactersOf(rows: readonly ExportRow[]): number {
  let characters = 0;
  for (const row of rows) for (const text of row) characters += text?.length ?? 0;
  return characters;
}

interface Column extends ExportColumn {
  readonly sql: string;
}

/** Leads as they stand now, oldest first; `condition` speaks of `r`. */
export function selectRuns(
  condition: ExportCondition,
  fields: readonly ExportField[],
  times: ExportTimes,
): ExportSelection {
  const values = [...condition.values];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const columns: Column[] = [
    { name: "run_id", kind: "text", sql: "r.run_id::text" },
    ...texts("r", ["idempotency_key", "source"]),
    time("r.received_at", times, place),
    ...texts("r", ["status", "error_code", "error_message"]),
    time("r.processed_at", times, place),
    ...texts("r", ["outcome"]),
    { name: "refused", kind: "boolean", sql: "r.refused::text" },
    { name: "test", kind: "boolean", sql: "r.test::text" },
    { name: "body", kind: "json", sql: "b.body::text" },
    ...fields.map(({ name, tokens }): Column => ({
      name,
      kind: "field",
      sql: `(b.body #> ${place(tokens)}::text[])::text`,
    })),
    { name: "signs", kind: "text", sql: `nullif(array_to_string((${signsSql("r.run_id")}), ' '), '')` },
  ];
  // OFFSET 0: the body is looked up once, not once for each column that looks into it.
  return selection(
    columns,
    `FROM public.runs r LEFT JOIN LATERAL (SELECT ${currentBodySql("r.run_id")} AS body OFFSET 0) AS b ON true
     WHERE ${condition.sql} ORDER BY r.received_at, r.run_id`,
    values,
  );
}

/** Oldest first; `condition` speaks of `q`. */
export function selectDlqEntries(condition: ExportCondition, times: ExportTimes): ExportSelection {
  const values = [...condition.values];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const columns: Column[] = [
    { name: "dlq_id", kind: "number", sql: "q.dlq_id::text" },
    { name: "run_id", kind: "text", sql: "q.run_id::text" },
    ...texts("q", ["reason"]),
    { name: "payload", kind: "json", sql: "q.payload::text" },
    { name: "retry_count", kind: "number", sql: "q.retry_count::text" },
    time("q.next_retry_at", times, place),
    ...texts("q", ["status", "kind", "source", "destination", "error_code", "resolution", "note"]),
    { name: "reopened_from", kind: "number", sql: "q.reopened_from::text" },
    time("q.created_at", times, place),
    time("q.closed_at", times, place),
    { name: "test", kind: "boolean", sql: "q.test::text" },
  ];
  return selection(columns, `FROM public.dlq q WHERE ${condition.sql} ORDER BY q.dlq_id`, values);
}

/** Oldest first, with what proves each event; `condition` speaks of `e`. */
export function selectAuditEvents(condition: ExportCondition, times: ExportTimes): ExportSelection {
  const values = [...condition.values];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const hex = (name: string): Column => ({ name, kind: "text", sql: `encode(e.${name}, 'hex')` });
  const columns: Column[] = [
    { name: "event_id", kind: "number", sql: "e.event_id::text" },
    { name: "run_id", kind: "text", sql: "e.run_id::text" },
    time("e.event_time", times, place),
    ...texts("e", ["event_type", "actor"]),
    { name: "payload", kind: "json", sql: "e.payload::text" },
    ...["salt", "payload_digest", "digest"].map(hex),
  ];
  return selection(columns, `FROM public.audit_events e WHERE ${condition.sql} ORDER BY e.event_id`, values);
}

/** Oldest first; `condition` speaks of `k`. */
export function selectKpiDays(condition: ExportCondition, times: ExportTimes): ExportSelection {
  const values = [...condition.values];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const number = (name: string): Column => ({ name, kind: "number", sql: `k.${name}::text` });
  const columns: Column[] = [
    { name: "day", kind: "date", sql: "k.day::text" },
    ...["received_count", "processed_count", "failed_count", "dlq_open_count", "avg_processing_ms"].map(
      number,
    ),
    { name: "by_hand", kind: "boolean", sql: "k.by_hand::text" },
    time("k.closed_at", times, place),
  ];
  return selection(columns, `FROM public.kpi_daily k WHERE ${condition.sql} ORDER BY k.day`, values);
}

/** Oldest first; `condition` speaks of `k`. */
export function selectKpiHours(condition: ExportCondition, times: ExportTimes): ExportSelection {
  const values = [...condition.values];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const figures =
    "received processed failed no_destination resolved_by_hand withdrawn duplicate conflict refused quarantined denied";
  const columns: Column[] = [
    time("k.hour", times, place),
    ...texts("k", ["source"]),
    ...figures.split(" ").map((name): Column => {
      return { name: `${name}_count`, kind: "number", sql: `k.${name}_count::text` };
    }),
  ];
  return selection(
    columns,
    `FROM internal.figures_hourly k WHERE ${condition.sql} ORDER BY k.hour, k.source`,
    values,
  );
}

/** Oldest first; `condition` speaks of `k`. */
export function selectSlaDays(condition: ExportCondition, times: ExportTimes): ExportSelection {
  const values = [...condition.values];
  const place = (value: unknown): string => `$${values.push(value)}`;
  const numbers = (...names: string[]): Column[] =>
    names.map((name) => ({ name, kind: "number", sql: `k.${name}::text` }));
  const columns: Column[] = [
    { name: "day", kind: "date", sql: "k.day::text" },
    ...texts("k", ["sla", "label", "measure", "source", "destination", "client"]),
    ...numbers("within_ms", "target_share"),
    ...texts("k", ["opening_hours", "holidays", "state"]),
    ...numbers("decided_count", "met_count", "missed_count", "pending_count", "by_hand_count"),
    ...numbers("share", "value_ms", "median_ms"),
    ...["k.judged_at", "k.changed_at"].map((sql) => time(sql, times, place)),
    ...texts("k", ["change_reason"]),
  ];
  return selection(columns, `FROM public.sla_daily k WHERE ${condition.sql} ORDER BY k.day, k.sla`, values);
}

function texts(alias: string, names: readonly string[]): Column[] {
  return names.map((name) => ({ name, kind: "text", sql: `${alias}.${name}` }));
}

function time(sql: string, times: ExportTimes, place: (value: unknown) => string): Column {
  const name = sql.replace(/^.*\./, "");
  return {
    name,
    kind: "time",
    sql:
      times === "utc"
        ? `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
        : `to_char(${sql} AT TIME ZONE ${place(times.timezone)}::text, 'YYYY-MM-DD HH24:MI:SS')`,
  };
}

function selection(columns: readonly Column[], from: string, values: readonly unknown[]): ExportSelection {
  return {
    columns: columns.map(({ name, kind }) => ({ name, kind })),
    sql: `SELECT ${columns.map(({ sql }) => sql).join(", ")} ${from}`,
    values,
  };
}
