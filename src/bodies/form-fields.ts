// The fields of a form, however they were sent: their text, and all of them as one JSON object.
import type { LeadBody, LeadFields } from "../domain/leads/lead-body.ts";
import { charsetOf, guessedText, textIn } from "./charset.ts";
import type { ReadText } from "./charset.ts";

/** More fields than any form has; each costs memory in every step that follows. */
export const formFieldsMax = 1000;

export type FormValue = string | FormFile;

export interface FormFile {
  readonly filename: string | null;
  readonly content_type: string;
  readonly size_bytes: number;
  readonly base64: string;
}

export type FormField = readonly [name: string, value: FormValue];

/**
 * `{"field":"value"}` in the order of first appearance; a repeated field becomes a list, and so does one whose name ends
 * with `[]`: whoever chose one of several answers is to arrive as whoever chose two. Written as text and parsed from it,
 * so that a field named `__proto__` is a field like any other.
 */
export function leadFromFields(fields: readonly FormField[]): LeadBody {
  const valuesByName = new Map<string, FormValue[]>();
  for (const [index, [sentName, value]] of fields.entries()) {
    // A byte order mark may stand, percent-encoded or not, where the program that made the form joined texts of files.
    const name = index === 0 ? sentName.replace(/^\uFEFF+/, "") : sentName;
    const values = valuesByName.get(name);
    if (values === undefined) valuesByName.set(name, [value]);
    else values.push(value);
  }
  const members = [...valuesByName].map(([name, values]) => {
    const isList = values.length > 1 || name.endsWith("[]");
    return `${JSON.stringify(name)}:${JSON.stringify(isList ? values : values[0])}`;
  });
  const json = `{${members.join(",")}}`;
  return { kind: "lead", format: "form", json, value: JSON.parse(json) as LeadFields };
}

/** The field in which browsers say what they encoded a form in (HTML, "constructing the entry list"; RFC 7578 section 4.6). */
export const charsetField = "_charset_";

/** An encoding's name; null: nobody said one that is known. */
export type FieldCharset = string | null;

/** What the form says itself counts for more than its Content-Type. Nothing is escaped as UTF-16. */
export function fieldCharset(inForm: string | null, inHeader: string | null): FieldCharset {
  for (const label of [inForm, inHeader]) {
    const charset = label === null ? null : charsetOf(label);
    if (charset !== null) return charset.startsWith("utf-16") ? "utf-8" : charset;
  }
  return null;
}

/** The text of a name or a value; null: it is none. A charset that does not fit is a wrong one. */
export function fieldText(bytes: Buffer, charset: FieldCharset): ReadText | null {
  return (charset === null ? null : textIn(bytes, charset)) ?? guessedText(bytes);
}

/** jsonb cannot hold NUL characters; anything else that is Unicode it can. */
export function holdsNul(name: string, value: FormValue): boolean {
  if (name.includes("\0")) return true;
  return typeof value === "string"
    ? value.includes("\0")
    : value.content_type.includes("\0") || (value.filename ?? "").includes("\0");
}
