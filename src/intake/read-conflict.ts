// Data that came under the key of another lead, as their source makes a lead of them now.
import type { LeadFields } from "../domain/leads/lead-body.ts";
import type { ReadConflict } from "../ledger/attention/conflict-entries.ts";
import type { PersonIndex } from "./person-index.ts";
import type { KnownSource } from "./source-directory.ts";

export interface ConflictReaderDeps {
  readonly persons: PersonIndex;
  readonly findSource: (name: string) => Promise<KnownSource | null>;
}

export function createConflictReader({ persons, findSource }: ConflictReaderDeps): ReadConflict {
  return async ({ source, body }) => {
    const known = await findSource(source);
    if (known === null) return "source_removed";
    const value = JSON.parse(body) as LeadFields;
    if ((known.validate?.(value) ?? null) !== null) return "conflict_unreadable";
    const hashes = persons.hashesOf(value, known.reading);
    return { ...hashes, destinations: known.destinations };
  };
}
