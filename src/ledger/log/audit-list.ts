// The list of audit events, newest first: a page of it, for any filter and any size of history.
import { actorNameSql } from "./actor-name-sql.ts";
import { eventOfClientSql } from "./event-of-client-sql.ts";
import type { AuditEvent } from "./audit-events.ts";
import { conditionList, oneOfTexts } from "../connection/where-conditions.ts";
import type { Queryable } from "../connection/database.ts";
import { exactRows } from "../connection/exact-rows.ts";
import type { ListPage, PageRow } from "../connection/list-page.ts";
import { pageOf, pageSql } from "../connection/list-page.ts";
import { beforeSql, fromSql } from "../connection/reporting-time-sql.ts";

export interface AuditFilter {
  readonly event_type?: readonly string[];
  readonly actor?: string;
  /** Whose lead, source, destination, operation, user or key it is about; "": what concerns no client. */
  readonly client?: string;
  readonly run_id?: string;
  /** From this time on (ISO 8601). */
  readonly time_from?: string;
  /** Before this time. */
  readonly time_to?: string;
  /** Health checks come in crowds, so they are left out unless asked for. */
  readonly health_checks: boolean;
}

/** As it is listed: the time with microseconds, as the digest holds it. */
export interface ListedEvent extends Omit<AuditEvent, "event_time"> {
  readonly event_time: string;
  /** Of a user or an API key: what they are called. */
  readonly actor_name: string | null;
}

export const eventColumns = `e.event_id, e.run_id, to_char(e.event_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS event_time,
  e.event_type, e.actor, e.payload, ${actorNameSql("e.actor")} AS actor_name`;

/**
 * The order is that of event_id, which is the order of time but for events that waited for a lock. `after`: the last
 * event_id of the page before.
 */
export async function pageOfEvents(
  database: Queryable,
  filter: AuditFilter,
  after: number | null,
  limit: number,
): Promise<ListPage<ListedEvent, string>> {
  const scan = conditionList(1);
  scan.where(filter.run_id, (id) => `e.run_id = ${id}::uuid`);
  scan.where(after ?? undefined, (id) => `e.event_id < ${id}::bigint`);
  // Ids follow time to within an hour, and there is an index on them alone.
  if (filter.run_id === undefined) {
    scan.where(
      filter.time_from,
      (from) =>
        `e.event_id > (SELECT internal.audit_event_id_at(${fromSql(filter.time_from, from)} - interval '1 hour'))`,
    );
    scan.where(
      filter.time_to,
      (to) =>
        `e.event_id <= (SELECT internal.audit_event_id_at(${beforeSql(filter.time_to, to)} + interval '1 hour'))`,
    );
  }
  const from = scan.done();
  const list = conditionList(from.values.length + 1);
  list.where(filter.event_type, oneOfTexts("e.event_type"));
  list.where(filter.actor, (actor) => `e.actor = ${actor}`);
  list.where(filter.client, eventOfClientSql);
  list.where(filter.time_from, (time) => `e.event_time >= ${fromSql(filter.time_from, time)}`);
  list.where(filter.time_to, (time) => `e.event_time < ${beforeSql(filter.time_to, time)}`);
  if (!filter.health_checks) list.always("e.event_type <> 'health_check'");
  const conditions = list.done();
  const rows = await exactRows<ListedEvent & PageRow>(
    database,
    pageSql({
      table: "public.audit_events e",
      alias: "e",
      scan: from.sql,
      filter: conditions.sql,
      order: "e.event_id DESC",
      position: "e.event_id::text",
      select: (source) => `${eventColumns} FROM ${source} e`,
      limit,
      isBounded: filter.run_id === undefined,
    }),
    [...from.values, ...conditions.values],
  );
  return pageOf<ListedEvent>(rows, limit);
}
