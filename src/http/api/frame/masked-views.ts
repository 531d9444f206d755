// Runs, entries and events as they are shown to somebody who need not see the person behind them.
import { maskBody, maskedText, maskEventPayload, maskPayload } from "../../../domain/persons/masking.ts";
import { maskedLead } from "../../../domain/persons/masked-lead.ts";
import type { ListedEvent } from "../../../ledger/log/audit-list.ts";
import type { DlqEntry, ListedEntry } from "../../../ledger/attention/dlq.ts";
import type { PointersOf } from "../../../ledger/leads/person-pointers.ts";
import type { LeadReading } from "../../../domain/leads/lead-reading.ts";
import type { RunView } from "../../../ledger/leads/run-view.ts";
import type { Run } from "../../../ledger/leads/runs.ts";

/** A key may be an address, and what a destination answered may name a person. */
export function maskRun<Shown extends Run>(run: Shown): Shown {
  return {
    ...run,
    idempotency_key: maskedText(run.idempotency_key),
    error_message: maskedOrNull(run.error_message),
  };
}

export function maskRunView(
  run: RunView,
  pointersOf: PointersOf,
  readingOf: (source: string) => LeadReading,
): RunView {
  return {
    ...maskRun(run),
    lead: run.lead === null ? null : maskedLead(run.body, readingOf(run.source), pointersOf(run.source)),
    body: maskBody(run.body, pointersOf(run.source)),
    dlq: run.dlq.map((entry) => maskEntry(entry, pointersOf)),
    timeline: run.timeline.map((event) => maskEvent(event, pointersOf, run.source)),
  };
}

export function maskEntry(entry: DlqEntry, pointersOf: PointersOf): DlqEntry {
  const pointers = pointersOf(entry.source);
  return { ...maskEntryTexts(entry), payload: maskPayload(entry.payload, { pointers, fieldNames: true }) };
}

export function maskEntryTexts<Shown extends ListedEntry>(entry: Shown): Shown {
  return {
    ...entry,
    reason: maskedText(entry.reason),
    note: maskedOrNull(entry.note),
    resolution: maskedOrNull(entry.resolution),
  };
}

/** `source`: of the event's run, where it is known; else what the payload says. */
export function maskEvent(event: ListedEvent, pointersOf: PointersOf, source?: string): ListedEvent {
  const named = event.payload?.["source"];
  const pointers = pointersOf(source ?? (typeof named === "string" ? named : null));
  return { ...event, payload: maskEventPayload(event, pointers) as ListedEvent["payload"] };
}

function maskedOrNull(text: string | null): string | null {
  return text === null ? null : maskedText(text);
}
