// A week of leads as it might have been, with outages, written as if it had happened; and how targets were kept, worked out
// plainly from the rows, minute by minute.
import { randomUUID } from "node:crypto";
import type { Queryable } from "../../src/ledger/connection/database.ts";
import type { SlaDefinition } from "../../src/domain/sla/sla-target.ts";
import { isPublicHoliday } from "../../src/domain/calendar/public-holidays.ts";
import { judgeShare } from "../../src/domain/sla/judge-share.ts";
import type { Random } from "./random.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

interface Outage {
  readonly destination: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** What becomes of its entries: delivered afterwards, settled by a person, given up, or nothing yet. */
  readonly ends: "delivered" | "by_hand" | "dead" | "open";
}

interface Sim {
  readonly runs: unknown[][];
  readonly events: unknown[][];
  readonly entries: unknown[][];
  readonly deliveries: unknown[][];
  readonly contacts: unknown[][];
}

const destinationsOf: Readonly<Record<string, readonly string[]>> = {
  website: ["crm"],
  partner: ["crm", "erp"],
  nowhere: [],
};

/** Writes it into an empty ledger; `client` belongs to a superuser, in a transaction. Times are whole minutes before `nowMs`. */
export async function writeWeek(client: Queryable, random: Random, nowMs: number): Promise<void> {
  const sim: Sim = { runs: [], events: [], entries: [], deliveries: [], contacts: [] };
  const today = Math.floor(nowMs / dayMs) * dayMs;
  const at = (daysAgo: number, hours: number): number => today - daysAgo * dayMs + hours * 60 * minuteMs;
  const outages: Outage[] = [
    { destination: "crm", fromMs: at(6, 9), toMs: at(6, 13), ends: "delivered" },
    { destination: "erp", fromMs: at(4, 7), toMs: at(4, 18), ends: "by_hand" },
    { destination: "crm", fromMs: at(3, 10), toMs: at(3, 10.5), ends: "dead" },
    { destination: "erp", fromMs: at(2, 12), toMs: at(2, 14), ends: "open" },
  ];
  for (let daysAgo = 8; daysAgo >= 0; daysAgo -= 1)
    for (const [source, perDay] of [
      ["website", 40],
      ["partner", 4],
      ["nowhere", 1],
    ] as const)
      for (let count = 0; count < perDay; count += 1) {
        const received = Math.floor((at(daysAgo, 0) + random.below(dayMs)) / minuteMs) * minuteMs;
        if (received < nowMs - minuteMs) addLead(sim, random, { source, received, nowMs, outages });
      }
  await insertAll(client, sim);
}

