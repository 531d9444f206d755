// How far a time zone is from UTC, by the time zone data of this process. Pure.

const secondMs = 1_000;
/** No change of clocks is taken back sooner: Ramadan's, the shortest, lasts a month. */
const sampleEveryMs = 14 * 86_400_000;

/** Whether this process knows the zone. Offsets such as +01:00, which newer engines take, are no zones. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds that local time is ahead of UTC at an instant (milliseconds since 1970, whole seconds). Throws RangeError. */
export function zoneOffsets(name: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat("en-US-u-ca-iso8601-nu-latn", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? Number.NaN;
    const day = [part("year"), part("month") - 1, part("day")] as const;
    return Date.UTC(...day, part("hour"), part("minute"), part("second")) - atMs;
  };
}

export interface ZoneOffset {
  readonly atMs: number;
  readonly offsetMs: number;
}

/** The zone at instants at which another reading of it would show: regularly, and the seconds before and at each change of clocks. */
export function tellingOffsets(name: string, fromMs: number, toMs: number): ZoneOffset[] {
  const offsetAt = zoneOffsets(name);
  let before = { atMs: fromMs, offsetMs: offsetAt(fromMs) };
  const telling = [before];
  while (before.atMs < toMs) {
    const atMs = Math.min(before.atMs + sampleEveryMs, toMs);
    const after = { atMs, offsetMs: offsetAt(atMs) };
    if (after.offsetMs !== before.offsetMs) {
      const change = firstInstantOf(after, before.atMs, offsetAt);
      telling.push({ atMs: change - secondMs, offsetMs: offsetAt(change - secondMs) });
      telling.push({ atMs: change, offsetMs: after.offsetMs });
    }
    telling.push(after);
    before = after;
  }
  return telling;
}

function firstInstantOf(
  { atMs, offsetMs }: ZoneOffset,
  afterMs: number,
  offsetAt: (atMs: number) => number,
): number {
  let [low, high] = [afterMs / secondMs, atMs / secondMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * secondMs) === offsetMs) high = middle;
    else low = middle;
  }
  return high * secondMs;
}
