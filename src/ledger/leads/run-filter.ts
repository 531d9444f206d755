// Which runs are meant: the filter that lists, exports and operations share, as a condition in SQL.
import type { RunOutcome, RunStatus } from "../../domain/leads/run.ts";
import { ofClientSql } from "../connection/client-sql.ts";
import { conditionList, containsText, oneOfTexts } from "../connection/where-conditions.ts";
import type { Conditions } from "../connection/where-conditions.ts";
import {
  entryDecides,
  entryGivenUp,
  entryHealsItself,
  entryNeedsDecision,
} from "../attention/entry-state-sql.ts";
import { receiptSignNames, signSql } from "./receipt-sql.ts";
import { runsOfHashesSql } from "../intake/further-hashes.ts";
import { runsOfNamesSql } from "./name-hashes.ts";
import { runsOfKeySql } from "../intake/runs-of-key-sql.ts";
import { beforeSql, fromSql } from "../connection/reporting-time-sql.ts";

/** Every member narrows; an empty filter means all runs. It is kept as JSON, so nobody's address stands in it. */
export interface RunFilter {
  readonly run_id?: readonly string[];
  readonly status?: readonly RunStatus[];
  readonly source?: string;
  /** Whose source it is; "": those that name no client. */
  readonly client?: string;
  /** With a delivery that waits, or a DLQ entry of whatever state, for this destination. */
  readonly destination?: string;
  readonly outcome?: readonly RunOutcome[];
  readonly error_code?: string;
  /** This text stands in it. */
  readonly error_message?: string;
  /** From this time on (ISO 8601, or as PostgreSQL writes it). */
  readonly received_from?: string;
  /** Before this time. */
  readonly received_to?: string;
  readonly idempotency_key?: string;
  /** The number of its record at a destination. */
  readonly remote_id?: string;
  /** With a delivery that arrived so. */
  readonly unproven?: boolean;
  readonly maybe_twice?: boolean;
  readonly known_person?: boolean;
  readonly added_to_person?: boolean;
  readonly warning?: boolean;
  readonly test?: boolean;
  readonly refused?: boolean;
  /** Failed, with an entry that waits for a person, that heals itself, or that was given up: as a run's members say it. */
  readonly needs_decision?: boolean;
  readonly retrying?: boolean;
  readonly given_up?: boolean;
  /** Accepted, or failed with an entry that is open or retrying. */
  readonly unfinished?: boolean;
  /** Hexadecimal; several, joined by commas: one of these. */
  readonly email_hash?: string;
  readonly phone_hash?: string;
  readonly name_hash?: string;
}

/** A condition on `public.runs r`. */
export function runConditions(filter: RunFilter, firstParameter: number): Conditions {
  const list = conditionList(firstParameter);
  list.where(filter.run_id, (ids) => `r.run_id = ANY (${ids}::uuid[])`);
  list.where(filter.status, oneOfTexts("r.status"));
  list.where(filter.source, (source) => `r.source = ${source}`);
  list.where(filter.client, ofClientSql("r.source"));
  list.where(
    filter.destination,
    (
      name,
    ) => `EXISTS (SELECT FROM internal.deliveries d WHERE d.run_id = r.run_id AND d.destination = ${name} ${rowByRow})
      OR EXISTS (SELECT FROM public.dlq q WHERE q.run_id = r.run_id AND q.destination = ${name} ${rowByRow})`,
  );
  list.where(filter.outcome, oneOfTexts("r.outcome"));
  list.where(filter.error_code, (code) => `r.error_code = ${code}`);
  list.where(filter.error_message, containsText("r.error_message"));
  list.where(filter.received_from, (from) => `r.received_at >= ${fromSql(filter.received_from, from)}`);
  list.where(filter.received_to, (to) => `r.received_at < ${beforeSql(filter.received_to, to)}`);
  list.where(filter.idempotency_key, (key) => `r.run_id IN (${runsOfKeySql(key)})`);
  list.where(
    filter.remote_id,
    (id) => `r.run_id IN (SELECT t.run_id FROM internal.receipts t WHERE t.remote_id = ${id})`,
  );
  for (const sign of receiptSignNames) list.whereFlag(filter[sign], arrivedSoSql(signSql[sign]));
  list.whereFlag(filter.test, "r.test");
  list.whereFlag(filter.refused, "r.refused");
  list.whereFlag(filter.needs_decision, failedWithEntrySql(entryNeedsDecision));
  list.whereFlag(filter.retrying, failedWithEntrySql(entryHealsItself));
  list.whereFlag(filter.given_up, failedWithEntrySql(entryGivenUp));
  list.whereFlag(
    filter.unfinished,
    `r.status = 'accepted' OR ${failedWithEntrySql("d.status IN ('open', 'retrying')")}`,
  );
  list.where(filter.email_hash, (hashes) => `r.run_id IN (${runsOfHashesSql("email", hashes)})`);
  list.where(filter.phone_hash, (hashes) => `r.run_id IN (${runsOfHashesSql("phone", hashes)})`);
  list.where(filter.name_hash, (hashes) => `r.run_id IN (${runsOfNamesSql(hashes)})`);
  return list.done();
}

function arrivedSoSql(condition: string): string {
  return `EXISTS (SELECT FROM internal.receipts t WHERE t.run_id = r.run_id AND ${condition} ${rowByRow})`;
}

function failedWithEntrySql(condition: string): string {
  return `r.status = 'failed' AND EXISTS (
    SELECT FROM public.dlq d WHERE d.run_id = r.run_id AND ${entryDecides} AND (${condition}) ${rowByRow})`;
}

/** Looked up for each run that comes up: the planner would rather read all entries at once, for a page of 50 runs. */
const rowByRow = "OFFSET 0";
