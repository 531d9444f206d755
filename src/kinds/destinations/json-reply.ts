// What stands in an answer in JSON, as far as it is what is looked for. Pure.
import { scalarText } from "../../domain/values/comparison.ts";
import { valueAtPointer } from "../../domain/values/json-pointer.ts";

/** null: nothing, or no single value. */
export function textAt(json: unknown, pointer: string): string | null {
  return scalarText(valueAtPointer(json, pointer));
}

/** None where there is no list. */
export function listAt(json: unknown, pointer: string): readonly unknown[] {
  const value = valueAtPointer(json, pointer);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** None where it is no object. */
export function membersOf(json: unknown): readonly (readonly [string, unknown])[] {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? Object.entries(json) : [];
}
