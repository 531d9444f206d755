// Notices that the database went back: that it no longer has what this node was told before. Compares every few seconds,
// at the start too, what the data folder remembers (history-memo.ts) with what is there.
import type { Log } from "../domain/node/log.ts";
import type { Database, Queryable } from "../ledger/connection/database.ts";
import { countMissingRuns, readHistory, readServerIdentity, recordSetback } from "../ledger/log/history.ts";
import type { HistoryNow, NewSetback, ServerIdentity } from "../ledger/log/history.ts";
import { newFolderId, readHistoryMemo, writeHistoryMemo } from "./history-memo.ts";
import type { HistoryMemo } from "./history-memo.ts";

/** Leads that were acknowledged since the last look; whoever has more of them has forgotten the oldest. */
const rememberedLeadsMax = 20_000;

export interface HistoryWatch {
  /** Some node found that the database went back, and nobody has acknowledged it. */
  readonly hasOpenSetback: boolean;
  /** A lead was written and its sender is told so. */
  acknowledged(runId: string): void;
  /** Compares, writes down what is found, and remembers what is there now. */
  look(): Promise<void>;
}

interface HistoryWatchDeps {
  readonly database: Database;
  readonly dataDir: string;
  readonly fingerprint: string;
  readonly node: string;
  readonly log: Log;
}

export function createHistoryWatch({
  database,
  dataDir,
  fingerprint,
  node,
  log,
}: HistoryWatchDeps): HistoryWatch {
  /** undefined: the file has not been read yet. */
  let memo: HistoryMemo | null | undefined;
  let hasOpenSetback = false;
  let lately: string[] = [];

  async function look(): Promise<void> {
    const known = lately;
    lately = [];
    try {
      await lookFor(known);
    } catch (error) {
      lately = [...known, ...lately].slice(-rememberedLeadsMax);
      throw error;
    }
  }

  async function lookFor(known: readonly string[]): Promise<void> {
    memo ??= await readHistoryMemo(dataDir, fingerprint);
    const server = await readServerIdentity(database);
    const now = await readHistory(database, memo?.newest ?? null);
    hasOpenSetback = now.hasOpenSetback;
    if (memo !== null) await compare(memo, server, now, known);
    await remember(server, now);
  }

  async function compare(
    remembered: HistoryMemo,
    server: ServerIdentity,
    now: HistoryNow,
    known: readonly string[],
  ): Promise<void> {
    // Only a server that was started anew, or a different one, can have lost single leads without the newest event.
    const isSame = server.startedAt !== null && server.startedAt === remembered.server.startedAt;
    const missing = known.length === 0 || isSame ? 0 : await countMissingRuns(database, known);
    const setback = setbackOf(remembered, server, now, missing);
    if (setback === null) {
      noteTimeline(remembered, server);
      return;
    }
    hasOpenSetback = true;
    if (!(await recordSetback(database, { ...setback, node }))) return;
    log("error", "database_went_back", {
      since: setback.since,
      until: remembered.newest.eventTime,
      events_max: setback.eventsMax,
      leads_missing: setback.leadsMissing,
      timeline_before: setback.timelineBefore,
      timeline_after: setback.timelineAfter,
      other_server: setback.otherServer,
    });
  }

  function noteTimeline({ server: before }: HistoryMemo, { timeline }: ServerIdentity): void {
    if (timeline === null || before.timeline === null || timeline === before.timeline) return;
    log("info", "database_timeline_changed", { from: before.timeline, to: timeline });
  }

  async function remember(server: ServerIdentity, { newest }: HistoryNow): Promise<void> {
    if (newest === null) return;
    const next = { folder: memo?.folder ?? newFolderId(), fingerprint, server, newest };
    if (memo !== null && JSON.stringify(memo) === JSON.stringify(next)) return;
    await writeHistoryMemo(dataDir, next);
    memo = next;
  }

  return {
    look,
    get hasOpenSetback() {
      return hasOpenSetback;
    },
    acknowledged(runId) {
      if (lately.length >= rememberedLeadsMax) lately = lately.slice(rememberedLeadsMax / 2);
      lately.push(runId);
    },
  };
}

/** For whoever looks without a node: what the data folder remembers against the database; null: all of it is there. */
export async function findSetback(
  database: Queryable,
  dataDir: string,
  fingerprint: string,
): Promise<Omit<NewSetback, "node"> | null> {
  const memo = await readHistoryMemo(dataDir, fingerprint);
  if (memo === null) return null;
  const server = await readServerIdentity(database);
  return setbackOf(memo, server, await readHistory(database, memo.newest), 0);
}

/** `missing`: of the leads acknowledged lately; null: the database has everything that is remembered. */
export function setbackOf(
  { folder, newest: remembered, server: before }: HistoryMemo,
  server: ServerIdentity,
  now: HistoryNow,
  missing: number,
): Omit<NewSetback, "node"> | null {
  const isThere = now.digest === remembered.digest;
  const otherServer =
    before.systemIdentifier !== null &&
    server.systemIdentifier !== null &&
    before.systemIdentifier !== server.systemIdentifier;
  // What is older than everything there was removed because it had become old: numbers only rise.
  const isForgotten = !otherServer && now.oldestEventId !== null && now.oldestEventId > remembered.eventId;
  if ((isThere || isForgotten) && missing === 0) return null;
  const survivor = isThere ? remembered : now.survivor;
  return {
    folder,
    remembered,
    otherServer,
    since: survivor?.eventTime ?? null,
    eventsMax: isThere ? null : remembered.eventId - (survivor?.eventId ?? 0),
    leadsMissing: missing === 0 ? null : missing,
    timelineBefore: before.timeline,
    timelineAfter: server.timeline,
  };
}
