// JSON whose numbers stay as they were written: ids of some platforms exceed 2^53, and a price of 1.10 is not 1.1.
import { isSafeNumber, parse } from "lossless-json";

/** A number that JavaScript's would change. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** As JSON.parse. What is nested too deep to be read comes back as the text itself. */
export function parseExactly(text: string): unknown {
  try {
    return parse(text, undefined, {
      parseNumber: (number) => (isSafeNumber(number) ? Number(number) : new ExactNumber(number)),
    });
  } catch (error) {
    if (error instanceof RangeError) return text;
    throw error;
  }
}

/** As JSON.stringify of what `parseExactly` read, with dates besides. */
export function writeExactly(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value !== "object" || value === null || value instanceof Date)
    return value === undefined ? "null" : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeExactly).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${JSON.stringify(name)}:${writeExactly(member)}`);
  return `{${members.join(",")}}`;
}
