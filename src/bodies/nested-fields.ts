// The fields of a form as PHP and its like name them: `fields[email][value]` is a place in an object, `raw_value[0]` and
// `key[]` are places in a list. Dots in names mean nothing.
import type { LeadBody, LeadFields } from "../domain/leads/lead-body.ts";
import { leadFromFields } from "./form-fields.ts";
import type { FormField, FormValue } from "./form-fields.ts";

/** Deeper, a name is a name. */
const levelsMax = 8;

/** A list: the values of one place. */
type Node = Map<string, Node> | FormValue[];

/**
 * As one object; where two fields want the same place in different ways, all of them keep the names under which they were
 * sent. Written as text and parsed from it, so that a field named `__proto__` is a field like any other.
 */
export function leadFromNested(fields: readonly FormField[]): LeadBody {
  const root = new Map<string, Node>();
  for (const [index, [sentName, value]] of fields.entries()) {
    // As in `leadFromFields`.
    const name = index === 0 ? sentName.replace(/^\uFEFF+/, "") : sentName;
    if (!put(root, partsOf(name), value)) return leadFromFields(fields);
  }
  const json = objectOf(root);
  return { kind: "lead", format: "form", json, value: JSON.parse(json) as LeadFields };
}

/** `a[b][]` is `a`, `b`, ``. */
export function partsOf(name: string): readonly string[] {
  const start = name.indexOf("[");
  if (start < 1 || !name.endsWith("]")) return [name];
  const inner = name.slice(start + 1, -1).split("][");
  return inner.length >= levelsMax || inner.some((part) => /[[\]]/.test(part))
    ? [name]
    : [name.slice(0, start), ...inner];
}

/** false: something else is at that place. */
function put(root: Map<string, Node>, parts: readonly string[], value: FormValue): boolean {
  let here = root;
  for (const [depth, part] of parts.entries()) {
    const name = part === "" ? String(here.size) : part;
    const there = here.get(name);
    if (depth === parts.length - 1) {
      if (there === undefined) here.set(name, [value]);
      else if (Array.isArray(there)) there.push(value);
      else return false;
      return true;
    }
    if (Array.isArray(there)) return false;
    const next: Map<string, Node> = there ?? new Map<string, Node>();
    here.set(name, next);
    here = next;
  }
  return true;
}

function written(node: Node): string {
  if (Array.isArray(node)) return JSON.stringify(node.length === 1 ? node[0] : node);
  const names = [...node.keys()];
  const isList = names.length > 0 && names.every((name, index) => name === String(index));
  return isList ? `[${[...node.values()].map(written).join(",")}]` : objectOf(node);
}

function objectOf(node: Map<string, Node>): string {
  return `{${[...node].map(([name, inner]) => `${JSON.stringify(name)}:${written(inner)}`).join(",")}}`;
}
