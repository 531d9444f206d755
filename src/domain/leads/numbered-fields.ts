// Gravity Forms names the parts of a composite field by numbers alone: `1.3` and `1.6` are first and last name, `5.5` is a
// postcode. What a field is shows in which of its parts there are (docs.gravityforms.com, Entry Object).
import { textOf } from "./field-values.ts";
import type { LeadField } from "./field-names.ts";

export function isNumberedName(name: string): boolean {
  // Asked of every name there is.
  return name.charCodeAt(0) <= 0x39 && /^\d{1,4}\.\d{1,2}$/.test(name);
}

export function numberedFields(
  fields: Readonly<Record<string, unknown>>,
): { readonly field: LeadField; readonly value: unknown }[] {
  const groups = new Map<string, Map<string, unknown>>();
  for (const [name, value] of Object.entries(fields)) {
    if (!isNumberedName(name) || value === "" || value === null) continue;
    const [number = "", part = ""] = name.split(".");
    const group = groups.get(number) ?? new Map<string, unknown>();
    groups.set(number, group.set(part, value));
  }
  return [...groups.values()].flatMap((group) =>
    Object.entries(partsOf(group)).flatMap(([part, field]) =>
      group.has(part) ? [{ field, value: group.get(part) }] : [],
    ),
  );
}

function partsOf(group: ReadonlyMap<string, unknown>): Readonly<Record<string, LeadField>> {
  const parts = [...group.keys()];
  const within = (allowed: string): boolean => parts.every((part) => allowed.split(" ").includes(part));
  const isText = (part: string): boolean => /\p{L}/u.test(textOf(group.get(part)) ?? "");
  if (within("2 3 4 6 8") && (parts.includes("3") || parts.includes("6"))) return personName;
  if (within("1 2 3") && ["1", "true"].includes(textOf(group.get("1")) ?? "") && isText("2")) return consent;
  if (within("1 2 3 4 5 6") && (parts.includes("5") || parts.includes("3"))) return address;
  return {};
}

const personName: Readonly<Record<string, LeadField>> = {
  "2": "salutation",
  "3": "first_name",
  "6": "last_name",
};
const address: Readonly<Record<string, LeadField>> = {
  "1": "street",
  "2": "street_addition",
  "3": "town",
  "5": "postal_code",
  "6": "country",
};
const consent: Readonly<Record<string, LeadField>> = { "1": "consent", "2": "consent_text" };
