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

/** As JSON.stringify of what `parseExactly` read, with dates besides. `indentSpaces`: 0 on one line. */
export function writeExactly(value: unknown, indentSpaces = 0): string {
  return indentSpaces === 0 ? written(value, "", "") : written(value, "\n", " ".repeat(indentSpaces));
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
