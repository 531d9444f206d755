// Lines of NDJSON as leads: taken as they are, so that every number stays exact.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { parsePointer, valueAtPointer } from "../domain/values/json-pointer.ts";

/** The member that a refused line has in addition; it never becomes part of a lead. */
export const refusedMember = "leadledger_import";

/** The line without what an earlier import said about it, and the key that it was refused under. */
export function splitRefusedLine(line: string): { readonly body: string; readonly key: string | null } {
  if (!line.includes(`"${refusedMember}"`)) return { body: line, key: null };
  const value = parsed(line);
  if (value === null || !(refusedMember in value)) return { body: line, key: null };
  const { [refusedMember]: said, ...rest } = value;
  if (said !== null && typeof said === "object" && "line" in said)
    return { body: String(said.line), key: null };
  const key = said !== null && typeof said === "object" && "key" in said ? said.key : null;
  return { body: stringify(rest) ?? "{}", key: typeof key === "string" ? key : null };
}

/** null: no place was named; undefined: nothing stands at any of them. Places are JSON pointers or names of fields. */
export function keyOfJsonLine(line: string, places: readonly string[]): string | null | undefined {
  if (places.length === 0) return null;
  const value = parsed(line);
  if (value === null) return undefined;
  const parts = places.map((place) => {
    const pointer =
      parsePointer(place) !== null && place !== ""
        ? place
        : `/${place.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return textOf(valueAtPointer(value, pointer));
  });
  return parts.every((part) => part === "") ? undefined : parts.join("|");
}

/** The elements of a JSON list as lines, every number exact; null: it is no valid JSON. Throws nothing. */
export function linesOfList(text: string): readonly string[] | null {
  try {
    const list = parse(text);
    return Array.isArray(list) ? list.map((element) => stringify(element) ?? "null") : null;
  } catch {
    return null;
  }
}

/** Whether the line may be a lead at all. */
export function isObjectLine(line: string): boolean {
  return line.trimStart().startsWith("{");
}

/** The refused line for the file that is to be mended: what was wrong stands in it. */
export function refusedLine(line: string, said: Readonly<Record<string, string | number | null>>): string {
  const value = parsed(line);
  return value === null
    ? JSON.stringify({ [refusedMember]: { ...said, line } })
    : (stringify({ [refusedMember]: said, ...value }) ?? "");
}

function textOf(value: unknown): string {
  if (isLosslessNumber(value)) return value.value;
  return typeof value === "string" ? value.trim() : typeof value === "boolean" ? String(value) : "";
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    const value = parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
