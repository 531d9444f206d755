// The body that a case keeps, as text to read or edit.
import { call } from "../api/client.ts";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import type { ShownEntry } from "../api/types.ts";

const indentSpaces = 2;

/** Bytes that nobody could read as JSON, as the text that they were meant to be; null: it is no such payload. */
export function rawText(payload: unknown): string | null {
  const bytes = memberOf(payload, "body_base64");
  if (typeof bytes !== "string") return null;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)));
  } catch {
    // It is masked.
    return null;
  }
}

/** The body alone, or all that is kept where there is none. */
export function bodyOf(payload: unknown): unknown {
  return memberOf(payload, "body") ?? payload;
}

/** `entry`: in full. What an edit begins with: the body that would be sent, or what was refused. */
export async function bodyText(entry: ShownEntry): Promise<string> {
  const raw = rawText(entry.payload);
  if (raw !== null) return raw;
  const own = memberOf(entry.payload, "body");
  const isClosed = entry.status === "resolved" || entry.status === "dead";
  // A lead may have been edited since its entry was closed.
  if (entry.run_id === null || (own !== undefined && !isClosed)) return written(own);
  const { body } = await call("GET /runs/:run_id", {
    params: { run_id: entry.run_id },
    query: { reveal: true },
  });
  return written(body ?? own);
}

function written(body: unknown): string {
  return writeExactly(body ?? {}, indentSpaces);
}

function memberOf(payload: unknown, name: string): unknown {
  return typeof payload === "object" && payload !== null && name in payload
    ? (payload as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
