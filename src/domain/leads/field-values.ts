// What a field's value is as text, whatever type it came in.
import { ExactNumber } from "../values/exact-json.ts";

/** null: nothing. Several are joined by a comma; numbers have all their digits. */
export function textOf(value: unknown): string | null {
  if (typeof value === "string") return trimmed(value);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value instanceof ExactNumber) return value.text;
  if (!Array.isArray(value)) return null;
  const texts = value.flatMap((each) => textOf(each) ?? []);
  return texts.length === 0 ? null : texts.join(", ");
}

/** Each text by itself. */
export function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return (value as unknown[]).flatMap((each) => textOf(each) ?? []);
  const text = textOf(value);
  return text === null ? [] : [text];
}

/** Whether a box was ticked; null: it says neither, so that it may be the text of what was agreed to. */
export function tickOf(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  // Forms send a hidden `0` before the box.
  if (Array.isArray(value) && value.length > 1) {
    const ticks = value.map(tickOf);
    return ticks.includes(null) ? null : ticks.includes(true);
  }
  const text = textOf(value);
  if (text === null) return false;
  const word = text.toLowerCase().replace(/[.!]$/, "");
  if (ticked.has(word)) return true;
  return unticked.has(word) ? false : null;
}

/**
 * Whether a text in place of a tick says that nothing was agreed to: `Nein, danke`, `Ich stimme nicht zu`. null: it says
 * "nicht", and of what is not certain. Behind a comma it is about something else.
 */
export function isAgreedIn(text: string): boolean | null {
  if (/^(?:nein|no|non)\b/i.test(text)) return false;
  const clause = /^[^,.;:]*/.exec(text)?.[0].split(/\b(?:dass|that)\b/i)[0] ?? "";
  if (!/\b(?:nicht|not|kein|keine|keiner|don't)\b/i.test(clause)) return true;
  return agreeing.test(clause) ? false : null;
}

const agreeing =
  /\b(?:stimme|zustimm|zugestimmt|willige|einwillig|einverstanden|akzeptier|erlaube|möchte|wünsche|agree|consent|accept)/i;

/** ISO 8601 in UTC; what cannot be read as a time stays as it was written. Numbers: seconds or milliseconds since 1970. */
export function timeText(value: unknown): string | null {
  const text = textOf(value);
  if (text === null) return null;
  if (/^\d{10}$|^\d{13}$/.test(text)) return isoOf(Number(text) * (text.length === 10 ? 1_000 : 1)) ?? text;
  // Without a zone nobody knows which moment it was.
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i.test(text)) return text;
  return isoOf(Date.parse(text.replace(" ", "T").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"))) ?? text;
}

function isoOf(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function trimmed(text: string): string | null {
  const bare = text.trim();
  return bare === "" ? null : bare;
}

const ticked = new Set([
  ...[
    "true",
    "1",
    "on",
    "yes",
    "ja",
    "y",
    "j",
    "x",
    "checked",
    "accepted",
    "akzeptiert",
    "agreed",
    "granted",
    "ok",
  ],
  ...["zugestimmt", "einverstanden", "wahr", "oui", "si", "sí", "tak", "given", "erteilt"],
]);
const unticked = new Set([
  ...[
    "false",
    "0",
    "off",
    "no",
    "nein",
    "n",
    "unchecked",
    "declined",
    "denied",
    "abgelehnt",
    "falsch",
    "non",
    "nie",
  ],
  ...["not given", "withdrawn", "widerrufen", "nicht erteilt"],
]);
