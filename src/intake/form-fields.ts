// The fields of a form, however they were sent, as one JSON object.
import type { LeadBody, LeadFields } from "../domain/lead-body.ts";

/** More fields than any form has; each costs memory in every step that follows. */
export const formFieldsMax = 1000;

export type FormValue = string | FormFile;

export interface FormFile {
  readonly filename: string | null;
  readonly content_type: string;
  readonly size_bytes: number;
  readonly base64: string;
}

export type FormField = readonly [name: string, value: FormValue];

/**
 * `{"field":"value"}` in the order of first appearance; a repeated field becomes a list.
 * Written as text and parsed from it, so that a field named `__proto__` is a field like any other.
 */
export function leadFromFields(fields: readonly FormField[]): LeadBody {
  const valuesByName = new Map<string, FormValue[]>();
  for (const [name, value] of fields) {
    const values = valuesByName.get(name);
    if (values === undefined) valuesByName.set(name, [value]);
    else values.push(value);
  }
  const members = [...valuesByName].map(([name, values]) => {
    return `${JSON.stringify(name)}:${JSON.stringify(values.length === 1 ? values[0] : values)}`;
  });
  const json = `{${members.join(",")}}`;
  return { kind: "lead", format: "form", json, value: JSON.parse(json) as LeadFields };
}

/** jsonb cannot hold NUL characters; anything else that is Unicode it can. */
export function holdsNul(name: string, value: FormValue): boolean {
  if (name.includes("\0")) return true;
  return typeof value === "string"
    ? value.includes("\0")
    : value.content_type.includes("\0") || (value.filename ?? "").includes("\0");
}
