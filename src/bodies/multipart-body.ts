// A multipart/form-data body: from bytes to a lead; files are kept inside it as base64.
import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import type { LeadBody } from "../domain/leads/lead-body.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { declaredCharset, guessedText } from "./charset.ts";
import {
  charsetField,
  fieldCharset,
  fieldText,
  formFieldsMax,
  holdsNul,
  leadFromFields,
} from "./form-fields.ts";
import type { FieldCharset, FormField, FormValue } from "./form-fields.ts";
import { withoutByteOrderMark } from "./utf8.ts";

/** Headers of one part; browsers send two. */
export const partHeadersMax = 32;

export interface FormParts {
  readonly kind: "fields";
  /** In the order in which they were sent; at least one, none with a NUL. */
  readonly fields: readonly FormField[];
  /** null: UTF-8. */
  readonly charset: string | null;
}

/**
 * Reads a complete body (RFC 7578); `boundary`: null if none is known. The promise is always fulfilled. The parser skips parts it does not understand
 * and shortens over-long headers without a word; here every part is counted, and a missing one refuses the body.
 */
export async function readMultipartBody(bytes: Buffer, boundary: string | null): Promise<LeadBody | Refusal> {
  const read = await readMultipartFields(bytes, boundary);
  if (read.kind === "unreadable") return read;
  const lead = leadFromFields(read.fields);
  return read.charset === null ? lead : { ...lead, charset: read.charset };
}

/** The fields one by one, for whoever makes something else of them than an object by their names. */
export async function readMultipartFields(
  bytes: Buffer,
  boundary: string | null,
): Promise<FormParts | Refusal> {
  if (bytes.length === 0) return refusal("body_empty", "The body is empty.");
  const rawBody = withoutByteOrderMark(bytes);
  if (boundary === null) return malformed("the Content-Type names no usable boundary");
  const announced = countParts(rawBody, boundary);
  if (announced === null) return malformed("the body ends before its closing boundary");
  if (announced === 0) return refusal("body_empty", "The body is a form without any field.");
  if (announced > formFieldsMax) return malformed(`it has more than ${formFieldsMax} parts`);
  const heads = headsOf(rawBody, boundary);
  const parts = await parseParts(withUtf8Heads(rawBody, heads), boundary);
  if (parts === null) return malformed("its parts cannot be told apart");
  if (parts.length !== announced) return malformed("a part has no readable headers or no field name");
  return fieldsFromParts(
    parts.map((part, index) => ({ ...part, charset: charsetIn(rawBody, heads[index]) })),
  );
}

interface Part {
  readonly name: string | undefined;
  readonly filename: string | undefined;
  readonly contentType: string;
  readonly chunks: Buffer[];
}

function malformed(problem: string): Refusal {
  return refusal("multipart_malformed", `The multipart form is broken: ${problem}.`);
}

/** RFC 2046 section 5.1.1: 1 to 70 characters of a small set; null: the Content-Type names none. */
export function boundaryOf(contentType: string): string | null {
  const match = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? "";
  return /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary) ? boundary : null;
}

/** null if the closing delimiter is missing. */
function countParts(rawBody: Buffer, boundary: string): number | null {
  const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  let parts = 0;
  let at = rawBody.indexOf(delimiter.subarray(2)) === 0 ? -2 : rawBody.indexOf(delimiter);
  while (at !== -1) {
    const end = at + delimiter.length;
    if (rawBody[end] === dash && rawBody[end + 1] === dash) return parts;
    parts++;
    // How many more there are makes no difference.
    if (parts > formFieldsMax) return parts;
    at = rawBody.indexOf(delimiter, end);
  }
  return null;
}

/** null if the parser gives up. Every part is read as a file, which is how its bytes arrive undecoded. */
function parseParts(rawBody: Buffer, boundary: string): Promise<Part[] | null> {
  return new Promise((resolve) => {
    const parts: Part[] = [];
    const parser = new Busboy({
      headers: { "content-type": `multipart/form-data; boundary="${boundary}"` },
      // The body is in memory already: with room for all of it no stream ever has to wait for another.
      highWaterMark: rawBody.length + 1,
      fileHwm: rawBody.length + 1,
      isPartAFile: () => true,
      limits: { parts: formFieldsMax, headerPairs: partHeadersMax, headerSize: rawBody.length + 1 },
    });
    parser.on(
      "file",
      (name: string | undefined, stream: Readable, filename: string | undefined, _encoding, contentType) => {
        const chunks: Buffer[] = [];
        parts.push({ name, filename, contentType, chunks });
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("error", () => resolve(null));
      },
    );
    parser.on("error", () => resolve(null));
    parser.on("finish", () => resolve(parts));
    parser.end(rawBody);
  });
}

