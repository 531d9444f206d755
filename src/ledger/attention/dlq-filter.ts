// Which DLQ entries are meant: the filter that lists, exports and operations share, as a condition in SQL.
import type { DlqKind, DlqStatus } from "../../domain/leads/run.ts";
import { ofClientSql } from "../connection/client-sql.ts";
import { conditionList, containsText, oneOfTexts } from "../connection/where-conditions.ts";
import type { Conditions } from "../connection/where-conditions.ts";
import { runsOfHashesSql } from "../intake/further-hashes.ts";
import { runsOfKeySql } from "../intake/runs-of-key-sql.ts";
import { beforeSql, fromSql } from "../connection/reporting-time-sql.ts";

/** What an entry may lack. */
export const dlqLacks = ["destination", "source", "error_code"] as const;
export type DlqLack = (typeof dlqLacks)[number];

/** Every member narrows; an empty filter means all entries. It is kept as JSON, so nobody's address stands in it. */
export interface DlqFilter {
  readonly dlq_id?: readonly number[];
  readonly status?: readonly DlqStatus[];
  readonly kind?: readonly DlqKind[];
  readonly destination?: string;
  readonly source?: string;
  /** Whose source it is; "": those that name no client. */
  readonly client?: string;
  readonly error_code?: string;
  /** Only entries that have none of these. */
  readonly without?: readonly DlqLack[];
  /** This text stands in it. */
  readonly reason?: string;
  /** From this time on (ISO 8601, or as PostgreSQL writes it). */
  readonly created_from?: string;
  /** Before this time. */
  readonly created_to?: string;
  /** The next attempt is due before this time. */
  readonly next_retry_before?: string;
  /** Open without a next attempt: waits for a person. */
  readonly needs_decision?: boolean;
  readonly run_id?: string;
  readonly idempotency_key?: string;
  /** Hexadecimal; of the entry's run. */
  readonly email_hash?: string;
  readonly phone_hash?: string;
}

/** A condition on `public.dlq q`. */
export function dlqConditions(filter: DlqFilter, firstParameter: number): Conditions {
  const list = conditionList(firstParameter);
  list.where(filter.dlq_id, (ids) => `q.dlq_id = ANY (${ids}::bigint[])`);
  list.where(filter.status, oneOfTexts("q.status"));
  list.where(filter.kind, oneOfTexts("q.kind"));
  list.where(filter.destination, (name) => `q.destination = ${name}`);
  list.where(filter.source, (name) => `q.source = ${name}`);
  list.where(filter.client, ofClientSql("q.source"));
  list.where(filter.error_code, (code) => `q.error_code = ${code}`);
  for (const lack of filter.without ?? []) list.always(`q.${lack} IS NULL`);
  list.where(filter.reason, containsText("q.reason"));
  list.where(filter.created_from, (from) => `q.created_at >= ${fromSql(filter.created_from, from)}`);
  list.where(filter.created_to, (to) => `q.created_at < ${beforeSql(filter.created_to, to)}`);
  list.where(
    filter.next_retry_before,
    (time) => `q.next_retry_at < ${fromSql(filter.next_retry_before, time)}`,
  );
  list.whereFlag(filter.needs_decision, "q.status = 'open' AND q.next_retry_at IS NULL");
  list.where(filter.run_id, (id) => `q.run_id = ${id}::uuid`);
  list.where(filter.idempotency_key, (key) => `q.run_id IN (${runsOfKeySql(key)})`);
  list.where(filter.email_hash, (hex) => `q.run_id IN (${runsOfHashesSql("email", hex)})`);
  list.where(filter.phone_hash, (hex) => `q.run_id IN (${runsOfHashesSql("phone", hex)})`);
  return list.done();
}
