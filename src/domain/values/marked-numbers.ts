// Exact numbers on their way through a language that has only JavaScript's: those that it would change travel as texts
// between two characters of private use, and come back as the numbers they were. What it may do with them as texts it does;
// who calculates with one is told, instead of getting a wrong result.
import { isSafeNumber } from "lossless-json";
import { ExactNumber, parseExactly } from "./exact-json.ts";

export interface Marks {
  readonly open: string;
  readonly close: string;
}

/** Unicode 16, section 23.5: private use. */
const firstMark = 0xe000;
const lastMark = 0xf8ff;
const mayHoldMark = /[\ue000-\uf8ff]/;

/** Two characters that stand nowhere in the value, U+E000 and U+E001 wherever possible; null: it has them all. */
export function marksFor(value: unknown): Marks | null {
  const taken = new Set<number>();
  noteMarks(value, taken);
  for (let code = firstMark; code < lastMark; code += 2) {
    if (taken.has(code) || taken.has(code + 1)) continue;
    return { open: String.fromCharCode(code), close: String.fromCharCode(code + 1) };
  }
  return null;
}

/** As JSON.stringify, with marked texts for numbers that would lose digits. */
export function writeMarked(value: unknown, { open, close }: Marks): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (!(member instanceof ExactNumber)) return member;
    return isSafeNumber(member.text) ? Number(member.text) : `${open}${member.text}${close}`;
  });
}

/** Puts the numbers back into what JSON.parse made; in a longer text they stay as their digits. */
export function withoutMarks(value: unknown, marks: Marks): unknown {
  if (typeof value === "string") return unmarked(value, marks);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutMarks(item, marks));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [stripped(name, marks), withoutMarks(member, marks)]),
  );
}

function unmarked(text: string, marks: Marks): unknown {
  const { open, close } = marks;
  if (!text.startsWith(open)) return stripped(text, marks);
  const digits = text.slice(1, -1);
  return text.endsWith(close) && isNumber.test(digits) ? parseExactly(digits) : stripped(text, marks);
}

/** RFC 8259 section 6. */
const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function stripped(text: string, { open, close }: Marks): string {
  return text.includes(open) || text.includes(close) ? text.replaceAll(open, "").replaceAll(close, "") : text;
}

function noteMarks(value: unknown, taken: Set<number>): void {
  if (typeof value === "string") {
    if (!mayHoldMark.test(value)) return;
    for (let place = 0; place < value.length; place += 1) taken.add(value.charCodeAt(place));
  } else if (typeof value === "object" && value !== null && !(value instanceof ExactNumber)) {
    for (const [name, member] of Object.entries(value)) {
      noteMarks(name, taken);
      noteMarks(member, taken);
    }
  }
}
