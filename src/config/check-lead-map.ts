// What can be wrong with a source's `map`: members that a lead does not have, rules that say nothing or too much.
import { isMappedMember, mapFormats, ruleOrigins, rulesDepthMax } from "../domain/leads/map-rules.ts";
import { mappedMembers } from "../domain/leads/vocabulary.ts";
import { parsePointer } from "../domain/values/json-pointer.ts";
import { nearestName } from "./nearest-name.ts";
import type { Said } from "./problem.ts";

/** `place`: within the map. */
export type NoteInMap = (place: readonly string[], said: Said) => void;

/** Looks at whatever is a mapping; the schema says when it is none. */
export function checkLeadMap(map: unknown, note: NoteInMap): void {
  if (!isMapping(map)) return;
  for (const [name, rule] of Object.entries(map)) {
    if (!isMappedMember(name)) {
      const known = [...mappedMembers, "utm.source", "click_ids.gclid"];
      const suggestion = nearestName(name, known);
      note([name], { code: "unknown_key", params: { key: name, suggestion, known } });
    } else checkRule(rule, [name], note);
  }
}

function checkRule(rule: unknown, place: readonly string[], note: NoteInMap): void {
  if (place.length > 2 * rulesDepthMax) {
    note(place, { code: "map_rule_invalid", params: {} });
    return;
  }
  if (typeof rule === "string") {
    checkPointer(rule, place, note);
    return;
  }
  if (Array.isArray(rule)) {
    checkList(rule, place, note);
    return;
  }
  if (!isMapping(rule)) {
    note(place, { code: "map_rule_invalid", params: {} });
    return;
  }
  const origins = ruleOrigins.filter((name) => rule[name] !== undefined);
  if (origins.length !== 1) note(place, { code: "map_rule_origin", params: { allowed: ruleOrigins } });
  for (const [name, value] of Object.entries(rule)) checkMember(name, value, [...place, name], note);
}

function checkMember(name: string, value: unknown, place: readonly string[], note: NoteInMap): void {
  switch (name) {
    case "pointer":
      if (typeof value === "string") checkPointer(value, place, note);
      else wrong(place, "text", note);
      return;
    case "first":
    case "all":
    case "join":
      if (Array.isArray(value)) checkList(value, place, note);
      else wrong(place, "list", note);
      return;
    case "with":
    case "constant":
    case "default":
      if (typeof value !== "string") wrong(place, "text", note);
      return;
    case "format":
      for (const format of Array.isArray(value) ? (value as unknown[]) : [value])
        checkFormat(format, place, note);
      return;
    case "table":
      if (!isMapping(value) || Object.values(value).some((text) => typeof text !== "string"))
        note(place, { code: "map_table_invalid", params: {} });
      return;
    default: {
      const suggestion = nearestName(name, ruleMembers);
      note(place, { code: "unknown_key", params: { key: name, suggestion, known: ruleMembers } });
    }
  }
}

function checkList(rules: readonly unknown[], place: readonly string[], note: NoteInMap): void {
  if (rules.length === 0) note(place, { code: "list_empty", params: {} });
  rules.forEach((rule, index) => checkRule(rule, [...place, String(index)], note));
}

function checkPointer(pointer: string, place: readonly string[], note: NoteInMap): void {
  if (pointer === "" || parsePointer(pointer) === null)
    note(place, { code: "pointer_invalid", params: { found: pointer } });
}

function checkFormat(format: unknown, place: readonly string[], note: NoteInMap): void {
  if (typeof format === "string" && (mapFormats as readonly string[]).includes(format)) return;
  const found = typeof format === "string" ? format : null;
  const suggestion = found === null ? null : nearestName(found, mapFormats);
  note(place, { code: "not_one_of", params: { found, suggestion, allowed: mapFormats } });
}

function wrong(place: readonly string[], expected: "text" | "list", note: NoteInMap): void {
  note(place, { code: "value_missing", params: { expected } });
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const ruleMembers: readonly string[] = [...ruleOrigins, "with", "format", "table", "default"];
