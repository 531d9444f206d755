// Whether two payloads have the same body, as the ledger judges it (jsonb equality, bytes where there is no value),
// without the ledger.
import { hash } from "node:crypto";
import { isLosslessNumber, parse as parseLossless } from "lossless-json";

/** Equal for equal bodies. `payload` is the JSON text of an arrival's event: with `body`, or with `sha256` alone. */
export function bodyIdentity(payload: string): string {
  const { body, sha256 } = parseLossless(payload) as { readonly body?: unknown; readonly sha256?: unknown };
  return body === undefined
    ? `bytes:${String(sha256)}`
    : `value:${hash("sha256", canonical(body), "base64")}`;
}

/** JSON text that is the same for all texts of one jsonb value: fields sorted, numbers without a choice of notation. */
export function canonical(value: unknown): string {
  if (isLosslessNumber(value)) return canonicalNumber(value.toString());
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** `1`, `1.0` and `10e-1` are one number: its digits without zeros at either end, and a power of ten. */
function canonicalNumber(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = `${whole}${fraction}`;
  let first = 0;
  while (digits[first] === "0") first += 1;
  let end = digits.length;
  while (end > first && digits[end - 1] === "0") end -= 1;
  if (first === end) return "0";
  const power = Number(exponent) - fraction.length + (digits.length - end);
  return `${sign}${digits.slice(first, end)}e${power}`;
}
