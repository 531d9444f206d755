// How far a time zone is from UTC, by the time zone data of this process. Pure.

const secondMs = 1_000;
/** No change of clocks is taken back sooner: Ramadan's, the shortest, lasts a month. */
const sampleEveryMs = 7 * 86_400_000;

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
    ...{ timeZone: name, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? Number.NaN;
    const day = [part("year"), part("month") - 1, part("day")] as const;
    return Date.UTC(...day, part("hour"), part("minute"), part("second")) - atMs;
  };
}

/** Instants at which another reading of the zone would show: each week, and the seconds before and at each change of clocks. */
export function tellingInstants(offsetAt: (atMs: number) => number, fromMs: number, toMs: number): number[] {
  const instants = [fromMs];
  for (let before = fromMs; before < toMs; before += sampleEveryMs) {
    const after = Math.min(before + sampleEveryMs, toMs);
    if (offsetAt(before) !== offsetAt(after)) {
      const change = firstWithOffsetOf(offsetAt, before, after);
      instants.push(change - secondMs, change);
    }
    instants.push(after);
  }
  return instants;
}

function firstWithOffsetOf(offsetAt: (atMs: number) => number, before: number, after: number): number {
  const wanted = offsetAt(after);
  let [low, high] = [before / secondMs, after / secondMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * secondMs) === wanted) high = middle;
    else low = middle;
  }
  return high * secondMs;
}
