// An application/x-www-form-urlencoded body: from bytes to its fields, and to a lead.
import { isUtf8 } from "node:buffer";
import type { LeadBody } from "../domain/leads/lead-body.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { declaredCharset } from "./charset.ts";
import {
  charsetField,
  fieldCharset,
  fieldText,
  formFieldsMax,
  holdsNul,
  leadFromFields,
} from "./form-fields.ts";
import type { FieldCharset } from "./form-fields.ts";
import { notUtf8, withoutByteOrderMark } from "./utf8.ts";

export interface TextFields {
  readonly kind: "fields";
  /** In the order in which they were sent; at least one, none with a NUL. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** null: UTF-8. */
  readonly charset: string | null;
}

/**
 * Parses as browsers do (WHATWG URL section 5.1): a `%` that begins no escape stands for itself, so "100%" loses
 * nothing. Escapes are UTF-8, or bytes of the charset that the form (a field `_charset_`) or its Content-Type names, or
 * of Windows-1252, which is then guessed; what is no text at all is refused.
 */
export function readFormBody(rawBody: Buffer, contentType?: string): LeadBody | Refusal {
  const read = readFormFields(rawBody, contentType);
  if (read.kind === "unreadable") return read;
  const lead = leadFromFields(read.fields);
  return read.charset === null ? lead : { ...lead, charset: read.charset };
}

/** The fields one by one, for whoever makes something else of them than an object by their names. */
export function readFormFields(rawBody: Buffer, contentType?: string): TextFields | Refusal {
  const bytes = withoutByteOrderMark(rawBody);
  if (hasTooManyFields(bytes)) {
    return refusal("form_malformed", `The form has more than ${formFieldsMax} fields.`);
  }
  const read = utf8Fields(bytes) ?? fieldsInCharset(bytes, contentType);
  if (read === null) return notTextIn(rawBody);
  if (read.fields.length === 0) return refusal("body_empty", "The body is a form without any field.");
  const withNul = read.fields.findIndex(([name, value]) => holdsNul(name, value));
  if (withNul === -1) return read;
  const place = `field ${withNul + 1}`;
  return refusal(
    "form_malformed",
    `The form has a NUL character in ${place}, which cannot be stored.`,
    place,
  );
}

/** null: it is not, or not plainly, UTF-8. */
function utf8Fields(bytes: Buffer): TextFields | null {
  if (!isUtf8(bytes)) return null;
  const text = bytes.toString("utf8");
  if (text.includes(charsetField)) return null;
  // URLSearchParams takes a leading "?" for decoration; here it belongs to the first name.
  const fields = [...new URLSearchParams(`&${text}`)];
  const isReplaced = fields.some(([name, value]) => hasReplacement(name) || hasReplacement(value));
  return isReplaced ? null : { kind: "fields", fields, charset: null };
}

/** null: something in it is no text. */
function fieldsInCharset(bytes: Buffer, contentType: string | undefined): TextFields | null {
  const sent = bytes
    .toString("latin1")
    .split("&")
    .filter((field) => field !== "")
    .map((field) => [nameIn(field), valueIn(field)] as const);
  const named = sent.find(([name]) => name.toString("latin1") === charsetField)?.[1].toString("latin1");
  const charset = fieldCharset(named ?? null, declaredCharset(contentType ?? ""));
  const used = new Set<string>();
  const fields: (readonly [string, string])[] = [];
  for (const [name, value] of sent) {
    const [nameText, valueText] = [textOf(name, charset, used), textOf(value, charset, used)];
    if (nameText === null || valueText === null) return null;
    fields.push([nameText, valueText]);
  }
  return { kind: "fields", fields, charset: [...used][0] ?? null };
}

function textOf(bytes: Buffer, charset: FieldCharset, used: Set<string>): string | null {
  const read = fieldText(bytes, charset);
  if (read !== null && read.charset !== null) used.add(read.charset);
  return read?.text ?? null;
}

function nameIn(field: string): Buffer {
  const at = field.indexOf("=");
  return unescaped(at === -1 ? field : field.slice(0, at));
}

function valueIn(field: string): Buffer {
  const at = field.indexOf("=");
  return unescaped(at === -1 ? "" : field.slice(at + 1));
}

/** `text`: each byte as one Latin-1 character. */
function unescaped(text: string): Buffer {
  const bytes = text
    .replaceAll("+", " ")
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}

/** Counted before they are made: as an object a field of one byte takes a hundred. */
function hasTooManyFields(bytes: Buffer): boolean {
  let fields = 0;
  let start = 0;
  while (start < bytes.length && fields <= formFieldsMax) {
    const ampersandAt = bytes.indexOf(ampersand, start);
    const end = ampersandAt === -1 ? bytes.length : ampersandAt;
    // Nothing between two ampersands is no field.
    if (end > start) fields += 1;
    start = end + 1;
  }
  return fields > formFieldsMax;
}

function hasReplacement(text: string): boolean {
  return text.includes("\uFFFD");
}

function notTextIn(rawBody: Buffer): Refusal {
  return isUtf8(rawBody)
    ? refusal("body_not_utf8", "The form's percent-encoded text is neither UTF-8 nor Windows-1252.")
    : notUtf8(rawBody);
}

const ampersand = 0x26;
