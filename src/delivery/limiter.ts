// What limits and opening hours leave of the way to one destination, as this node may use it. What may be sent within a
// second, a minute or a day is counted in the database, for all nodes together, and fetched as it is needed.
import { openingHours, openTimes } from "../domain/calendar/opening-hours.ts";
import type { OpenTimes } from "../domain/calendar/opening-hours.ts";
import { isGermanState } from "../domain/calendar/public-holidays.ts";
import type { SendingDestination } from "../domain/destinations/destination.ts";
import { hasLimits, readSendLimits } from "../domain/destinations/send-limits.ts";
import type { SendLimits } from "../domain/destinations/send-limits.ts";
import type { Log } from "../domain/node/log.ts";
import { errorText } from "../domain/node/log.ts";
import type { Database } from "../ledger/connection/database.ts";
import { noteClosed, noteOpen, returnSends, takeSends } from "../ledger/delivery/sending-limits.ts";

export interface Limiter {
  /** Counts one that is sent now; false: not now, and `onChange` is called when it may be otherwise. */
  pass(): boolean;
  /** It was not sent after all. */
  giveBack(): void;
  /** How many may be taken on besides those that are being sent; Infinity: the limits do not matter. */
  roomAhead(): number;
  /** Until `pass` may be true; null: it is, or nobody knows when. */
  opensInMs(): number | null;
  /** Nothing may be sent for longer than a moment: what waits is better left to whoever comes first. */
  readonly isClosed: boolean;
  /** Goes by the reporting time zone, and tells everybody where it is not open. Never rejects. */
  follow(zone: string): Promise<void>;
  /** What was granted and not used is for others, and for later on this day. Never rejects. */
  close(): Promise<void>;
}

