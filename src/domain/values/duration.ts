// Durations, sizes and rates as people write them in leadledger.yaml: 200ms, 5s, 256kB, 50/s.

// Largest first: formatting takes the first unit that divides without a rest.
const durationUnits = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
] as const;

// 1 kB is 1024 bytes, as sizes of requests are counted by web servers; `B` is for exact limits.
const sizeUnits = [
  ["MB", 1_024 * 1_024],
  ["kB", 1_024],
  ["B", 1],
] as const;

const ratePeriods = [
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
] as const;

export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
}

/** Milliseconds of `200ms`, `5s`, `1m`, `2h` or `1d` (whole numbers, one unit); null if it is none. */
export function parseDuration(text: string): number | null {
  return parseQuantity(text, durationUnits);
}

/** The shortest exact text, which {@link parseDuration} reads back; takes whole milliseconds, not negative. */
export function formatDuration(durationMs: number): string {
  return formatQuantity(durationMs, durationUnits, "0s");
}

/** Bytes of `100B`, `256kB` or `1MB` (1 kB = 1024 B, 1 MB = 1024 kB); null if it is none. */
export function parseSize(text: string): number | null {
  return parseQuantity(text, sizeUnits);
}

/** The shortest exact text, which {@link parseSize} reads back; takes whole bytes, not negative. */
export function formatSize(sizeBytes: number): string {
  return formatQuantity(sizeBytes, sizeUnits, "0B");
}

/** The limit that `50/s`, `100/m` or `10/h` stands for; null if it is none. At least one request per period. */
export function parseRate(text: string): RateLimit | null {
  const [count, period, ...rest] = text.split("/");
  const perMs = ratePeriods.find(([unit]) => unit === period)?.[1];
  if (count === undefined || perMs === undefined || rest.length > 0) return null;
  const requests = parseCount(count);
  return requests === null || requests === 0 ? null : { requests, perMs };
}

/** `50/s`; a period that is none of ours is written out, as in `50/90s`, which {@link parseRate} refuses. */
export function formatRate({ requests, perMs }: RateLimit): string {
  const unit = ratePeriods.find(([, ms]) => ms === perMs)?.[0];
  return `${requests}/${unit ?? formatDuration(perMs)}`;
}

type Units = readonly (readonly [unit: string, factor: number])[];

function parseQuantity(text: string, units: Units): number | null {
  const unit = /^[0-9]*([A-Za-z]+)$/.exec(text)?.[1];
  const factor = units.find(([name]) => name === unit)?.[1];
  if (unit === undefined || factor === undefined) return null;
  const count = parseCount(text.slice(0, -unit.length));
  if (count === null) return null;
  const quantity = count * factor;
  return Number.isSafeInteger(quantity) ? quantity : null;
}

function formatQuantity(quantity: number, units: Units, zero: string): string {
  if (quantity === 0) return zero;
  const [unit, factor] = units.find(([, size]) => quantity % size === 0) ?? ["", 1];
  return `${quantity / factor}${unit}`;
}

function parseCount(text: string): number | null {
  if (!/^(?:0|[1-9][0-9]*)$/.test(text)) return null;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : null;
}
