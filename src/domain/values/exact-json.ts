// JSON whose numbers stay as they were written: ids of some platforms exceed 2^53, and a price of 1.10 is not 1.1.
import { parse } from "lossless-json";

/** A number that JavaScript's would not write again as it was written. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** As JSON.parse. What is nested too deep to be read comes back as the text itself. */
export function parseExactly(text: string): unknown {
  try {
    return parse(text, undefined, { parseNumber: exactNumber });
  } catch (error) {
    if (error instanceof RangeError) return text;
    throw error;
  }
}

/** As `parseExactly`; where no number needs it, the faster reader does. */
export function parseWithExactNumbers(json: string): unknown {
  return mayHoldOddNumber.test(json) ? parseExactly(json) : (JSON.parse(json) as unknown);
}

/**
 * Where a value may stand: more than 15 digits, `1.50`, `0.0000001`, `1e5`, `-0`. A text that looks like it only makes
 * reading slower; that of a time (`10:30:00.120Z`) does not.
 */
const mayHoldOddNumber =
  /[:,[]\s*(?:-0\s*[,\]}]|-?(?:\d[\d.]{15}|\d+\.(?:\d*0|\d{7,})\s*[,\]}]|\d+(?:\.\d+)?[eE][+-]?\d+\s*[,\]}]))/;

/** As JSON.stringify of what `parseExactly` read, with dates besides. `indentSpaces`: 0 on one line. */
export function writeExactly(value: unknown, indentSpaces = 0): string {
  if (indentSpaces > 0) return written(value, "\n", " ".repeat(indentSpaces));
  // Where no number needs it, JavaScript's own writer does, which is twice as fast.
  return value === undefined || holdsExactNumber(value) ? written(value, "", "") : JSON.stringify(value);
}

function holdsExactNumber(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof ExactNumber) return true;
  for (const member of Object.values(value)) if (holdsExactNumber(member)) return true;
  return false;
}

function exactNumber(digits: string): number | ExactNumber {
  const number = Number(digits);
  return String(number) === digits ? number : new ExactNumber(digits);
}

/** `newline`: what stands before the value's closing bracket; empty: all on one line. */
function written(value: unknown, newline: string, indent: string): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value !== "object" || value === null || value instanceof Date)
    return value === undefined ? "null" : JSON.stringify(value);
  const inner = newline + indent;
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + written(item, inner, indent));
    return items.length === 0 ? "[]" : `[${items.join(",")}${newline}]`;
  }
  const colon = newline === "" ? ":" : ": ";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${inner}${JSON.stringify(name)}${colon}${written(member, inner, indent)}`);
  return members.length === 0 ? "{}" : `{${members.join(",")}${newline}}`;
}