function addLead(
  sim: Sim,
  random: Random,
  {
    source,
    received,
    nowMs,
    outages,
  }: { source: string; received: number; nowMs: number; outages: readonly Outage[] },
): void {
  const runId = randomUUID();
  const isTest = random.chance(0.05);
  const iso = (ms: number): string => new Date(ms).toISOString();
  let told = 0;
  const tell = (atMs: number, type: string, payload: object): void =>
    void sim.events.push([runId, new Date(atMs + (told += 1)).toISOString(), type, JSON.stringify(payload)]);
  if (random.chance(0.03)) {
    sim.runs.push([runId, source, iso(received), "failed", null, null, "json_malformed", true, isTest]);
    sim.entries.push([
      runId,
      source,
      "refused",
      null,
      "json_malformed",
      "open",
      null,
      iso(received),
      null,
      isTest,
    ]);
    return;
  }
  if (random.chance(0.02)) {
    const done = Math.min(received + 30 * minuteMs, nowMs);
    sim.runs.push([runId, source, iso(received), "processed", iso(done), "withdrawn", null, false, isTest]);
    return;
  }
  let [last, byHand, failed, waits] = [received, false, false, false];
  const destinations = destinationsOf[source] ?? [];
  for (const destination of destinations) {
    const outage = outages.find(
      (each) => each.destination === destination && each.fromMs <= received && received < each.toMs,
    );
    const done = Math.floor((outage?.toMs ?? received) / minuteMs) * minuteMs + random.below(9) * minuteMs;
    if (done > nowMs - minuteMs) {
      waits = true;
      sim.deliveries.push([runId, destination]);
      continue;
    }
    const entry = (status: string, resolution: string | null, closed: number | null): unknown[] => {
      const closedAt = closed === null ? null : iso(closed);
      return [
        runId,
        source,
        "delivery",
        destination,
        "destination_error",
        status,
        resolution,
        iso(received),
        closedAt,
        isTest,
      ];
    };
    if (outage === undefined || outage.ends === "delivered") tell(done, "lead_delivered", { destination });
    if (outage?.ends === "delivered") sim.entries.push(entry("resolved", "delivered", done));
    if (outage?.ends === "by_hand") sim.entries.push(entry("resolved", "by_hand", done));
    if (outage?.ends === "dead") sim.entries.push(entry("dead", null, done));
    if (outage?.ends === "open") sim.entries.push(entry("open", null, null));
    byHand ||= outage?.ends === "by_hand";
    failed ||= outage?.ends === "dead" || outage?.ends === "open";
    last = Math.max(last, done);
  }
  const status = failed ? "failed" : waits ? "accepted" : "processed";
  const outcome = destinations.length === 0 ? "no_destination" : byHand ? "resolved_by_hand" : "delivered";
  const isDone = status === "processed";
  sim.runs.push([
    ...[runId, source, iso(received), status, isDone ? iso(last) : null, isDone ? outcome : null],
    ...[failed ? "destination_error" : null, false, isTest],
  ]);
  const contacted = received + random.below(60 * 30) * minuteMs;
  if (random.chance(0.8) && contacted < nowMs) sim.contacts.push([runId, iso(contacted), "user:1", "api"]);
}

async function insertAll(client: Queryable, sim: Sim): Promise<void> {
  await client.query("SET LOCAL session_replication_role = replica");
  const insert = async (
    table: string,
    columns: string,
    casts: string,
    rows: readonly unknown[][],
  ): Promise<void> => {
    const types = casts.split(" ");
    const arrays = types.map((_type, index) => rows.map((row) => row[index]));
    const parameters = types.map((type, index) => `$${index + 1}::${type}[]`).join(", ");
    await client.query(`INSERT INTO ${table} (${columns}) SELECT * FROM unnest(${parameters})`, arrays);
  };
  await insert(
    "public.runs",
    "run_id, source, received_at, status, processed_at, outcome, error_code, refused, test",
    "uuid text timestamptz text timestamptz text text bool bool",
    sim.runs,
  );
  await insert(
    "public.audit_events",
    "run_id, event_time, event_type, payload, actor, payload_digest, digest",
    "uuid timestamptz text jsonb text bytea bytea",
    sim.events.map((event) => [...event, "delivery", Buffer.alloc(32), Buffer.alloc(32)]),
  );
  await insert(
    "public.dlq",
    "run_id, source, kind, destination, error_code, status, resolution, created_at, closed_at, test",
    "uuid text text text text text text timestamptz timestamptz bool",
    sim.entries,
  );
  await insert("internal.deliveries", "run_id, destination", "uuid text", sim.deliveries);
  await insert(
    "internal.contacts",
    "run_id, contacted_at, actor, via",
    "uuid timestamptz text text",
    sim.contacts,
  );
}

// From here on: the same, worked out from the rows as plainly as can be.

interface PlainRun {
  readonly run_id: string;
  readonly source: string;
  readonly received_at: Date;
  readonly status: string;
  readonly processed_at: Date | null;
  readonly outcome: string | null;
  readonly refused: boolean;
}
interface PlainEntry {
  readonly run_id: string;
  readonly source: string;
  readonly kind: string;
  readonly destination: string | null;
  readonly status: string;
  readonly resolution: string | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
}