/** Where the headers of each part stand. */
interface PartHead {
  readonly from: number;
  readonly to: number;
}

function headsOf(rawBody: Buffer, boundary: string): PartHead[] {
  const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  const heads: PartHead[] = [];
  let at = rawBody.indexOf(delimiter.subarray(2)) === 0 ? -2 : rawBody.indexOf(delimiter);
  while (at !== -1) {
    const from = at + delimiter.length;
    const to = rawBody.indexOf("\r\n\r\n", from);
    if (to === -1 || (rawBody[from] === dash && rawBody[from + 1] === dash)) break;
    heads.push({ from, to });
    at = rawBody.indexOf(delimiter, from);
  }
  return heads;
}

/** The parser takes names for UTF-8 and replaces what is not; in forms of old pages they are in the page's charset. */
function withUtf8Heads(rawBody: Buffer, heads: readonly PartHead[]): Buffer {
  if (isUtf8(rawBody)) return rawBody;
  let done = 0;
  const pieces = heads.flatMap(({ from, to }) => {
    const head = rawBody.subarray(from, to);
    const text = isUtf8(head) ? null : guessedText(head);
    const before = rawBody.subarray(done, from);
    done = to;
    return [before, text === null ? head : Buffer.from(text.text)];
  });
  return Buffer.concat([...pieces, rawBody.subarray(done)]);
}

/** Of the part's own Content-Type, which the parser does not tell; null: it names none. */
function charsetIn(rawBody: Buffer, head: PartHead | undefined): string | null {
  if (head === undefined) return null;
  const text = rawBody.toString("latin1", head.from, head.to);
  return declaredCharset(/\r\ncontent-type:([^\r\n]*)/i.exec(text)?.[1] ?? "");
}

interface TextPart extends Part {
  /** As the part itself says; null: it does not. */
  readonly charset: string | null;
}

function fieldsFromParts(parts: readonly TextPart[]): FormParts | Refusal {
  const charsetPart = parts.find(({ name }) => name === charsetField);
  const charset = fieldCharset(
    charsetPart === undefined ? null : bytesOf(charsetPart).toString("latin1"),
    null,
  );
  const fields: FormField[] = [];
  let used: string | null = null;
  for (const [index, part] of parts.entries()) {
    const place = `part ${index + 1}`;
    if (part.name === undefined) return malformed(`${place} has no field name`);
    const read = partValue(part, charset);
    if (read === null || !wellDecoded(part.name) || !wellDecoded(part.filename ?? "")) {
      return refusal("body_not_utf8", `The multipart form has text that is no text in ${place}.`, place);
    }
    used ??= read.charset;
    if (holdsNul(part.name, read.value))
      return malformed(`${place} has a NUL character, which cannot be stored`);
    // What browsers send where no file was chosen (HTML, "constructing the entry list").
    if (part.filename === "" && part.chunks.every(({ length }) => length === 0)) continue;
    fields.push([part.name, read.value]);
  }
  if (fields.length === 0) return refusal("body_empty", "The body is a form without any field.");
  return { kind: "fields", fields, charset: used };
}

/** The parser decodes names by itself, replaces what is invalid, and lets a charset make lone surrogates. */
function wellDecoded(name: string): boolean {
  return !/[\uFFFD\p{Surrogate}]/u.test(name);
}

/** null if a text is none, in no charset. */
function partValue(
  part: TextPart,
  charset: FieldCharset,
): { readonly value: FormValue; readonly charset: string | null } | null {
  const bytes = bytesOf(part);
  if (part.filename === undefined && part.contentType !== "application/octet-stream") {
    const read = fieldText(bytes, part.charset === null ? charset : fieldCharset(null, part.charset));
    return read === null ? null : { value: read.text, charset: read.charset };
  }
  const value = {
    filename: part.filename ?? null,
    content_type: part.contentType,
    size_bytes: bytes.length,
    base64: bytes.toString("base64"),
  };
  return { value, charset: null };
}

function bytesOf({ chunks }: Part): Buffer {
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

const dash = 0x2d;
