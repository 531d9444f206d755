// What can be wrong with a destination's `map`: targets that are none or lie in one another, pointers to what no delivery
// has, and its rules.
import { deliveryMembers, targetsMax, targetTokens, targetTypes } from "../domain/destinations/target-map.ts";
import { vocabularyMembers } from "../domain/leads/vocabulary.ts";
import { parsePointer } from "../domain/values/json-pointer.ts";
import { checkRule, isMapping, notOneOf } from "./check-map-rules.ts";
import type { NoteInMap, RuleGrammar } from "./check-map-rules.ts";
import { nearestName } from "./nearest-name.ts";
import type { Said } from "./problem.ts";

/** Looks at whatever is a mapping; the schema says when it is none. */
export function checkTargetMap(map: unknown, note: NoteInMap): void {
  if (!isMapping(map)) return;
  const targets = Object.keys(map);
  if (targets.length === 0) note([], { code: "map_empty", params: {} });
  if (targets.length > targetsMax) {
    note([], { code: "map_too_large", params: { targetsMax } });
    return;
  }
  checkTargets(targets, note);
  for (const [target, rule] of Object.entries(map)) checkRule(rule, [target], note, ofTargets);
}

/** Also of a condition: where in a delivery something may stand. null: there. */
export function pointerIntoDelivery(pointer: string): Said | null {
  const [member = "", inner, ...deeper] = parsePointer(pointer) ?? [];
  if (!(deliveryMembers as readonly string[]).includes(member)) {
    const inLead = (vocabularyMembers as readonly string[]).includes(member);
    const suggestion = inLead ? `/lead${pointer}` : pathLike(nearestName(member, deliveryMembers), pointer);
    return { code: "map_pointer_unknown", params: { found: pointer, suggestion, known: topPointers } };
  }
  if (member !== "lead" || inner === undefined || (vocabularyMembers as readonly string[]).includes(inner))
    return null;
  const nearest = nearestName(inner, vocabularyMembers);
  const suggestion = nearest === null ? null : ["/lead", nearest, ...deeper].join("/");
  const known = vocabularyMembers.map((name) => `/lead/${name}`);
  return { code: "map_pointer_unknown", params: { found: pointer, suggestion, known } };
}

function pathLike(name: string | null, pointer: string): string | null {
  return name === null ? null : `/${[name, ...pointer.slice(1).split("/").slice(1)].join("/")}`;
}

const topPointers: readonly string[] = deliveryMembers.map((name) => `/${name}`);

function checkTargets(targets: readonly string[], note: NoteInMap): void {
  const known: { readonly target: string; readonly tokens: readonly string[] }[] = [];
  for (const target of targets) {
    const tokens = targetTokens(target);
    if (tokens === null) {
      note([target], { code: "map_target_invalid", params: { target } });
      continue;
    }
    const other = known.find((each) => isWithin(each.tokens, tokens) || isWithin(tokens, each.tokens));
    if (other !== undefined)
      note([target], { code: "map_target_conflict", params: { target, other: other.target } });
    known.push({ target, tokens });
  }
}

function isWithin(inner: readonly string[], outer: readonly string[]): boolean {
  return outer.length <= inner.length && outer.every((token, index) => inner[index] === token);
}

const ofRules: RuleGrammar = { pointerProblem: pointerIntoDelivery };

const ofTargets: RuleGrammar = {
  pointerProblem: pointerIntoDelivery,
  members: ["type", "required"],
  memberProblem: (name, value) => {
    switch (name) {
      case "type":
        return notOneOf(value, targetTypes);
      case "required":
        return typeof value === "boolean" ? null : { code: "value_missing", params: { expected: "boolean" } };
      case "constant":
        return constantProblem(value);
      default:
        return undefined;
    }
  },
  inner: ofRules,
};

/** Any JSON; but a number that JavaScript cannot hold has lost digits already. */
function constantProblem(value: unknown): Said | null {
  if (typeof value !== "number") return null;
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
    ? { code: "map_number_inexact", params: {} }
    : null;
}
