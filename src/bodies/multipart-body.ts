// A multipart/form-data body: from bytes to a lead; files are kept inside it as base64.
import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import type { LeadBody } from "../domain/leads/lead-body.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { formFieldsMax, holdsNul, leadFromFields } from "./form-fields.ts";
import type { FormField, FormValue } from "./form-fields.ts";
import { withoutByteOrderMark } from "./utf8.ts";

/** Headers of one part; browsers send two. */
export const partHeadersMax = 32;

/**
 * Reads a complete body (RFC 7578); `boundary`: null if none is known. The promise is always fulfilled. The parser skips parts it does not understand
 * and shortens over-long headers without a word; here every part is counted, and a missing one refuses the body.
 */
export async function readMultipartBody(bytes: Buffer, boundary: string | null): Promise<LeadBody | Refusal> {
  if (bytes.length === 0) return refusal("body_empty", "The body is empty.");
  const rawBody = withoutByteOrderMark(bytes);
  if (boundary === null) return malformed("the Content-Type names no usable boundary");
  const announced = countParts(rawBody, boundary);
  if (announced === null) return malformed("the body ends before its closing boundary");
  if (announced === 0) return refusal("body_empty", "The body is a form without any field.");
  if (announced > formFieldsMax) return malformed(`it has more than ${formFieldsMax} parts`);
  const parts = await parseParts(rawBody, boundary);
  if (parts === null) return malformed("its parts cannot be told apart");
  if (parts.length !== announced) return malformed("a part has no readable headers or no field name");
  return leadFromParts(parts);
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

function leadFromParts(parts: readonly Part[]): LeadBody | Refusal {
  const fields: FormField[] = [];
  for (const [index, part] of parts.entries()) {
    const place = `part ${index + 1}`;
    if (part.name === undefined) return malformed(`${place} has no field name`);
    const value = partValue(part);
    if (value === null || !wellDecoded(part.name) || !wellDecoded(part.filename ?? "")) {
      return refusal(
        "body_not_utf8",
        `The multipart form has text that is not valid UTF-8 in ${place}.`,
        place,
      );
    }
    if (holdsNul(part.name, value)) return malformed(`${place} has a NUL character, which cannot be stored`);
    // What browsers send where no file was chosen (HTML, "constructing the entry list").
    if (part.filename === "" && part.chunks.every(({ length }) => length === 0)) continue;
    fields.push([part.name, value]);
  }
  if (fields.length === 0) return refusal("body_empty", "The body is a form without any field.");
  return leadFromFields(fields);
}

/** The parser decodes names by itself, replaces what is invalid, and lets a charset make lone surrogates. */
function wellDecoded(name: string): boolean {
  return !/[\uFFFD\p{Surrogate}]/u.test(name);
}

/** null if a text is not UTF-8, the only charset that browsers send (RFC 7578 section 5.1.2). */
function partValue(part: Part): FormValue | null {
  const bytes = part.chunks.length === 1 && part.chunks[0] ? part.chunks[0] : Buffer.concat(part.chunks);
  if (part.filename === undefined && part.contentType !== "application/octet-stream") {
    return isUtf8(bytes) ? bytes.toString("utf8") : null;
  }
  return {
    filename: part.filename ?? null,
    content_type: part.contentType,
    size_bytes: bytes.length,
    base64: bytes.toString("base64"),
  };
}

const dash = 0x2d;
