// Judges the books of a whole ledger as it stands at one moment: reads it once, keeps one lead at a time, writes nothing.
import type { Database } from "../ledger/connection/database.ts";
import { readTimezone } from "../ledger/settings/settings.ts";
import { readStories } from "../ledger/log/story-rows.ts";
import type {
  DeliveryRow,
  EntryRow,
  LooseEventRow,
  ReceiptRow,
  RowStream,
  StoryRows,
} from "../ledger/log/story-rows.ts";
import { findWrongFigures } from "../ledger/figures/wrong-figures.ts";
import type { WrongFigure } from "../ledger/figures/wrong-figures.ts";
import type { WrongHour } from "../ledger/figures/wrong-hours.ts";
import type { Fault, Finding, FindingTable } from "./finding.ts";
import { fault, findingTables } from "./finding.ts";
import { beginReceipts, judgeReceipts, tellReceipt } from "./judge-receipts.ts";
import { judgeEntryLease, judgeRun } from "./judge-run.ts";
import { beginStory, endStory, isByHand, tell } from "./replay-story.ts";

const progressEveryRuns = 1_000;

/** How much was looked at. */
export interface LookedAt {
  runs: number;
  events: number;
  deliveries: number;
  entries: number;
  findings: number;
}

export interface Verification {
  /** Gets every finding when it is found. */
  readonly found: (finding: Finding) => void;
  /** Is told now and then how far it is; `runsAbout` null: of how many is not known. */
  readonly progress?: (looked: Readonly<LookedAt>, runsAbout: number | null) => void;
}

/** Throws what the database throws; then nothing is proven. */
export function verifyLedger(
  database: Database,
  { found, progress }: Verification,
): Promise<Readonly<LookedAt>> {
  return readStories(database, async (rows) => {
    const looked: LookedAt = { runs: 0, events: 0, deliveries: 0, entries: 0, findings: 0 };
    const report = (finding: Finding): void => {
      looked.findings += 1;
      found(finding);
    };
    for (const wrong of await findWrongFigures(rows.snapshot, await readTimezone(rows.snapshot)))
      report(findingOfFigure(wrong));
    for (;;) {
      const runId = await nextRunId(rows);
      if (runId === null) break;
      await judgeLead(rows, runId, looked, report);
      if (looked.runs % progressEveryRuns === 0) progress?.(looked, rows.runsAbout);
    }
    await rows.looseEvents.each((event) => {
      looked.events += 1;
      judgeProof(event, report);
      return true;
    });
    await rows.looseEntries.each((entry) => {
      looked.entries += 1;
      for (const each of judgeEntryLease(entry)) report(findingOf(each, {}));
      return true;
    });
    return looked;
  });
}

/** The lowest that any table has rows of. */
async function nextRunId({ runs, events, deliveries, entries, receipts }: StoryRows): Promise<string | null> {
  let lowest: string | null = null;
  for (const stream of [runs, events, deliveries, entries, receipts]) {
    const runId = (await stream.head())?.run_id ?? null;
    if (runId !== null && (lowest === null || runId < lowest)) lowest = runId;
  }
  return lowest;
}

async function judgeLead(
  rows: StoryRows,
  runId: string,
  looked: LookedAt,
  report: (finding: Finding) => void,
): Promise<void> {
  const [run = null] = await rowsOf(rows.runs, runId);
  const story = beginStory();
  const told = beginReceipts();
  let events = 0;
  await rows.events.each((event) => {
    if (event.run_id !== runId) return false;
    events += 1;
    judgeProof(event, report);
    tell(story, event);
    tellReceipt(told, event);
    return true;
  });
  const deliveries: DeliveryRow[] = await rowsOf(rows.deliveries, runId);
  const entries: EntryRow[] = await rowsOf(rows.entries, runId);
  const receipts: ReceiptRow[] = await rowsOf(rows.receipts, runId);
  looked.events += events;
  looked.deliveries += deliveries.length;
  looked.entries += entries.length;
  if (run === null) {
    const orphans = {
      audit_events: events,
      deliveries: deliveries.length,
      dlq: entries.length,
      receipts: receipts.length,
    };
    for (const [table, count] of Object.entries(orphans) as [FindingTable, number][]) {
      const missing = fault("run_missing", `${count} rows are of a lead that is not there`);
      if (count > 0) report({ ...findingOf(missing, { run_id: runId }), table });
    }
    return;
  }
  looked.runs += 1;
  const { replayed, wasRevised } = story;
  const broken = endStory(story, run, entries);
  const faults = judgeRun({ run, deliveries, entries, byHand: isByHand(story), replayed, wasRevised });
  // A story that makes no sense is told but once.
  const ofReceipts = broken === null ? judgeReceipts(told, receipts) : [];
  for (const each of [...(broken === null ? [] : [broken]), ...faults, ...ofReceipts])
    report(findingOf(each, { run_id: runId }));
}

async function rowsOf<Row extends { readonly run_id: string }>(
  stream: RowStream<Row>,
  runId: string,
): Promise<Row[]> {
  const found: Row[] = [];
  await stream.each((row) => {
    if (row.run_id !== runId) return false;
    found.push(row);
    return true;
  });
  return found;
}

function judgeProof(event: LooseEventRow, report: (finding: Finding) => void): void {
  const { event_id } = event;
  const about = { event_id };
  if (!event.payload_proven)
    report(findingOf(fault("payload_digest_wrong", "payload and salt do not give payload_digest"), about));
  if (!event.event_proven)
    report(findingOf(fault("event_digest_wrong", "the event and payload_digest do not give digest"), about));
}

function findingOf(
  { finding, detail, dlqId }: Fault,
  about: { run_id?: string; event_id?: number },
): Finding {
  const entry = dlqId === undefined ? {} : { dlq_id: dlqId };
  return { finding, ...about, table: findingTables[finding], ...entry, detail };
}

function findingOfFigure({ what, day, source, noted, counted }: WrongFigure | WrongHour): Finding {
  return {
    finding: what,
    table: findingTables[what],
    ...(day === null ? {} : { day }),
    ...(source === null ? {} : { source }),
    detail: `noted ${noted}, counted ${counted}`,
  };
}
