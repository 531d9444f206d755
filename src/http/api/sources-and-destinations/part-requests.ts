// What requests about sources and destinations bring.
import { parse, stringify } from "lossless-json";
import type { Entry } from "../../../config/fields/field.ts";
import { isMapping } from "../../../config/fields/settings.ts";

/** The name beside the entry; one that is missing is found to be invalid like any other. */
export function nameAndEntry(body: Entry | undefined): { readonly name: string; readonly entry: Entry } {
  const { name, ...entry } = isMapping(body) ? body : {};
  return { name: typeof name === "string" ? name : "", entry };
}

export function entryOf(body: Entry | undefined): Entry {
  return isMapping(body) ? body : {};
}

/** The lead of a test as JSON text, its numbers exact; null: none is given. */
export function orderedBody(rawBody: Buffer): string | null {
  if (rawBody.length === 0) return null;
  const { body } = parse(rawBody.toString("utf8")) as { body?: unknown };
  return body === undefined ? null : (stringify(body) ?? null);
}
