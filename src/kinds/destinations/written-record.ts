// The record that a map has made of a lead, as kinds write it.
import { targetTokens } from "../../domain/destinations/target-map.ts";
import type { TargetMap } from "../../domain/destinations/target-map.ts";
import { ExactNumber } from "../../domain/values/exact-json.ts";
import type { DeliveryMessage } from "./sender.ts";

export type WrittenRecord = Readonly<Record<string, unknown>>;

/** Without a map, nothing. */
export function recordOf({ mapped }: Pick<DeliveryMessage, "mapped">): WrittenRecord {
  return memberOf(mapped);
}

/** What is no object is none. */
export function memberOf(value: unknown): WrittenRecord {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && !(value instanceof ExactNumber) ? (value as WrittenRecord) : {};
}

/** The same for a record that is there: what the lead no longer says is emptied by `empty`. */
export function changedRecord(
  message: Pick<DeliveryMessage, "mapped">,
  map: TargetMap,
  empty: unknown = null,
): WrittenRecord {
  const names = Object.keys(map).map((target) => (targetTokens(target) ?? [target])[0] ?? target);
  return { ...Object.fromEntries(names.map((name) => [name, empty])), ...recordOf(message) };
}

export function without(record: WrittenRecord, name: string): WrittenRecord {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== name));
}

/** A text of the record; null: there is none. */
export function textIn(record: WrittenRecord, name: string): string | null {
  const value = record[name];
  return typeof value === "string" && value.trim() !== "" ? value : null;
}
