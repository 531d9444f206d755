// What a file is, by its content: names lie. An Excel workbook read as CSV would become leads of gibberish.
import type { UnusableContent } from "./import-faults.ts";
import type { TextEncoding } from "./text-encoding.ts";

/** More than any of these signatures needs, and a page of text. */
export const headBytesMax = 64 * 1024;

/** The first bytes of formats that are no text (their own specifications; file(1) knows them likewise). */
const signatures: readonly (readonly [UnusableContent, readonly (readonly number[])[]])[] = [
  ["zip", [bytes("PK\x03\x04"), bytes("PK\x05\x06"), bytes("PK\x07\x08")]],
  ["office", [[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], bytes("{\\rtf")]],
  ["gzip", [[0x1f, 0x8b]]],
  ["compressed", [bytes("BZh"), [0xfd, ...bytes("7zXZ")], bytes("7z\xbc\xaf\x27\x1c"), bytes("Rar!\x1a")]],
  ["compressed", [[0x28, 0xb5, 0x2f, 0xfd]]],
  ["pdf", [bytes("%PDF-")]],
  [
    "image",
    [bytes("\x89PNG"), [0xff, 0xd8, 0xff], bytes("GIF8"), bytes("RIFF"), bytes("II*\0"), bytes("MM\0*")],
  ],
  ["binary", [bytes("SQLite format 3\0"), bytes("PAR1"), bytes("\x7fELF"), bytes("MZ\x90")]],
];

/** What no program can make rows of; null: it may be text. */
export function binaryContent(head: Buffer): UnusableContent | null {
  if (head.length === 0) return "empty";
  for (const [kind, starts] of signatures) {
    if (!starts.some((start) => start.every((byte, at) => head[at] === byte))) continue;
    // The parts of a workbook are named in the archive, mostly among the first.
    return kind === "zip" && head.includes("xl/") ? "xlsx" : kind;
  }
  return null;
}

export type TextContent =
  { readonly kind: "csv" | "json_lines" | "json_list" } | { readonly kind: UnusableContent };

/** What a decoded beginning without its byte order mark is. */
export function textContent(head: string): TextContent {
  const text = head.trimStart();
  if (text === "") return { kind: "empty" };
  if (looksBinary(head)) return { kind: "binary" };
  if (/^<(?:!doctype\s+html|html|head|body|table|meta|style|script|div|p|tr)[\s>/]/i.test(text))
    return { kind: "html" };
  if (/^<(?:\?xml|!doctype|!--|[a-z][\w.:-]*(?:\s[^<>]*)?\/?>)/i.test(text)) return { kind: "xml" };
  if (/^BEGIN:V(?:CARD|CALENDAR)\r?\n/i.test(text)) return { kind: "vcard" };
  if (/^\[\s*[[{\]"\d]/.test(text)) return { kind: "json_list" };
  if (/^\{\s*["}]/.test(text)) return { kind: isSpread(text) ? "json_document" : "json_lines" };
  return { kind: "csv" };
}

/** An object that goes on where its first line ends: written for people, or the only one of the file. */
function isSpread(text: string): boolean {
  const end = text.indexOf("\n");
  if (end < 0) return false;
  const first = text.slice(0, end).trimEnd();
  return first.length < 3 || /[,{[]$/.test(first);
}

/** Texts have no control characters but white space, an old end of file, and what mainframes put between records. */
function looksBinary(text: string): boolean {
  if (text.includes("\0")) return true;
  const controls = text.match(/[\u0001-\u0008\u000E-\u0019\u007F]/g)?.length ?? 0;
  return controls > text.length / 100;
}

/** UTF-16 has zeros in every second byte; UTF-32, and whatever else has zeros, is no encoding of ours. */
export function isReadable(encoding: TextEncoding, head: Buffer): boolean {
  return encoding === "utf-16le" || encoding === "utf-16be" || !head.includes(0);
}

function bytes(text: string): readonly number[] {
  return [...Buffer.from(text, "latin1")];
}
