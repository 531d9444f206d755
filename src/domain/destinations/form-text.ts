// A JSON value as a form (application/x-www-form-urlencoded), as browsers and PHP write one: `person[email]=…`, and a list
// under its name again and again.
import { ExactNumber } from "../values/exact-json.ts";
import { textOfValue } from "./mapped-value.ts";

/** Numbers keep their digits; null is left out; objects in lists stand as JSON. */
export function formText(value: unknown): string {
  const form = new URLSearchParams();
  for (const [name, text] of pairsOf("", value)) form.append(name, text);
  return form.toString();
}

function* pairsOf(name: string, value: unknown): Generator<readonly [string, string]> {
  if (value === null || value === undefined) return;
  if (Array.isArray(value) && name !== "") {
    for (const each of value) if (each !== null) yield [name, textOfValue(each)];
  } else if (isObject(value))
    for (const [key, inner] of Object.entries(value))
      yield* pairsOf(name === "" ? key : `${name}[${key}]`, inner);
  else yield [name, textOfValue(value)];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof ExactNumber);
}
