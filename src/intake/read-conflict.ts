// Data that came under the key of another lead, or belonged to no source, as their source makes a lead of them now.
import type { LeadFields } from "../domain/leads/lead-body.ts";
import type { ReadConflict } from "../ledger/attention/conflict-entries.ts";
import type { PersonIndex } from "./person-index.ts";
import { ownerOf } from "./shared-address.ts";
import type { KnownSource } from "./source-directory.ts";

export interface ConflictReaderDeps {
  readonly persons: PersonIndex;
  readonly findSource: (name: string) => Promise<KnownSource | null>;
}

export function createConflictReader({ persons, findSource }: ConflictReaderDeps): ReadConflict {
  return async ({ source, is_unrouted: isUnrouted, body }) => {
    const known = await findSource(source);
    if (known === null) return "source_removed";
    const owner = isUnrouted ? ownerNow(known, body) : known;
    if (owner === null) return "page_unknown";
    const value = JSON.parse(body) as LeadFields;
    if ((owner.validate?.(value) ?? null) !== null) return "conflict_unreadable";
    const hashes = persons.hashesOf(value, owner.reading);
    const { destinations, groups } = owner;
    return { source: owner.source.name, ...hashes, destinations, groups };
  };
}

/** null: still nobody's. */
function ownerNow(known: KnownSource, bodyJson: string): KnownSource | null {
  if (known.sharing === null) return known;
  const owned = ownerOf(known, known.sharing, bodyJson);
  return "owner" in owned ? owned.owner : null;
}
