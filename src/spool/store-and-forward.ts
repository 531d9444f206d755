// Store and forward: while the database cannot take a lead, it is kept in the spool and answered from there; when the
// database is back, what waits is brought into the ledger in order, by the ledger's own statements.
import { randomUUID } from "node:crypto";
import type { Arrival, IntakeResult } from "../domain/leads/lead.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import { QueueFullError } from "../ledger/connection/group-commit.ts";
import { createKnownKeys } from "./known-keys.ts";
import type { Spool, SpoolDepth } from "./spool.ts";
import { SpoolFullError } from "./spool.ts";
import { arrivalsOf } from "./spool-record.ts";
import type { SpooledArrival, SpoolRecord } from "./spool-record.ts";

export type NotStored =
  /** The spool is full, or more comes than the disk can take. */
  | "full"
  /** The disk refused. */
  | "failed";

export interface StoreAndForward {
  /** Whether something under the arrival's key waits, so that the arrival has to wait behind it. */
  holds(arrival: Arrival): boolean;
  /** Keeps what one request brought, whole; the results are what its sender may be told now. */
  keep(arrivals: readonly SpooledArrival[]): Promise<readonly IntakeResult[] | NotStored>;
  /** Keeps a health check made at that time (ISO 8601). */
  keepHealthCheck(at: string): Promise<boolean>;
  /** Keeps once more, at the end, what `next` returned; false: it could not. */
  putBack(record: SpoolRecord): Promise<boolean>;
  /** The oldest records, in order, no two of them with the same key. */
  next(recordsMax: number): Promise<SpoolRecord[]>;
  /** The first so many of `next` are in the ledger. */
  forget(records: readonly SpoolRecord[]): Promise<void>;
  /** Puts a record that nobody takes into a file of its own, encrypted as it was; it still has to be forgotten. */
  setAside(record: SpoolRecord): Promise<void>;
  /** Notes what appeared in the spool's folder. */
  adopt(): Promise<void>;
  readonly depth: SpoolDepth;
  /** Whether it would take another record, as far as its limits are concerned. */
  readonly hasRoom: boolean;
  close(): Promise<void>;
}

export function createStoreAndForward(spool: Spool, log: Log): StoreAndForward {
  const keys = createKnownKeys();

  async function keep(record: SpoolRecord): Promise<NotStored | null> {
    try {
      await spool.keep(record);
      return null;
    } catch (error) {
      if (error instanceof SpoolFullError || error instanceof QueueFullError) return "full";
      log("error", "spool_write_failed", { error: errorText(error) });
      return "failed";
    }
  }

  /** In their order; undone in the opposite one. */
  function note(arrivals: readonly SpooledArrival[]): {
    readonly results: readonly IntakeResult[];
    undo(): void;
  } {
    const noted = arrivals.map((arrival) => keys.add(arrival));
    return {
      results: noted.map(({ result }) => result),
      undo() {
        for (const each of noted.toReversed()) each.undo();
      },
    };
  }

  return {
    holds: (arrival) => keys.holds(arrival),
    async keep(arrivals) {
      const [first, ...others] = arrivals;
      if (first === undefined) return [];
      const noted = note(arrivals);
      const notStored = await keep(others.length === 0 ? first : { kind: "request", arrivals });
      if (notStored === null) return noted.results;
      noted.undo();
      return notStored;
    },
    async keepHealthCheck(at) {
      return (await keep({ kind: "health_check", id: randomUUID(), at })) === null;
    },
    async putBack(record) {
      const noted = note(arrivalsOf(record));
      const isKept = (await keep(record)) === null;
      if (!isKept) noted.undo();
      return isKept;
    },
    async next(recordsMax) {
      return withoutRepeats(await spool.oldest(recordsMax));
    },
    async forget(records) {
      // First, because they are in the ledger, whatever becomes of the file.
      for (const arrival of records.flatMap(arrivalsOf)) keys.remove(arrival);
      await spool.drop(records.length);
    },
    setAside: (record) => spool.setAside(record),
    adopt: () =>
      spool.adopt((record) => {
        note(arrivalsOf(record));
      }),
    get depth() {
      return spool.depth;
    },
    get hasRoom() {
      return spool.hasRoom;
    },
    close: () => spool.close(),
  };
}

/** Up to the first record one of whose keys was there already: what comes first must be written first. */
function withoutRepeats(records: readonly SpoolRecord[]): SpoolRecord[] {
  const seen = new Set<string>();
  const repeat = records.findIndex((record) => {
    const names = arrivalsOf(record).map(({ source, recognisedBy }) =>
      JSON.stringify([source, recognisedBy]),
    );
    if (names.some((name) => seen.has(name))) return true;
    for (const name of names) seen.add(name);
    return false;
  });
  return repeat < 0 ? [...records] : records.slice(0, repeat);
}
