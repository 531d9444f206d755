// Which events and days a file holds: the filters of their lists as conditions. (Leads and entries: run-filter.ts,
// dlq-filter.ts.)
import type { AuditFilter } from "../log/audit-list.ts";
import { eventOfClientSql } from "../log/event-of-client-sql.ts";
import { conditionList, oneOfTexts } from "../connection/where-conditions.ts";
import type { Conditions } from "../connection/where-conditions.ts";
import { beforeSql, fromSql } from "../connection/reporting-time-sql.ts";

/** A condition on `public.audit_events e`. */
export function auditConditions(filter: AuditFilter): Conditions {
  const list = conditionList(1);
  list.where(filter.run_id, (id) => `e.run_id = ${id}::uuid`);
  list.where(filter.event_type, oneOfTexts("e.event_type"));
  list.where(filter.actor, (actor) => `e.actor = ${actor}`);
  list.where(filter.client, eventOfClientSql);
  // Ids follow time to within an hour, and there is an index on them alone.
  list.where(
    filter.time_from,
    (time) => `e.event_time >= ${fromSql(filter.time_from, time)}
      AND e.event_id > (SELECT internal.audit_event_id_at(${fromSql(filter.time_from, time)} - interval '1 hour'))`,
  );
  list.where(
    filter.time_to,
    (time) => `e.event_time < ${beforeSql(filter.time_to, time)}
      AND e.event_id <= (SELECT internal.audit_event_id_at(${beforeSql(filter.time_to, time)} + interval '1 hour'))`,
  );
  if (!filter.health_checks) list.always("e.event_type <> 'health_check'");
  return list.done();
}

/** Days of the reporting time zone (ISO), both included. */
export interface KpiFilter {
  readonly from?: string;
  readonly to?: string;
}

/** A condition on `public.kpi_daily k`. */
export function kpiConditions(filter: KpiFilter): Conditions {
  const list = conditionList(1);
  list.where(filter.from, (day) => `k.day >= ${day}::date`);
  list.where(filter.to, (day) => `k.day <= ${day}::date`);
  return list.done();
}

/** A condition on `internal.figures_hourly k`. */
export function kpiHourConditions(filter: KpiFilter): Conditions {
  const list = conditionList(1);
  list.where(
    filter.from,
    (day) => `k.hour >= ${day}::date::timestamp AT TIME ZONE internal.reporting_timezone()`,
  );
  list.where(
    filter.to,
    (day) => `k.hour < (${day}::date + 1)::timestamp AT TIME ZONE internal.reporting_timezone()`,
  );
  return list.done();
}

export interface SlaFilter extends KpiFilter {
  readonly sla?: string;
}

/** A condition on `public.sla_daily k`. */
export function slaConditions(filter: SlaFilter): Conditions {
  const list = conditionList(1);
  list.where(filter.from, (day) => `k.day >= ${day}::date`);
  list.where(filter.to, (day) => `k.day <= ${day}::date`);
  list.where(filter.sla, (name) => `k.sla = ${name}`);
  return list.done();
}
