// The address that a sender called, as it has signed it.
import type { SourceRequest } from "../source-kind.ts";

/**
 * As it is, and as HubSpot has it, with some escapes undone (developers.hubspot.com, Validating requests, v3). Empty: it is
 * not known under which address the request came.
 */
export function uriForms({ target, origin }: Pick<SourceRequest, "target" | "origin">): readonly string[] {
  const before = origin?.() ?? null;
  if (before === null || target === "") return [];
  const uri = before + target;
  const undone = uri.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escape) =>
    String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
  );
  return undone === uri ? [uri] : [uri, undone];
}
