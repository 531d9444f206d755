// Rows of one file that repeat each other, as far as nothing of it is written yet: what the ledger would find if it were.
import { isLosslessNumber, parse } from "lossless-json";

export type Repeat = "new" | "duplicate" | "key_reused";

/** Remembers what it is asked about; of 100,000 rows a few megabytes. */
export function createRepeatFinder(): (key: string, body: string) => Repeat {
  const bodies = new Map<string, string>();
  return (key, body) => {
    const value = comparable(body);
    const first = bodies.get(key);
    if (first === undefined) bodies.set(key, value);
    return first === undefined ? "new" : first === value ? "duplicate" : "key_reused";
  };
}

/** Equal for equal values, whatever the order of their members. */
function comparable(body: string): string {
  try {
    return JSON.stringify(sorted(parse(body)));
  } catch {
    return body;
  }
}

function sorted(value: unknown): unknown {
  if (isLosslessNumber(value)) return { number: numeral(value.value) };
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}

/** 1.50, 15e-1 and 1.5 are one number; digits beyond those of a double stay as they are written. */
function numeral(text: string): string {
  const digits = text.replaceAll(/\D/g, "").length;
  return digits > 15 ? text : String(Number(text));
}
