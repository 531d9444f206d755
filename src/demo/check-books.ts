// The demo's final account: what `leadledger verify` finds, held together with the senders' receipts and the destinations'
// own records. All pure.
import { isDeepStrictEqual } from "node:util";
import type { BookEvent, Books } from "../ledger/figures/books.ts";
import type { CrmRecord } from "./crm.ts";
import { demoDestinationNames, routes } from "./demo-sources.ts";
import type { DemoDestinationName } from "./demo-sources.ts";
import { groupBy } from "./group-by.ts";
import type { Finding } from "../verify/finding.ts";
import type { Receipt } from "./send.ts";

export interface Evidence {
  readonly books: Books;
  readonly receipts: readonly Receipt[];
  readonly received: Readonly<Record<DemoDestinationName, readonly CrmRecord[]>>;
  /** Of `leadledger verify`. */
  readonly findings: readonly Finding[];
  /** The days whose figures `kpi rebuild` had to change. */
  readonly wrongDays: readonly string[];
}

export const checkNames = [
  "answers",
  "once",
  "duplicates",
  "days",
  "rebuild",
  "stories",
  "recovery",
  "destinations",
  "content",
] as const;
export type CheckName = (typeof checkNames)[number];

export interface Check {
  readonly name: CheckName;
  /** How many things were looked at; a check that looked at nothing has failed. */
  readonly looked: number;
  /** What was wrong, in words for an engineer. */
  readonly faults: readonly string[];
}

export function passed({ looked, faults }: Check): boolean {
  return looked > 0 && faults.length === 0;
}

/** All checks, in the order of `checkNames`. */
export function checkBooks(evidence: Evidence): Check[] {
  const indexed = indexEvents(evidence.books.events);
  return checkNames.map((name) => {
    switch (name) {
      case "answers":
        return { name, ...checkAnswers(evidence) };
      case "once":
        return { name, ...checkOnce(evidence) };
      case "duplicates":
        return { name, ...checkDuplicates(evidence, indexed) };
      case "days":
        return { name, ...checkDays(evidence) };
      case "rebuild":
        return {
          name,
          looked: evidence.books.days,
          faults: evidence.wrongDays.map((day) => `${day} was wrong`),
        };
      case "stories":
        return { name, ...checkStories(evidence) };
      case "recovery":
        return { name, ...checkRecovery(evidence, indexed) };
      case "destinations":
        return { name, ...checkDestinations(evidence) };
      case "content":
        return { name, ...checkContent(evidence) };
    }
  });
}

type Result = Omit<Check, "name">;
type EventsByRun = ReadonlyMap<string, readonly BookEvent[]>;

/** Every request was answered as the contract says. */
function checkAnswers({ receipts }: Evidence): Result {
  const faults = receipts
    .filter(({ answer, sending }) => answer !== sending.expected)
    .map(({ sending, httpStatus, answer }) => {
      return `lead ${sending.leadNumber} of ${sending.source}: ${answer ?? "unknown answer"} (${httpStatus}) instead of ${sending.expected}`;
    });
  return { looked: receipts.length, faults };
}

/** Every lead that a sender was told an id for is in runs exactly once, under its source; and nothing else is. */
function checkOnce({ receipts, books }: Evidence): Result {
  const faults: string[] = [];
  const idOfLead = new Map<number, string>();
  const promised = new Map<string, string>();
  for (const { sending, runId } of receipts) {
    if (runId === null) continue;
    const known = idOfLead.get(sending.leadNumber) ?? runId;
    if (known !== runId) faults.push(`lead ${sending.leadNumber} was given two ids: ${known} and ${runId}`);
    idOfLead.set(sending.leadNumber, known);
    promised.set(runId, sending.source);
  }
  if (promised.size !== idOfLead.size) faults.push("two leads were given one id");
  const found = groupBy(books.runs, ({ run_id }) => run_id);
  for (const [runId, source] of promised) {
    const runs = found.get(runId) ?? [];
    if (runs.length !== 1) faults.push(`run ${runId} is there ${runs.length} times`);
    else if (runs[0]?.source !== source) faults.push(`run ${runId} is under another source than ${source}`);
  }
  for (const runId of found.keys()) if (!promised.has(runId)) faults.push(`nobody sent run ${runId}`);
  return { looked: promised.size, faults };
}

/** Each lead that was sent again left its mark on the lead that it repeats. */
function checkDuplicates({ receipts }: Evidence, events: EventsByRun): Result {
  const repeats = receipts.filter(({ answer }) => answer === "duplicate");
  const perRun = groupBy(repeats, ({ runId }) => runId ?? "");
  const faults = [...perRun].flatMap(([runId, sent]) => {
    const noted = of(events, runId, "duplicate_received").length;
    return noted === sent.length
      ? []
      : [`run ${runId}: ${sent.length} repeats were sent, ${noted} are noted`];
  });
  const noted = [...events.values()]
    .flat()
    .filter(({ event_type }) => event_type === "duplicate_received").length;
  if (noted !== repeats.length) faults.push(`${repeats.length} repeats were sent, ${noted} are noted`);
  return { looked: repeats.length, faults };
}

