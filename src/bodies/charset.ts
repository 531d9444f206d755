// In which characters a text was sent, as the web means it (WHATWG Encoding): what says so, and from bytes to text. UTF-8
// comes first wherever the bytes are valid in it: no text in another single-byte charset is that by chance.
import { isAscii, isUtf8 } from "node:buffer";

/** What a text was read as, where that was not UTF-8. */
export interface ReadText {
  readonly text: string;
  /** null: UTF-8, or nothing but ASCII. */
  readonly charset: string | null;
}

/** As the header writes it; null: it names none. */
export function declaredCharset(contentType: string): string | null {
  const label = /;\s*charset\s*=\s*["']?([^"';\s]*)/i.exec(contentType)?.[1] ?? "";
  return label === "" ? null : label;
}

/** The encoding's name for a label, "windows-1252" for "latin1"; null: nobody knows it. */
export function charsetOf(label: string): string | null {
  const name = label.trim().toLowerCase();
  if (name === "utf-8" || name === "utf8") return "utf-8";
  try {
    return new TextDecoder(aliases[name] ?? name).encoding;
  } catch {
    return null;
  }
}

/** What senders write that the standard does not list. */
const aliases: Readonly<Record<string, string>> = {
  "latin-1": "latin1",
  "latin-9": "iso-8859-15",
  "cp-1252": "windows-1252",
  ansi: "windows-1252",
  utf8mb4: "utf-8",
};

/** null: they are no text in this charset. Where the bytes are valid UTF-8, Windows-1252 is taken for a wrong label. */
export function textIn(bytes: Buffer, charset: string): ReadText | null {
  if (charset === "utf-8") return isUtf8(bytes) ? { text: bytes.toString("utf8"), charset: null } : null;
  if (charset === windows1252) return isUtf8(bytes) ? utf8(bytes) : inWindows1252(bytes);
  if (!madeOfAscii.test(charset) && isAscii(bytes)) return utf8(bytes);
  try {
    return { text: new TextDecoder(charset, { fatal: true }).decode(bytes), charset };
  } catch {
    return null;
  }
}

/** Their bytes may all be ASCII and mean something else. */
const madeOfAscii = /^(?:utf-16|iso-2022)/;

/**
 * Of which nobody said what it is. null: no text in Windows-1252 either, which has five bytes that mean nothing, and no
 * form has control characters.
 */
export function guessedText(bytes: Buffer): ReadText | null {
  if (isUtf8(bytes)) return utf8(bytes);
  return /[\x00-\x08\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d]/.test(bytes.toString("latin1"))
    ? null
    : inWindows1252(bytes);
}

const windows1252 = "windows-1252";

function utf8(bytes: Buffer): ReadText {
  return { text: bytes.toString("utf8"), charset: null };
}

/**
 * Node's own decoder makes control characters of 0x80 to 0x9F in many of its versions (nodejs/node issue 56542). The five
 * bytes without a character are controls, as on the web.
 */
function inWindows1252(bytes: Buffer): ReadText {
  const text = bytes
    .toString("latin1")
    .replaceAll(/[\u0080-\u009f]/g, (control) => windowsCharacters.charAt(control.charCodeAt(0) - 0x80));
  return { text, charset: windows1252 };
}

/** 0x80 to 0x9F (WHATWG Encoding, index-windows-1252). */
const windowsCharacters =
  "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
  "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

/** By a byte order mark, or, as JSON begins with an ASCII character, by the zero beside it. null: it is not UTF-16. */
export function utf16Of(bytes: Buffer): "utf-16le" | "utf-16be" | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? "utf-16be" : null;
}
