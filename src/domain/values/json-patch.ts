// The difference between two JSON texts as a JSON patch (RFC 6902), with every number as it was written.
import { LosslessNumber, parse, stringify } from "lossless-json";
import { createPatch } from "rfc6902";
import type { Operation } from "rfc6902";

/** Comparing long lists costs the product of their lengths: such a list is replaced as a whole. */
const listItemsMax = 200;
/** No JSON text that is stored can hold it (a NUL), so it marks what was a number. */
const numberMark = "\u0000";

/** JSON text of the patch that makes `to` out of `from`; null: there was nothing that could be read. */
export function jsonPatch(from: string | null, to: string): string {
  const before = from === null ? null : marked(from);
  const patch = createPatch(before, marked(to), (input, output, pointer) => {
    if (!Array.isArray(input) || !Array.isArray(output)) return undefined;
    if (input.length <= listItemsMax && output.length <= listItemsMax) return undefined;
    if (JSON.stringify(input) === JSON.stringify(output)) return [];
    return [{ op: "replace", path: pointer.toString(), value: output as unknown }] as Operation[];
  });
  return stringify(patch, (_key, value) => unmarked(value)) ?? "[]";
}

/** Numbers become texts of their own kind, so that they are compared digit by digit. */
function marked(json: string): unknown {
  return parse(json, null, (digits) => `${numberMark}${digits}`);
}

function unmarked(value: unknown): unknown {
  return typeof value === "string" && value.startsWith(numberMark)
    ? new LosslessNumber(value.slice(1))
    : value;
}