export interface PlainRows {
  readonly runs: readonly PlainRun[];
  readonly entries: readonly PlainEntry[];
  readonly delivered: readonly {
    readonly run_id: string;
    readonly event_time: Date;
    readonly destination: string;
  }[];
  readonly waiting: readonly { readonly run_id: string; readonly destination: string }[];
  readonly contacts: readonly { readonly run_id: string; readonly contacted_at: Date }[];
}

export async function readPlainRows(database: Queryable): Promise<PlainRows> {
  const all = async <Row extends object>(sql: string): Promise<Row[]> =>
    (await database.query<Row>(sql)).rows;
  return {
    runs: await all("SELECT * FROM public.runs WHERE NOT test"),
    entries: await all("SELECT * FROM public.dlq WHERE NOT test ORDER BY dlq_id"),
    delivered: await all(
      "SELECT run_id, event_time, payload ->> 'destination' AS destination FROM public.audit_events WHERE event_type = 'lead_delivered' ORDER BY event_time",
    ),
    waiting: await all("SELECT run_id, destination FROM internal.deliveries"),
    contacts: await all("SELECT run_id, contacted_at FROM internal.contacts"),
  };
}

export interface PlainDay {
  readonly state: string;
  readonly met_count: number;
  readonly missed_count: number;
  readonly pending_count: number;
  readonly value_ms: number | null;
}

/** Of a day (ISO, Europe/Berlin). */
export function plainDay(rows: PlainRows, target: SlaDefinition, day: string, nowMs: number): PlainDay {
  return target.measure === "oldest_entry"
    ? plainEntries(rows, target, day, nowMs)
    : plainLeads(rows, target, day, nowMs);
}

const berlin = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Berlin",
  dateStyle: "short",
  timeStyle: "short",
});
const berlinText = new Map<number, string>();

/** `2026-11-30 09:05` */
function inBerlin(atMs: number): string {
  const minute = Math.floor(atMs / minuteMs);
  const known = berlinText.get(minute);
  if (known !== undefined) return known;
  const text = berlin.format(minute * minuteMs);
  berlinText.set(minute, text);
  return text;
}

export function berlinDay(atMs: number): string {
  return inBerlin(atMs).slice(0, 10);
}

/** Of Monday to Friday, 08:00 to 18:00, without the holidays of Nordrhein-Westfalen, or of the clock. */
function minutesBetween(target: SlaDefinition, sinceMs: number, untilMs: number): number {
  if (target.openingHours === null) return (untilMs - sinceMs) / minuteMs;
  let minutes = 0;
  for (let atMs = sinceMs; atMs < untilMs; atMs += minuteMs) {
    const [day = "", time = ""] = inBerlin(atMs).split(" ");
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    const isOpen = weekday >= 1 && weekday <= 5 && time >= "08:00" && time < "18:00";
    if (isOpen && !isPublicHoliday(day, "NW")) minutes += Math.min(1, (untilMs - atMs) / minuteMs);
  }
  return minutes;
}

function plainLeads(rows: PlainRows, target: SlaDefinition, day: string, nowMs: number): PlainDay {
  const count = { met: 0, missed: 0, pending: 0 };
  const took: number[] = [];
  for (const run of rows.runs) {
    if (berlinDay(run.received_at.getTime()) !== day) continue;
    if (target.source !== null && run.source !== target.source) continue;
    const lead = target.destination === null ? leadOf(rows, run, target) : deliveryOf(rows, run, target);
    if (lead === null) continue;
    const receivedMs = run.received_at.getTime();
    const minutes = minutesBetween(target, receivedMs, lead.doneMs ?? nowMs);
    if (lead.doneMs !== null) took.push(minutes * minuteMs);
    const within = (target.withinMs ?? Infinity) / minuteMs;
    if (target.measure === "success")
      count[lead.doneMs !== null ? "met" : lead.isLost || lead.hasFailed ? "missed" : "pending"] += 1;
    else if (target.measure === "delivery_time" && lead.doneMs === null) {
      if (!lead.isLost && !lead.hasFailed) count.pending += 1;
    } else if (lead.isLost || minutes > within) count.missed += 1;
    else count[lead.doneMs === null ? "pending" : "met"] += 1;
  }
  took.sort((one, other) => one - other);
  const rank = Math.max(Math.ceil((took.length * target.shareMillionths) / 1_000_000), 1);
  return {
    state: judgeShare(count.met + count.missed, count.missed, target.shareMillionths),
    met_count: count.met,
    missed_count: count.missed,
    pending_count: count.pending,
    value_ms: target.measure === "success" ? null : (took[rank - 1] ?? null),
  };
}