export interface LimiterDeps {
  readonly database: Database;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** As `performance.now`. */
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** A wait of at most this long is sat out with what was taken on. */
const momentMs = 5_000;
/** After the database could not be asked. */
const askAgainMs = 1_000;
const minuteMs = 60_000;

const unlimited: Limiter = {
  pass: () => true,
  giveBack: () => undefined,
  roomAhead: () => Infinity,
  opensInMs: () => null,
  isClosed: false,
  follow: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export interface Demand {
  /** How many wait and could be sent at once. */
  readonly wanted: () => number;
  /** More may be sent, or nothing more. */
  readonly onChange: () => void;
}

/** Throws where the destination's limits or hours cannot be read: configuration has seen to that before. */
export function createLimiter(destination: SendingDestination, demand: Demand, deps: LimiterDeps): Limiter {
  const { name, limits: texts, openingHours: rules } = destination;
  const limits = readSendLimits(texts);
  if (typeof limits === "string") throw new TypeError(`limits of ${name}: ${limits}`);
  const shares = hasLimits(limits) ? createShares(name, limits, demand, deps) : null;
  const hours = rules.length > 0 ? createHours(destination, rules, deps) : null;
  if (shares === null && hours === null) return unlimited;

  const waitMs = (): number => Math.max(hours?.waitMs() ?? 0, shares?.waitMs() ?? 0);
  return {
    pass: () => (hours?.waitMs() ?? 0) === 0 && (shares?.take() ?? true),
    giveBack: () => shares?.giveBack(),
    roomAhead: () => (waitMs() > momentMs ? 0 : Infinity),
    opensInMs: () => (waitMs() === 0 || waitMs() === Infinity ? null : waitMs()),
    get isClosed() {
      return waitMs() > momentMs;
    },
    follow: (zone) => hours?.follow(zone) ?? Promise.resolve(),
    close: () => shares?.close() ?? Promise.resolve(),
  };
}

interface Shares {
  /** One of those that were granted; false: none is left, and more are asked for if it is time. */
  take(): boolean;
  giveBack(): void;
  close(): Promise<void>;
  /** Until more may be granted; 0: now. */
  waitMs(): number;
}

function createShares(name: string, limits: SendLimits, demand: Demand, deps: LimiterDeps): Shares {
  const { database, monotonicMs, log } = deps;
  let granted = 0;
  let fullUntilMs = -Infinity;
  let asking: Promise<void> | null = null;
  /** Since when some of it is unused: what is of yesterday is nobody's any more. */
  let unusedSinceMs = monotonicMs();

  const waitMs = (): number => (granted > 0 ? 0 : Math.max(fullUntilMs - monotonicMs(), 0));

  async function ask(): Promise<void> {
    const askedAtMs = monotonicMs();
    try {
      const taken = await takeSends(database, name, Math.max(demand.wanted(), 1), limits);
      if (granted === 0) unusedSinceMs = askedAtMs;
      granted += taken.granted;
      fullUntilMs = monotonicMs() + taken.wait_ms;
    } catch (error) {
      fullUntilMs = monotonicMs() + askAgainMs;
      log("warn", "limit_not_asked", { destination: name, error: errorText(error) });
    } finally {
      asking = null;
    }
    demand.onChange();
  }

  return {
    take() {
      if (granted > 0) {
        granted -= 1;
        return true;
      }
      if (asking === null && waitMs() === 0) asking = ask();
      return false;
    },
    giveBack: () => void (granted += 1),
    async close() {
      await asking;
      const unused = granted;
      granted = 0;
      if (unused === 0) return;
      try {
        await returnSends(database, name, unused, monotonicMs() - unusedSinceMs);
      } catch (error) {
        log("warn", "limit_not_noted", { destination: name, error: errorText(error) });
      }
    },
    waitMs,
  };
}

interface Hours {
  /** Until it is open; 0: it is; Infinity: never, or nobody knows yet. */
  waitMs(): number;
  follow(zone: string): Promise<void>;
}

function createHours(
  { name, holidays }: SendingDestination,
  rules: readonly string[],
  { database, nowMs, log }: LimiterDeps,
): Hours {
  const hours = openingHours(rules);
  const state = holidays !== undefined && isGermanState(holidays) ? holidays : undefined;
  let zoneName: string | null = null;
  let times: OpenTimes | null = null;
  /** Rules change with the minute: what was found holds until it is over. */
  let found: { readonly minute: number; readonly opensAtMs: number | null } | null = null;
  let toldOpensAtMs: number | null = null;
  let wasOpen: boolean | null = null;

  function opensAtMs(): number | null {
    const now = nowMs();
    const minute = Math.floor(now / minuteMs);
    if (times !== null && found?.minute !== minute) found = { minute, opensAtMs: times.opensAtMs(now) };
    return found?.opensAtMs ?? null;
  }

  function waitMs(): number {
    const opens = opensAtMs();
    return opens === null ? Infinity : Math.max(opens - nowMs(), 0);
  }

  /** Where this process does not know the zone, which the database does, hours are kept all the same. */
  function timesIn(zone: string): OpenTimes {
    try {
      return openTimes({ hours, state, zone });
    } catch (error) {
      log("error", "opening_hours_in_utc", { destination: name, timezone: zone, error: errorText(error) });
      return openTimes({ hours, state, zone: "UTC" });
    }
  }

  async function follow(zone: string): Promise<void> {
    if (zone !== zoneName) {
      zoneName = zone;
      found = null;
      times = timesIn(zone);
    }
    const opens = opensAtMs();
    const isOpen = waitMs() === 0;
    if (isOpen === wasOpen && (isOpen || opens === toldOpensAtMs)) return;
    wasOpen = isOpen;
    toldOpensAtMs = opens;
    try {
      if (isOpen) await noteOpen(database, name);
      else if (opens !== null) await noteClosed(database, name, new Date(opens));
    } catch (error) {
      wasOpen = null;
      log("warn", "limit_not_noted", { destination: name, error: errorText(error) });
    }
  }

  return { waitMs, follow };
}
