// What a destination's answer means beyond its status: the grammar of `success:`, and which of its rules an answer meets
// (docs/contract.md, What an answer means). Pure, and in a time that the answer's length bounds.
import { holds, scalarText } from "../values/comparison.ts";
import type { Comparison } from "../values/comparison.ts";
import { parseExactly } from "../values/exact-json.ts";
import { valueAtPointer } from "../values/json-pointer.ts";

/** In a list, of which the first whose conditions all hold counts. */
export interface AnswerRule {
  /** `200`, or `"2xx"` for a class; absent: any. */
  readonly status?: AnswerStatus | readonly AnswerStatus[];
  readonly header?: HeaderCondition;
  /** Of several all must hold. */
  readonly body?: BodyCondition | readonly BodyCondition[];
  readonly outcome: RuleOutcome;
  /** Why, in the destination's words: a place in the answer. */
  readonly reason?: AnswerPlace;
  /** The record's id at the destination. */
  readonly id?: AnswerPlace;
  /** Where people see the record: a place in the answer, or an address with `{id}` or `{/pointer}` in it. */
  readonly url?: string;
  /** How long to wait: a duration (`10s`), or a place in the answer; absent: as its Retry-After says. */
  readonly retry_after?: string;
}

export type AnswerStatus = number | string;

/** A JSON pointer (RFC 6901) into the body, `""` being the whole of it; or `header:` and a header's name. */
export type AnswerPlace = string;

/** Exactly one beside `name`. */
export interface HeaderCondition extends Comparison {
  readonly name: string;
}

/** Exactly one beside `pointer`. */
export interface BodyCondition extends Comparison {
  /** Into the body as JSON; absent: the body as a text. */
  readonly pointer?: string;
}

export const ruleOutcomes = [
  "delivered",
  "duplicate",
  "unproven",
  "transient",
  "throttled",
  "credentials",
  "configuration",
  "rejected",
] as const;
export type RuleOutcome = (typeof ruleOutcomes)[number];

export const answerRulesMax = 50;
/** An answer as far as rules look at it. */
export interface AnswerSeen {
  readonly status: number;
  /** Its first value; names in lower case. */
  header(name: string): string | null;
  readonly body: AnswerBody;
}

/** `broken_off`: the connection ended in it. `packed`: in a way that cannot be undone here. */
export type AnswerBody =
  | { readonly kind: "whole"; readonly text: string }
  | { readonly kind: "unreadable"; readonly why: "too_long" | "stalled" | "broken_off" | "packed" };

export type Verdict =
  | { readonly kind: "rule"; readonly rule: AnswerRule }
  /** No rule speaks of it: its status does. */
  | { readonly kind: "status" }
  /** What says whether the lead is in cannot be read, or says neither. */
  | { readonly kind: "indeterminate"; readonly why: Obscurity };

export type Obscurity =
  Extract<AnswerBody, { kind: "unreadable" }>["why"] | "empty" | "not_json" | "no_rule_fits";

/** Whether some rule looks into the body, so that all of it is to be read. */
export function lookIntoBody(rules: readonly AnswerRule[]): boolean {
  return rules.some(
    ({ body, reason, id, url, retry_after: retryAfter }) =>
      body !== undefined ||
      [reason, id, url, retryAfter].some((place) => place !== undefined && isInBody(place)),
  );
}

function isInBody(place: string): boolean {
  return place === "" || place.startsWith("/") || place.includes("{/");
}

/**
 * By the first rule that fits. A 2xx whose body cannot be read where a rule asks for it is never left to its status, nor is
 * one that rules know as a success by its body and that fits none of them. `isFinal`: its status alone would be the end.
 */
export function judgeAnswer(rules: readonly AnswerRule[], answer: AnswerSeen, isFinal: boolean): Verdict {
  const isSuccess = answer.status >= 200 && answer.status <= 299;
  let isSuccessByBody = false;
  for (const rule of rules) {
    if (!statusFits(rule.status, answer.status) || !headerFits(rule.header, answer)) continue;
    const conditions = listed(rule.body);
    const obscurity = obscurityOf(conditions, answer);
    if (obscurity !== null) {
      if (isSuccess || (isFinal && answer.body.kind === "unreadable"))
        return { kind: "indeterminate", why: obscurity };
      continue;
    }
    if (conditions.every((condition) => bodyFits(condition, answer))) return { kind: "rule", rule };
    isSuccessByBody ||= successes.has(rule.outcome);
  }
  return isSuccess && isSuccessByBody ? { kind: "indeterminate", why: "no_rule_fits" } : { kind: "status" };
}

/** What stands at a place of the answer, as a text; null: nothing, or no single value. */
export function answerText(place: AnswerPlace, answer: AnswerSeen): string | null {
  if (place.startsWith(headerPlace))
    return answer.header(place.slice(headerPlace.length).trim().toLowerCase());
  if (place !== "") return scalarText(valueAtPointer(jsonOf(answer.body), place));
  if (answer.body.kind === "unreadable") return null;
  const json = jsonOf(answer.body);
  return scalarText(json) ?? (json === undefined ? answer.body.text.trim() : null);
}

export const headerPlace = "header:";

const successes: ReadonlySet<RuleOutcome> = new Set(["delivered", "duplicate", "unproven"]);

function statusFits(wanted: AnswerRule["status"], status: number): boolean {
  if (wanted === undefined) return true;
  return listed<AnswerStatus>(wanted).some((each) =>
    typeof each === "string" && each.endsWith("xx")
      ? each.startsWith(String(Math.floor(status / 100)))
      : Number(each) === status,
  );
}

function headerFits(condition: HeaderCondition | undefined, answer: AnswerSeen): boolean {
  if (condition === undefined) return true;
  return holdsOf(condition, answer.header(condition.name.toLowerCase()) ?? undefined);
}

function bodyFits(condition: BodyCondition, { body }: AnswerSeen): boolean {
  if (body.kind === "unreadable") return false;
  if (isOfJson(condition)) return holdsOf(condition, valueAtPointer(jsonOf(body), condition.pointer));
  const text = body.text.trim();
  return holdsOf(condition, text === "" ? undefined : text);
}

function isOfJson(condition: BodyCondition): condition is BodyCondition & { readonly pointer: string } {
  return condition.pointer !== undefined && condition.pointer !== "";
}

/** null: the body says what these ask for. A status that has no body says it by having none (RFC 9110 section 15.3.5). */
function obscurityOf(conditions: readonly BodyCondition[], { status, body }: AnswerSeen): Obscurity | null {
  if (conditions.length === 0) return null;
  if (body.kind === "unreadable") return body.why;
  if (status === 204 || status === 205 || !conditions.some(isOfJson) || jsonOf(body) !== undefined)
    return null;
  return body.text.trim() === "" ? "empty" : "not_json";
}

function holdsOf(comparison: Comparison, value: unknown): boolean {
  return holds(comparison, value !== undefined && value !== null, [value]);
}

const parsed = new WeakMap<AnswerBody, { readonly json: unknown }>();

/** undefined: it is none. Parsed once, however many rules ask. */
function jsonOf(body: AnswerBody): unknown {
  if (body.kind === "unreadable") return undefined;
  const known = parsed.get(body);
  if (known !== undefined) return known.json;
  const json = parsedOrNot(body.text);
  parsed.set(body, { json });
  return json;
}

function parsedOrNot(text: string): unknown {
  try {
    const json = parseExactly(text);
    // What is nested too deep comes back as the text itself.
    return json === text ? undefined : json;
  } catch {
    return undefined;
  }
}

function listed<Item>(value: Item | readonly Item[] | undefined): readonly Item[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}
