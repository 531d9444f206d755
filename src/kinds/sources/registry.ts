// The kinds of source that there are. A kind is one folder and one line here.
import { hmac } from "./hmac/hmac.ts";
import { none } from "./none/none.ts";
import type { SourceKind } from "./source-kind.ts";
import { token } from "./token/token.ts";

const kinds = new Map<string, SourceKind>();

export function addSourceKind(kind: SourceKind): void {
  kinds.set(kind.name, kind);
}

for (const kind of [token, hmac, none]) addSourceKind(kind);

/** Throws for a name that no kind has, which configuration refuses. */
export function sourceKindOf(name: string): SourceKind {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(`there is no kind of source "${name}"`);
  return kind;
}