interface PlainLead {
  readonly doneMs: number | null;
  readonly isLost: boolean;
  readonly hasFailed: boolean;
}

function contactOf(rows: PlainRows, run: PlainRun): PlainLead {
  const contact = rows.contacts.find((each) => each.run_id === run.run_id);
  return { doneMs: contact?.contacted_at.getTime() ?? null, isLost: false, hasFailed: false };
}

function leadOf(rows: PlainRows, run: PlainRun, target: SlaDefinition): PlainLead | null {
  if (run.outcome === "withdrawn") return null;
  if (target.measure === "contacted") return run.refused ? null : contactOf(rows, run);
  const isDone = run.status === "processed" && run.outcome !== "no_destination";
  return {
    doneMs: isDone ? (run.processed_at?.getTime() ?? null) : null,
    isLost: run.outcome === "no_destination",
    hasFailed: run.status === "failed",
  };
}

function deliveryOf(rows: PlainRows, run: PlainRun, target: SlaDefinition): PlainLead | null {
  const isIts = (each: { readonly run_id: string; readonly destination: string | null }): boolean =>
    each.run_id === run.run_id && each.destination === target.destination;
  const delivered = rows.delivered.find(isIts);
  const entry = rows.entries.findLast((each) => each.kind === "delivery" && isIts(each));
  if (delivered === undefined && entry === undefined && !rows.waiting.some(isIts)) return null;
  if (target.measure === "contacted") return contactOf(rows, run);
  const closedMs = entry?.status === "resolved" ? (entry.closed_at?.getTime() ?? null) : null;
  return {
    doneMs: delivered?.event_time.getTime() ?? closedMs,
    isLost: false,
    hasFailed: delivered === undefined && entry !== undefined && entry.status !== "resolved",
  };
}

function plainEntries(rows: PlainRows, target: SlaDefinition, day: string, nowMs: number): PlainDay {
  let [met, missed, oldest] = [0, 0, null as number | null];
  for (const entry of rows.entries) {
    if (target.source !== null && entry.source !== target.source) continue;
    if (target.destination !== null && entry.destination !== target.destination) continue;
    // The last minute of that day at which it was open.
    const endMs = entry.closed_at?.getTime() ?? nowMs;
    if (berlinDay(entry.created_at.getTime()) > day || berlinDay(endMs) < day) continue;
    const nextMs = beginAfter(day);
    const minutes = minutesBetween(target, entry.created_at.getTime(), Math.min(endMs, nextMs));
    if (minutes * minuteMs > (target.withinMs ?? Infinity)) missed += 1;
    else met += 1;
    oldest = Math.max(oldest ?? 0, minutes * minuteMs);
  }
  return {
    state: missed > 0 ? "missed" : "met",
    met_count: met,
    missed_count: missed,
    pending_count: 0,
    value_ms: oldest,
  };
}

/** When the day is over in Berlin. */
function beginAfter(day: string): number {
  let atMs = Date.parse(`${day}T20:00:00Z`);
  while (berlinDay(atMs) === day) atMs += minuteMs;
  return atMs;
}
