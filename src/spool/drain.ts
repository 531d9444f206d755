// Brings what waits in the spool into the ledger, oldest first. What the database refuses stands alone in the end, and
// never blocks the rest: it becomes an entry for a person.
import type { LeadGroup } from "../domain/leads/distribution.ts";
import { hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { EventPayload } from "../domain/log/event-types.ts";
import type { RefusedPayload } from "../domain/leads/lead.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { acceptLeads } from "../ledger/intake/accept-leads.ts";
import type { KeyedLead, LeaseTerms } from "../ledger/intake/accept-leads.ts";
import { appendHealthChecks } from "../ledger/log/audit-events.ts";
import type { DatabaseCircuit } from "../ledger/connection/database-circuit.ts";
import type { Database } from "../ledger/connection/database.ts";
import { backoffMs, bisectBatch, firstTaken } from "../ledger/connection/refused-rows.ts";
import { destinationsOfOthers } from "../ledger/intake/other-client-sql.ts";
import {
  blamesTheData,
  databaseTrouble,
  isLedgerRule,
  sqlState,
} from "../ledger/connection/postgres-error.ts";
import { deduplicateArrivals, deduplicateRefused } from "../ledger/intake/deduplicate-arrivals.ts";
import { keepUnrecordable } from "../ledger/intake/unrecordable-arrivals.ts";
import { arrivalsOf } from "./spool-record.ts";
import type { SpooledArrival, SpooledHealthCheck, SpoolRecord } from "./spool-record.ts";
import type { StoreAndForward } from "./store-and-forward.ts";

export interface DrainDeps {
  readonly database: Database;
  readonly store: StoreAndForward;
  readonly databaseCircuit: DatabaseCircuit;
  readonly lease: LeaseTerms;
  /** Leads were accepted: somebody should look for them now. */
  readonly onWaiting: () => void;
  readonly log: Log;
}

const batchRecordsMax = 200;
/** For a single record, before it becomes an entry. */
const refusalsMax = 4;
const pauses = { firstMs: 200, maxMs: 30_000 };
/** Records of a batch whose runs somebody has locked; more mean that it is not about single runs. */
const lockedMax = 3;

/** Returns a task that is called again and again: it asks for the database where that is lost, and drains what waits. */
export function createDrain({ database, store, databaseCircuit, lease, onWaiting, log }: DrainDeps): {
  run(): Promise<void>;
  /** Because the process stops: what is not drained within `limitMs` stays on disk. */
  finishWithin(limitMs: number): void;
} {
  /** Of the batch that is being written. */
  let locked: SpoolRecord[] = [];
  let endsAtMs = Infinity;
  let failures = 0;
  let notBeforeMs = 0;

  async function run(): Promise<void> {
    // Bytes, not records: a torn record is none, but has to be set aside.
    if (store.depth.bytes === 0 && databaseCircuit.isThere) return;
    if (performance.now() < notBeforeMs) return;
    if (!databaseCircuit.isThere && !(await databaseCircuit.ask())) return;
    const startedAt = performance.now();
    let drained = 0;
    try {
      while (performance.now() < endsAtMs) {
        locked = [];
        const records = await store.next(batchRecordsMax);
        if (records.length === 0) break;
        if (!(await isWritten(records))) return;
        await putBack(locked);
        await store.forget(records);
        databaseCircuit.found();
        onWaiting();
        drained += records.length;
      }
      databaseCircuit.found();
      failures = 0;
    } catch (error) {
      // The database answers, so new leads need not wait for what this is about.
      databaseCircuit.found();
      // Not tried again at once: it is about the disk, or about the tables.
      failures += 1;
      notBeforeMs = performance.now() + backoffMs(failures, pauses);
      throw error;
    } finally {
      if (drained > 0) {
        const durationMs = Math.round(performance.now() - startedAt);
        log("info", "spool_drained", {
          records: drained,
          left: store.depth.records,
          duration_ms: durationMs,
        });
      }
    }
  }

  /** false: the database is out of reach. */
  async function isWritten(records: readonly SpoolRecord[]): Promise<boolean> {
    try {
      await bisectBatch(records, writeTogether, writeStubborn, mayBlameRecord);
      return true;
    } catch (error) {
      if (databaseTrouble(error) !== "unreachable") throw error;
      databaseCircuit.lost(error);
      return false;
    }
  }

  async function writeTogether(records: readonly SpoolRecord[]): Promise<void> {
    const checks = records.filter((record): record is SpooledHealthCheck => record.kind === "health_check");
    // What came in one request is one transaction; the statement for new leads alone would be another.
    const keyed = records.flatMap((record): KeyedLead[] =>
      record.kind === "lead" && record.recognisedBy.kind === "key"
        ? [{ key: record.recognisedBy.key, lead: record }]
        : [],
    );
    const accepted = keyed.length === 0 ? new Set<string>() : await acceptLeads(database, keyed, lease);
    const others = records.flatMap(arrivalsOf).filter(({ runId }) => !accepted.has(runId));
    if (others.length > 0) await deduplicateArrivals(database, others, lease);
    if (checks.length > 0) await appendHealthChecks(database, checks);
  }

  async function writeStubborn(record: SpoolRecord, first: unknown): Promise<void> {
    let error = first;
    let own = record;
    for (let tries = 1; tries < refusalsMax && mayBeTakenYet(error); tries += 1) {
      await delay(backoffMs(tries, pauses));
      try {
        // Taken by a node that had not heard whose a destination is: the lead is kept, and goes to nobody else.
        if (isAcrossClients(error)) own = await withinItsClient(own);
        await writeTogether([own]);
        return;
      } catch (next) {
        if (databaseTrouble(next) === "unreachable") throw next;
        error = next;
      }
    }
    if (databaseTrouble(error) === "locked") locked.push(record);
    else {
      // What was written already is recognised when it comes again.
      await writeOtherwise(record, error).catch((next: unknown) => {
        if (databaseTrouble(next) !== "locked") throw next;
        locked.push(record);
      });
    }
  }

  async function withinItsClient(record: SpoolRecord): Promise<SpoolRecord> {
    const own = async <Arrival extends SpooledArrival>(arrival: Arrival): Promise<Arrival> => {
      if (arrival.kind === "refused") return arrival;
      const names = [
        ...arrival.routes.map(({ destination }) => destination),
        ...(arrival.groups ?? []).flatMap(({ members }) => members.map(({ destination }) => destination)),
      ];
      const others = await destinationsOfOthers(database, arrival.source, names);
      const routes = arrival.routes.filter(({ destination }) => !others.has(destination));
      const { groups } = arrival;
      return {
        ...arrival,
        routes,
        ...(groups === undefined ? {} : { groups: withoutMembers(groups, others) }),
      };
    };
    switch (record.kind) {
      case "health_check":
        return record;
      case "request":
        return { kind: "request", arrivals: await Promise.all(record.arrivals.map((each) => own(each))) };
      default:
        return own(record);
    }
  }

  /** Whose runs somebody has locked go to the end, and the others go on. */
  async function putBack(records: readonly SpoolRecord[]): Promise<void> {
    if (records.length > lockedMax) throw new Error("runs in the ledger are locked for too long");
    for (const record of records) {
      if (!(await store.putBack(record)))
        throw new Error("the spool does not take back a lead whose run is locked");
    }
  }

  /** As a refused payload; as an entry that belongs to no run; as a file beside the spool. */
  async function writeOtherwise(record: SpoolRecord, error: unknown): Promise<void> {
    const arrivals = arrivalsOf(record);
    const [first] = arrivals;
    log("error", "spool_record_refused", {
      ...(first === undefined ? {} : { run_id: first.runId, source: first.source }),
      sqlstate: sqlState(error),
      error: errorText(error),
    });
    const inLedger = [
      () => deduplicateRefused(database, arrivals, lease, asRefused),
      () => writeEach(arrivals, errorText(error)),
    ];
    const onDisk = (): Promise<void> =>
      store.setAside(record).catch((failure: unknown) => {
        log("error", "spool_record_not_set_aside", { error: errorText(failure) });
        // Not the disk's error: it would be taken for a database out of reach.
        throw error;
      });
    await firstTaken(first === undefined ? [onDisk] : [...inLedger, onDisk], (next) => {
      // What somebody has locked for a moment is taken later.
      if (["unreachable", "locked"].includes(databaseTrouble(next))) throw next;
      log("error", "spool_record_refused", { sqlstate: sqlState(next), error: errorText(next) });
    });
  }

  /** What came together and cannot be written together. */
  async function writeEach(arrivals: readonly SpooledArrival[], reason: string): Promise<void> {
    for (const arrival of arrivals) {
      const alone = () => deduplicateRefused(database, [arrival], lease, asRefused);
      const withoutRun = () => keepUnrecordable(database, arrival, reason);
      await firstTaken(arrivals.length > 1 ? [alone, withoutRun] : [withoutRun]);
    }
  }

  return {
    run,
    finishWithin: (limitMs) => void (endsAtMs = performance.now() + limitMs),
  };
}

function isAcrossClients(error: unknown): boolean {
  return isLedgerRule(error) && error.code === "LL007";
}

function mayBlameRecord(error: unknown): boolean {
  return databaseTrouble(error) !== "unreachable" && !blamesSchema(error);
}

/** Class 42: a table is missing, or a right. No record is to blame, so all of them wait until somebody has mended it. */
function blamesSchema(error: unknown): boolean {
  return sqlState(error)?.startsWith("42") ?? false;
}

function mayBeTakenYet(error: unknown): boolean {
  return databaseTrouble(error) !== "locked" && !blamesTheData(error);
}

/** What the database cannot hold as JSON it holds as bytes. */
function asRefused(arrival: SpooledArrival): RefusedPayload {
  if (arrival.kind === "refused") return arrival;
  const { runId, source, recognisedBy, receivedAt, leadJson } = arrival;
  const payload: Omit<EventPayload<"lead_rejected">, "error_code" | "message"> = {
    at: receivedAt,
    source,
    content_type: "application/json",
    sha256: hash("sha256", leadJson, "hex"),
    body_base64: Buffer.from(leadJson, "utf8").toString("base64"),
  };
  return {
    kind: "refused",
    runId,
    source,
    recognisedBy,
    receivedAt,
    errorCode: "json_malformed",
    message: "the database could not store this body as JSON",
    payload: JSON.stringify(payload),
  };
}

function withoutMembers(groups: readonly LeadGroup[], others: ReadonlySet<string>): readonly LeadGroup[] {
  return groups
    .map((group) => ({
      ...group,
      members: group.members.filter(({ destination }) => !others.has(destination)),
    }))
    .filter(({ members }) => members.length > 0);
}
