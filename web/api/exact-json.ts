// JSON whose numbers stay as they were sent: identifiers of advertising networks exceed what a double holds.
import { LosslessNumber, isSafeNumber, parse, stringify } from "lossless-json";

export function parseExactly(text: string): unknown {
  return parse(text, undefined, (digits) =>
    isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits),
  );
}

export function writeExactly(value: unknown, indent?: number): string {
  return stringify(value, undefined, indent) ?? "null";
}
