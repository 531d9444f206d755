// Whether a request comes from the source it names: the source's kind knows.
import type { RequestHeaders } from "../domain/sources/request-headers.ts";
import type { Source } from "../domain/sources/source.ts";
import { sourceKindOf } from "../kinds/sources/registry.ts";
import type { Authentication } from "../kinds/sources/source-kind.ts";

/** `nowMs` in milliseconds since 1970. */
export function authenticate(
  { auth }: Pick<Source, "auth">,
  headers: RequestHeaders,
  rawBody: Buffer,
  nowMs: number,
): Authentication {
  return sourceKindOf(auth.kind).authenticate(auth, { headers, rawBody, target: "" }, nowMs);
}