/** The figures are what the leads say, and nothing is left undone. */
function checkDays({ books, findings }: Evidence): Result {
  const unfinished =
    books.runs.filter(({ status }) => status === "accepted").length + books.deliveriesWaiting;
  return {
    looked: books.runs.length === 0 ? 0 : books.days,
    faults: [
      ...findings.filter(isOfFigures).map(findingText),
      ...(unfinished === 0 ? [] : [`${unfinished} deliveries have not ended`]),
    ],
  };
}

function checkStories({ books, findings }: Evidence): Result {
  const faults = findings.filter((each) => !isOfFigures(each)).map(findingText);
  return { looked: books.runs.length, faults };
}

function isOfFigures({ table }: Finding): boolean {
  return ["kpi_daily", "kpi_daily_sources", "dlq_causes"].includes(table);
}

function findingText({ finding, run_id, event_id, day, detail }: Finding): string {
  return `${finding} ${run_id ?? event_id ?? day ?? ""}: ${detail}`;
}

/** What the outage kept back arrived in the end, and on the way through the DLQ. */
function checkRecovery({ books }: Evidence, events: EventsByRun): Result {
  const healed = books.entries.filter(
    ({ kind, resolution }) => kind === "delivery" && resolution === "delivered",
  );
  const faults = healed.flatMap(({ run_id, dlq_id, retry_count }) => {
    if (retry_count < 1) return [`entry ${dlq_id} was resolved without an attempt`];
    const arrived = of(events, run_id, "lead_delivered").some(({ payload }) => payload.dlq_id === dlq_id);
    return arrived ? [] : [`entry ${dlq_id} is resolved, but its delivery is not noted`];
  });
  return { looked: healed.length, faults };
}

/** The destinations' own records and the ledger name the same deliveries and the same number of attempts. */
function checkDestinations({ books, received }: Evidence): Result {
  const faults = demoDestinationNames.flatMap((name) => {
    const own = books.events.filter(({ payload }) => payload.destination === name);
    const delivered = own.filter(({ event_type }) => event_type === "lead_delivered");
    const noted = delivered.map(({ run_id }) => `${run_id}:${name}`);
    const taken = received[name].filter(({ answer }) => answer === "accept").map(({ id }) => id);
    const attempts =
      own.filter(({ event_type }) => event_type === "delivery_failed").length + delivered.length;
    return [
      ...difference(taken, noted).map((id) => `${name} has ${id}, the ledger does not know it`),
      ...difference(noted, taken).map(
        (id) => `the ledger says ${id} was delivered, ${name} does not have it`,
      ),
      ...(new Set(taken).size === taken.length ? [] : [`${name} got a lead twice`]),
      ...difference(noted, owed(books, name)).map((id) => `${name} got ${id}, which is not for it`),
      ...difference(owed(books, name), noted).map((id) => `${name} should have ${id}`),
      ...(attempts === received[name].length
        ? []
        : [`${name} saw ${received[name].length} attempts, the ledger noted ${attempts}`]),
    ];
  });
  const looked = demoDestinationNames.map((name) => received[name].length);
  return { looked: looked.includes(0) ? 0 : looked.reduce((sum, count) => sum + count, 0), faults };
}

/** What must have arrived there: every lead for it that was read, unless an entry says why not. */
function owed({ runs, entries }: Books, name: DemoDestinationName): string[] {
  const waiting = new Set(
    entries
      .filter(
        ({ kind, status, destination }) =>
          kind === "delivery" && status !== "resolved" && destination === name,
      )
      .map(({ run_id }) => run_id),
  );
  return runs
    .filter(
      ({ run_id, source, refused }) =>
        !refused && destinationsOf(source).includes(name) && !waiting.has(run_id),
    )
    .map(({ run_id }) => `${run_id}:${name}`);
}

/** What was sent is what is stored, and what arrived: to the last umlaut. */
function checkContent({ receipts, books, received }: Evidence): Result {
  const faults: string[] = [];
  const stored = new Map(books.runs.map(({ run_id, body }) => [run_id, body]));
  const sent = new Map<string, unknown>();
  for (const { answer, runId, sending } of receipts) {
    if (answer === "accepted" && runId !== null) sent.set(runId, sending.fields);
  }
  for (const [runId, fields] of sent) {
    if (!isDeepStrictEqual(stored.get(runId), fields))
      faults.push(`run ${runId} is not stored as it was sent`);
  }
  for (const name of demoDestinationNames) {
    for (const { id, lead, answer } of received[name]) {
      const runId = id.slice(0, -(name.length + 1));
      if (answer === "accept" && !isDeepStrictEqual(lead, sent.get(runId)))
        faults.push(`${name} got ${id} changed`);
    }
  }
  return { looked: sent.size, faults };
}

function indexEvents(events: readonly BookEvent[]): EventsByRun {
  return groupBy(events, ({ run_id }) => run_id);
}

function of(events: EventsByRun, runId: string, eventType: string): readonly BookEvent[] {
  return (events.get(runId) ?? []).filter(({ event_type }) => event_type === eventType);
}

export function destinationsOf(source: string): readonly DemoDestinationName[] {
  const known: Readonly<Record<string, readonly DemoDestinationName[]>> = routes;
  return known[source] ?? [];
}

function difference(these: readonly string[], those: readonly string[]): string[] {
  const known = new Set(those);
  return these.filter((each) => !known.has(each));
}
