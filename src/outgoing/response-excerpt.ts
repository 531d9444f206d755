// Keeps of an answer what helps a person, in a form that can be stored and shown anywhere.
import { isAscii } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import { shownAddress } from "../domain/destinations/shown-address.ts";

export const bodyExcerptBytes = 2_048;
const headerExcerptLength = 200;
const keptHeaders = ["content-type", "retry-after", "location", "server", "x-request-id"] as const;

/** The first 2 kB as text: no control characters (jsonb refuses NUL, a terminal obeys ESC), no half characters. */
export function bodyExcerpt(bodyStart: Uint8Array): string {
  if (bodyStart.length === 0) return "";
  const text = printable(textOf(bodyStart.subarray(0, bodyExcerptBytes)));
  // Replacing makes text longer: U+FFFD takes three bytes. Most answers are far too short for that to matter.
  if (text.length * 3 <= bodyExcerptBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bodyExcerptBytes));
  return text.slice(0, read);
}

function textOf(bytes: Uint8Array): string {
  // Nearly all answers are; a decoder has to be made for each and collected.
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  // `stream` leaves a character that was cut in two at the end away instead of replacing it.
  return new TextDecoder("utf-8").decode(bytes, { stream: true });
}

export function headerExcerpt(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = headerText(headers, name);
    if (value === null) continue;
    const shown = name === "location" ? shownAddress(value) : value;
    kept[name] = printable(shown).slice(0, headerExcerptLength);
  }
  return kept;
}

/** One header's value; the first of several; null if absent. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function printable(text: string): string {
  return /[^\x20-\x7e\n]/.test(text) ? text.replace(/[^\P{Cc}\t\r\n]/gu, "\ufffd") : text;
}
