// A lead's body with what was fetched for it, and by whom it is found from then on.
import { writeExactly } from "../domain/values/exact-json.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { readJsonBody } from "../bodies/json-body.ts";
import type { PersonHashes, PersonIndex } from "./person-index.ts";
import type { KnownSource } from "./source-directory.ts";

export interface CompletedBody extends PersonHashes {
  readonly kind: "completed";
  /** JSON text, exact. */
  readonly bodyJson: string;
}

/** What was fetched wins. A refusal: the ledger could not store it. */
export function completedBody(
  { reading }: Pick<KnownSource, "reading">,
  body: object,
  fetched: Readonly<Record<string, unknown>>,
  persons: PersonIndex,
): CompletedBody | Refusal {
  const read = readJsonBody(Buffer.from(writeExactly({ ...body, ...fetched })));
  if (read.kind !== "lead") return read;
  return { kind: "completed", bodyJson: read.json, ...persons.hashesOf(read.value, reading) };
}
