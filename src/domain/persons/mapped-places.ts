// Where a source's map looks for what belongs to a person: there it is masked, whatever the sender calls it.
import type { LeadMap, MapRule } from "../leads/map-rules.ts";
import type { PersonFieldKind } from "./person-field-names.ts";

export interface PersonPlace {
  /** RFC 6901, into the body. */
  readonly pointer: string;
  readonly kind: PersonFieldKind;
}

export function personPlacesOf(map: LeadMap | null): readonly PersonPlace[] {
  if (map === null) return [];
  return Object.entries(kindOfMember).flatMap(([member, kind]) => {
    const rule = map[member];
    return rule === undefined ? [] : pointersIn(rule).map((pointer) => ({ pointer, kind }));
  });
}

function pointersIn(rule: MapRule): readonly string[] {
  if (typeof rule === "string") return [rule];
  if (isList(rule)) return rule.flatMap(pointersIn);
  const { pointer, first = [], all = [], join = [] } = rule;
  return [...(pointer === undefined ? [] : [pointer]), ...[...first, ...all, ...join].flatMap(pointersIn)];
}

function isList(rule: MapRule): rule is readonly MapRule[] {
  return Array.isArray(rule);
}

const kindOfMember: Readonly<Record<string, PersonFieldKind>> = {
  first_name: "name",
  last_name: "name",
  name: "name",
  email: "email",
  phones: "phone",
  street: "address",
  postal_code: "address",
  town: "address",
};
