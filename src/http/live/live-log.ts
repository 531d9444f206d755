// Follows the audit log by its ids. They are drawn before an event is committed, so one that is missing may come yet: it
// is asked for again until it has come, or cannot come any more.
import type { LiveEvent } from "../../ledger/log/live-events.ts";

export interface LiveEventSource {
  after(id: number, limit: number): Promise<readonly LiveEvent[]>;
  withIds(ids: readonly number[]): Promise<readonly LiveEvent[]>;
  latestId(): Promise<number>;
  missing(after: number, until: number): Promise<readonly number[]>;
}

export type News =
  | { readonly kind: "events"; readonly events: readonly LiveEvent[] }
  /** More than can be told one by one. */
  | { readonly kind: "many" };

export interface LiveLog {
  /** Up to here everything was told: what somebody who has it goes on from. */
  readonly position: number;
  /** What happened since the last time. */
  next(): Promise<News>;
}

/** More events between two looks are told as `many`. */
export const eventsToldMax = 500;
/** No statement of the program, and hardly one of a person, takes longer from drawing an id to committing. */
const lateLimitMs = 60_000;
/** So far back it is looked for events that were under way when following began. */
const lookBackIds = 500;
const missingMax = 2_000;

/** Begins at the end of the log. */
export async function followLog(source: LiveEventSource, nowMs: () => number): Promise<LiveLog> {
  let last = await source.latestId();
  /** By id: until when it may come. */
  const missing = new Map<number, number>();
  const expect = (ids: Iterable<number>): void => {
    for (const id of ids) if (missing.size < missingMax) missing.set(id, nowMs() + lateLimitMs);
  };
  expect(await source.missing(Math.max(0, last - lookBackIds), last));

  return {
    get position() {
      return missing.size === 0 ? last : Math.min(...missing.keys()) - 1;
    },
    async next() {
      for (const [id, until] of missing) if (until < nowMs()) missing.delete(id);
      const late = missing.size === 0 ? [] : await source.withIds([...missing.keys()]);
      const fresh = await source.after(last, eventsToldMax + 1);
      if (late.length + fresh.length > eventsToldMax) {
        last = await source.latestId();
        missing.clear();
        expect(await source.missing(Math.max(0, last - lookBackIds), last));
        return { kind: "many" };
      }
      for (const { event_id: id } of late) missing.delete(id);
      for (const { event_id: id } of fresh) {
        expect(range(last + 1, id));
        last = id;
      }
      return { kind: "events", events: [...late, ...fresh] };
    },
  };
}

function* range(from: number, before: number): Iterable<number> {
  for (let id = from; id < before; id += 1) yield id;
}
