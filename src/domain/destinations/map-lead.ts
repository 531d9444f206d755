// What a destination's map makes of a delivery: a JSON value of its own, built from its targets. Pure.
import type { TargetMap, TargetRule, TreatedTarget } from "./target-map.ts";
import { targetTokens } from "./target-map.ts";
import { mappedValue } from "./mapped-value.ts";

export type MappedLead =
  | { readonly kind: "mapped"; readonly value: unknown }
  /** Targets that must not be empty, and are. */
  | { readonly kind: "missing"; readonly targets: readonly string[] };

/** `document`: the delivery as JSON, its numbers exact. Never throws, whatever stands in it. */
export function mapLead(map: TargetMap, document: unknown): MappedLead {
  const missing: string[] = [];
  const tree = treeOf(map);
  const value = valueOf(tree, document, missing);
  if (missing.length > 0) return { kind: "missing", targets: missing };
  return { kind: "mapped", value: value ?? (tree.isList ? [] : {}) };
}

export interface TargetValue {
  readonly target: string;
  /** undefined: nothing, so that it is left out. */
  readonly value: unknown;
}

/** What each target gets, one by one: for people who make a map. */
export function targetValues(map: TargetMap, document: unknown): readonly TargetValue[] {
  return Object.entries(map).map(([target, rule]) => ({ target, value: mappedValue(rule, document) }));
}

interface Branch {
  readonly kind: "branch";
  readonly isList: boolean;
  readonly children: ReadonlyMap<string, Branch | Leaf>;
}

interface Leaf {
  readonly kind: "leaf";
  readonly target: string;
  readonly rule: TargetRule;
}

/** undefined: nothing in it gave anything. */
function valueOf(node: Branch | Leaf, document: unknown, missing: string[]): unknown {
  if (node.kind === "leaf") {
    const value = mappedValue(node.rule, document);
    if (value === undefined && isRequired(node.rule)) missing.push(node.target);
    return value;
  }
  const members: [string, unknown][] = [];
  for (const [token, child] of node.children) {
    const value = valueOf(child, document, missing);
    if (value !== undefined) members.push([token, value]);
  }
  if (members.length === 0) return undefined;
  return node.isList ? members.map(([, value]) => value) : Object.fromEntries(members);
}

export function isRequired(rule: TargetRule): rule is TreatedTarget {
  return typeof rule === "object" && "required" in rule && rule.required;
}

const trees = new WeakMap<TargetMap, Branch>();

/** Made once for each map. */
function treeOf(map: TargetMap): Branch {
  const known = trees.get(map);
  if (known !== undefined) return known;
  const root = branchOf(
    Object.entries(map).flatMap(([target, rule]) => {
      const tokens = targetTokens(target);
      return tokens === null ? [] : [{ tokens, leaf: { kind: "leaf", target, rule } as const }];
    }),
  );
  trees.set(map, root);
  return root;
}

interface Placed {
  readonly tokens: readonly string[];
  readonly leaf: Leaf;
}

function branchOf(placed: readonly Placed[]): Branch {
  const byToken = new Map<string, Placed[]>();
  for (const { tokens, leaf } of placed) {
    const [token = "", ...rest] = tokens;
    byToken.set(token, [...(byToken.get(token) ?? []), { tokens: rest, leaf }]);
  }
  const children = [...byToken].map(([token, inner]): [string, Branch | Leaf] => {
    // Of targets that lie in one another configuration has refused one.
    const leaf = inner.find(({ tokens }) => tokens.length === 0)?.leaf;
    return [token, leaf ?? branchOf(inner)];
  });
  const isList = isIndexes(children.map(([token]) => token));
  const ordered = isList ? children.toSorted(([a], [b]) => Number(a) - Number(b)) : children;
  return { kind: "branch", isList, children: new Map(ordered) };
}

/** `0`, `1` and so on without a gap are places of a list; any other number is a member's name. */
function isIndexes(tokens: readonly string[]): boolean {
  const known = new Set(tokens);
  return tokens.length > 0 && tokens.every((_, index) => known.has(String(index)));
}
