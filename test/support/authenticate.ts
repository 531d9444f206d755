// Whether a request comes from the source it names, as the source's kind judges it.
import type { RequestHeaders } from "../../src/domain/sources/request-headers.ts";
import type { Source } from "../../src/domain/sources/source.ts";
import { declaredOf } from "../../src/config/declared-kind.ts";
import { builtInKinds } from "../../src/kinds/kinds.ts";
import type { Authentication } from "../../src/kinds/sources/source-kind.ts";

/** `nowMs` in milliseconds since 1970. */
export function authenticate(
  { auth }: Pick<Source, "auth">,
  headers: RequestHeaders,
  rawBody: Buffer,
  nowMs: number,
): Authentication {
  const kind = declaredOf(builtInKinds.sources, auth.kind);
  if (kind === undefined) throw new Error(`there is no kind of source "${auth.kind}"`);
  return kind.authenticate(auth, { headers, rawBody, target: "" }, nowMs);
}
