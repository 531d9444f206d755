// Whether two payloads have the same body, as the ledger judges it (jsonb equality, bytes where there is no value),
// without the ledger.
import { hash } from "node:crypto";
import { parse as parseLossless } from "lossless-json";
import { canonicalJson } from "../domain/values/canonical-json.ts";

/** Equal for equal bodies. `payload` is the JSON text of an arrival's event: with `body`, or with `sha256` alone. */
export function bodyIdentity(payload: string): string {
  const { body, sha256 } = parseLossless(payload) as { readonly body?: unknown; readonly sha256?: unknown };
  return body === undefined
    ? `bytes:${String(sha256)}`
    : `value:${hash("sha256", canonicalJson(body), "base64")}`;
}
