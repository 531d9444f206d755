// What a lead's map made, as HubSpot takes it: every value a text, by the internal names of properties. Pure.
import type { TargetMap, TargetRule } from "../../../domain/destinations/target-map.ts";
import { textOfValue } from "../../../domain/destinations/mapped-value.ts";
import type { DeliveryMessage } from "../sender.ts";
import { membersOf } from "../json-reply.ts";

export type Properties = Readonly<Record<string, string>>;

/** Several choices are `a;b`; what the map reads as a date or a time is in milliseconds since 1970, a date at midnight UTC. */
export function propertiesOf({ mapped }: DeliveryMessage, map: TargetMap): Properties {
  return Object.fromEntries(membersOf(mapped).map(([name, value]) => [name, textOf(name, value, map[name])]));
}

function textOf(name: string, value: unknown, rule: TargetRule | undefined): string {
  if (Array.isArray(value)) return value.map(textOfValue).join(";");
  const text = textOfValue(value);
  if (name === "email") return text.trim().toLowerCase();
  return readsTime(rule) ? (millisecondsOf(text) ?? text) : text;
}

function readsTime(rule: TargetRule | undefined): boolean {
  if (typeof rule !== "object" || !("format" in rule)) return false;
  const format = typeof rule.format === "string" ? rule.format : rule.format.at(-1);
  return format === "date" || format === "date_time";
}

/** null: it could not be read, and HubSpot says so. */
function millisecondsOf(iso: string): string | null {
  if (!/^\d{4}-\d\d-\d\d/.test(iso)) return null;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : String(ms);
}
