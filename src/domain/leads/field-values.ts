// What a field's value is as text, whatever type it came in.
import { ExactNumber } from "../values/exact-json.ts";
import { foldLetters } from "../values/folded-letters.ts";

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
 * Whether a text in place of a tick says that nothing was agreed to: `Nein, danke`, `Ich lehne ab`, `not_subscribed`. null:
 * it says neither: a link, `unknown`, a "nicht" about what is not certain. Behind a comma it is about something else.
 */
export function isAgreedIn(text: string): boolean | null {
  const written = foldLetters(text.slice(0, agreedUnitsMax)).replaceAll("_", " ").replaceAll("’", "'").trim();
  if (/^(?:[☐✗✘]|\[ ?\])/.test(written)) return false;
  const said = written.replace(/^[^\p{L}]+/u, "");
  if (said === "" || /^(?:https?:\/\/|www\.)\S+$/.test(said) || sayingNothing.has(said)) return null;
  const clause = firstClause(said);
  if (refusing.test(clause) || isShortRefusal(clause)) return false;
  if (!/\b(?:nicht|not|kein|keine[mnrs]?|cannot|(?:do|did|does|ca|wo)n't)\b/.test(clause))
    // `Ich stimme zu und lehne Werbung ab`
    return !/\blehnen?\b/.test(clause) ? true : agreeing.test(clause) ? null : false;
  return agreeing.test(clause) ? false : null;
}

/** Without what is in brackets, and without a label: `Datenschutz: nein`. */
function firstClause(said: string): string {
  const plain = said.replaceAll(/\([^()]{0,200}\)/g, " ").replace(/^(ich|i),[^,]{0,100},/, "$1");
  const colon = plain.indexOf(":");
  const isLabelled = colon > 0 && !/[,.;]|\b(?:ich|i|wir|we)\b/.test(plain.slice(0, colon));
  const rest = isLabelled ? plain.slice(colon + 1).trim() : plain;
  return (
    /^[^,.;:]*/
      .exec(rest)?.[0]
      .split(/\b(?:dass|that)\b/)[0]
      ?.trim() ?? ""
  );
}

/** `Zustimmung verweigert`; in a longer text somebody may be told that they can revoke it. */
function isShortRefusal(clause: string): boolean {
  return clause.split(/\s+/).length <= 3 && refused.test(clause);
}

const agreeing =
  /\b(?:stimme|zustimm|zugestimmt|willige|einwillig|einverst|akzeptier|erlaube|moechte|wuensche|agree|consent|accept|subscribe|given)/;

const refusing =
  /^(?:(?:hiermit|hereby) )?(?:(?:ich|i|wir|we) )?(?:nein|noe|nee?|nope|no|non|nie|niemals|never|keinesfalls|auf (?:gar )?keinen fall|ohne|without|lehnen?|ablehnen|verweiger[en]|widersprechen?|widerspruch|widerrufen?|disagree|decline|deny|reject|refuse|withdraw|revoke|opt(?:ed)?[ -]?out|unsubscribe)\b|\bdisagree\b/;

const refused =
  /\b(?:verweigert|abgelehnt|widerrufen|zurueckgezogen|denied|declined|rejected|refused|withdrawn|revoked|unsubscribed)$/;

const sayingNothing = new Set([
  ...[
    "null",
    "undefined",
    "none",
    "nil",
    "unknown",
    "unbekannt",
    "pending",
    "leer",
    "n/a",
    "n. a.",
    "k.a.",
    "k. a.",
  ],
]);

const agreedUnitsMax = 1_000;

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
