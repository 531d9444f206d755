// One run with everything that belongs to it: its body, its story, what is still to be done for it.
import { readContact } from "./contacts.ts";
import type { Contact } from "./contacts.ts";
import type { LeadReading } from "../../domain/leads/lead-reading.ts";
import { readLead } from "../../domain/leads/read-lead.ts";
import type { VocabularyLead } from "../../domain/leads/vocabulary.ts";
import { findRunOfArrival } from "../log/arrival-ids.ts";
import type { ListedEvent } from "../log/audit-list.ts";
import { eventColumns } from "../log/audit-list.ts";
import { currentBodySql } from "../intake/current-body-sql.ts";
import type { Queryable } from "../connection/database.ts";
import type { DlqEntry } from "../attention/dlq.ts";
import { dlqColumns } from "../attention/dlq.ts";
import { exactRows } from "../connection/exact-rows.ts";
import { readCompletion } from "./incomplete-leads.ts";
import type { Completion } from "./incomplete-leads.ts";
import { listRelatedRuns, readRelatedWithinDays } from "./related-runs.ts";
import type { RelatedRun } from "./related-runs.ts";
import type { DeliveryView } from "./delivery-views.ts";
import { readDeliveries } from "./delivery-views.ts";
import type { Run } from "./runs.ts";
import { findRun } from "./runs.ts";

export interface RunView extends Run {
  /** The body in the vocabulary; null: there is no body. */
  readonly lead: VocabularyLead | null;
  /** Other leads of the same person. */
  readonly related_runs: RelatedRun[];
  /** As far apart those are looked for. */
  readonly related_within_days: number;
  /** As it stands now; null: none is known, or it was erased. Numbers are exact. */
  readonly body: unknown;
  readonly deliveries: DeliveryView[];
  /** It came as an id, and what it says must still be fetched; null: nothing is missing. */
  readonly completion: Completion | null;
  /** null: nobody has said that the person was contacted. */
  readonly contacted: Contact | null;
  /** The oldest first. */
  readonly dlq: DlqEntry[];
  /** In the order in which it happened. */
  readonly timeline: ListedEvent[];
  /** Requests that were taken for repeats because of their content. */
  readonly repeats: RepeatView[];
}

export interface RepeatView {
  readonly event_id: number;
  /** ISO 8601. */
  readonly received_at: string;
  /** The lead that somebody made of it; null: nobody did. */
  readonly delivered_as: string | null;
}

/** So many events, and so many entries, are read of one run; few have more than a dozen. */
export const timelineEventsMax = 2_000;
const entriesMax = 200;

/** `id`: a run's, or that of an arrival which another run stands for. */
export async function readRun(
  database: Queryable,
  id: string,
  readingOf: (source: string) => LeadReading,
): Promise<RunView | null> {
  const run = (await findRun(database, id)) ?? (await findRunToldAs(database, id));
  if (run === null) return null;
  const { run_id: runId } = run;
  const bodies = await exactRows<{ body: unknown }>(
    database,
    `SELECT ${currentBodySql("$1::uuid")} AS body`,
    [runId],
  );
  const timeline = await exactRows<ListedEvent>(
    database,
    `SELECT ${eventColumns} FROM public.audit_events e WHERE e.run_id = $1 ORDER BY e.event_time LIMIT ${timelineEventsMax}`,
    [runId],
  );
  const body = bodies[0]?.body ?? null;
  const withinDays = await readRelatedWithinDays(database);
  return {
    ...run,
    lead: body === null ? null : readLead(body, readingOf(run.source)),
    body,
    related_runs: await listRelatedRuns(database, runId, withinDays),
    related_within_days: withinDays,
    deliveries: await readDeliveries(database, runId, timeline),
    completion: await readCompletion(database, runId),
    contacted: await readContact(database, runId),
    dlq: await exactRows<DlqEntry>(
      database,
      `SELECT ${dlqColumns} FROM public.dlq q WHERE q.run_id = $1 ORDER BY q.dlq_id LIMIT ${entriesMax}`,
      [runId],
    ),
    timeline,
    repeats: repeatsOf(timeline),
  };
}

function repeatsOf(timeline: readonly ListedEvent[]): RepeatView[] {
  const made = new Map(
    timeline
      .filter(({ event_type: type }) => type === "repeat_delivered")
      .map(({ payload }) => [Number(payload?.["event_id"]), String(payload?.["new_run_id"])]),
  );
  return timeline
    .filter(
      ({ event_type: type, payload }) => type === "duplicate_received" && payload?.["body"] !== undefined,
    )
    .map(({ event_id, event_time }) => ({
      event_id,
      received_at: event_time,
      delivered_as: made.get(event_id) ?? null,
    }));
}

export async function readEntry(database: Queryable, dlqId: number): Promise<DlqEntry | null> {
  const rows = await exactRows<DlqEntry>(
    database,
    `SELECT ${dlqColumns} FROM public.dlq q WHERE q.dlq_id = $1`,
    [dlqId],
  );
  return rows[0] ?? null;
}

async function findRunToldAs(database: Queryable, arrivalId: string): Promise<Run | null> {
  const runId = await findRunOfArrival(database, arrivalId);
  return runId === null ? null : findRun(database, runId);
}
