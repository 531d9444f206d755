// What can be wrong with a destination's `success`: rules that say nothing, too much, or what cannot be run.
import { headerPlace, ruleOutcomes } from "../domain/destinations/answer-rules.ts";
import { isSendableHeader } from "../domain/destinations/delivery-message.ts";
import { retryAfterMaxMs } from "../domain/destinations/retry-after.ts";
import { parseDuration } from "../domain/values/duration.ts";
import { parsePointer } from "../domain/values/json-pointer.ts";
import { comparisons } from "../domain/values/comparison.ts";
import { checkComparison, noteUnknown } from "./check-comparison.ts";
import type { ComparisonWords } from "./check-comparison.ts";
import { isMapping } from "./check-map-rules.ts";
import type { NoteInMap as Note } from "./check-map-rules.ts";
import { nearestName } from "./nearest-name.ts";
import type { Said } from "./problem.ts";

/** Looks at whatever is a list; the schema says when it is none. */
export function checkAnswerRules(rules: unknown, note: Note): void {
  if (!Array.isArray(rules)) return;
  for (const [index, rule] of (rules as readonly unknown[]).entries()) checkRule(rule, [String(index)], note);
}

function checkRule(rule: unknown, place: readonly string[], note: Note): void {
  if (!isMapping(rule) || rule["outcome"] === undefined) {
    note(place, { code: "success_rule_invalid", params: {} });
    return;
  }
  noteUnknown(rule, ruleMembers, place, note);
  const { status, header, body, outcome } = rule;
  if (!(ruleOutcomes as readonly unknown[]).includes(outcome))
    note([...place, "outcome"], noOutcome(outcome));
  for (const [each, at] of listed(status, [...place, "status"]))
    if (!isStatus(each)) note(at, { code: "success_status_invalid", params: {} });
  if (header !== undefined) checkHeader(header, [...place, "header"], note);
  for (const [each, at] of listed(body, [...place, "body"])) checkBody(each, at, note);
  for (const member of ["reason", "id"] as const)
    if (rule[member] !== undefined && !isPlace(rule[member]))
      note([...place, member], { code: "success_place_invalid", params: {} });
  if (rule["url"] !== undefined && !isAddress(rule["url"]))
    note([...place, "url"], { code: "success_url_invalid", params: {} });
  if (rule["retry_after"] !== undefined && !isWait(rule["retry_after"]))
    note([...place, "retry_after"], { code: "success_wait_invalid", params: {} });
}

function noOutcome(outcome: unknown): Said {
  const found = typeof outcome === "string" ? outcome : null;
  const suggestion = found === null ? null : nearestName(found, ruleOutcomes);
  return { code: "not_one_of", params: { found, suggestion, allowed: ruleOutcomes } };
}

function checkHeader(header: unknown, place: readonly string[], note: Note): void {
  if (!isMapping(header)) {
    note(place, { code: "success_rule_invalid", params: {} });
    return;
  }
  noteUnknown(header, ["name", ...comparisons], place, note);
  const { name } = header;
  if (typeof name !== "string" || !isSendableHeader(name, ""))
    note([...place, "name"], {
      code: "header_name_invalid",
      params: { name: typeof name === "string" ? name : "" },
    });
  checkComparison(header, place, note, words);
}

function checkBody(condition: unknown, place: readonly string[], note: Note): void {
  if (!isMapping(condition)) {
    note(place, { code: "success_rule_invalid", params: {} });
    return;
  }
  noteUnknown(condition, ["pointer", ...comparisons], place, note);
  const { pointer } = condition;
  if (pointer !== undefined && (typeof pointer !== "string" || parsePointer(pointer) === null))
    note([...place, "pointer"], {
      code: "pointer_invalid",
      params: { found: typeof pointer === "string" ? pointer : null },
    });
  checkComparison(condition, place, note, words);
}

const words: ComparisonWords = {
  choice: { code: "success_comparison", params: { allowed: comparisons } },
  scalar: (value) => (isScalar(value) ? null : { code: "success_value_invalid", params: {} }),
  pattern: (pattern, why) => ({ code: "success_pattern_unfit", params: { pattern, why } }),
};

/** Numbers that JavaScript rounds would never be met; whoever means one writes it as a text. */
function isScalar(value: unknown): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  return value === null || typeof value === "string" || typeof value === "boolean";
}

function isStatus(status: unknown): boolean {
  if (typeof status === "number") return Number.isInteger(status) && status >= 100 && status <= 599;
  return typeof status === "string" && /^[1-5](?:xx|\d\d)$/.test(status);
}

function isPlace(place: unknown): boolean {
  if (typeof place !== "string") return false;
  if (place.startsWith(headerPlace)) return isSendableHeader(place.slice(headerPlace.length).trim(), "");
  return parsePointer(place) !== null;
}

/** A place, or an address that begins as one and whose gaps can be filled. */
function isAddress(url: unknown): boolean {
  if (typeof url !== "string" || url === "") return false;
  if (!/^https?:/.test(url)) return isPlace(url);
  const filled = url.replace(/\{(?:id|\/[^{}]*)\}/g, "1");
  return !/[{}]/.test(filled) && URL.canParse(filled);
}

function isWait(wait: unknown): boolean {
  if (typeof wait !== "string" || wait === "") return false;
  const durationMs = parseDuration(wait);
  return durationMs === null ? isPlace(wait) : durationMs <= retryAfterMaxMs;
}

function* listed(
  value: unknown,
  place: readonly string[],
): Generator<readonly [value: unknown, place: readonly string[]]> {
  if (value === undefined) return;
  if (!Array.isArray(value)) yield [value, place];
  else for (const [index, each] of value.entries()) yield [each, [...place, String(index)]];
}

const ruleMembers = ["status", "header", "body", "outcome", "reason", "id", "url", "retry_after"] as const;
