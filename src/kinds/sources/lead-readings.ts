// By what the leads of each source are read into the vocabulary; replaced as a whole when the configuration changes.
import { plainReading } from "../../domain/leads/lead-reading.ts";
import type { LeadReading } from "../../domain/leads/lead-reading.ts";
import type { Source } from "../../domain/sources/source.ts";
import type { DeclaredSource } from "../../config/declared-kind.ts";

/** What of a kind says how its leads are read. */
type ReadKinds = readonly Pick<DeclaredSource, "kind" | "lead">[];

/** What of a source says how its leads are read. */
export type ReadSource = Pick<Source, "name" | "country" | "map" | "person" | "auth">;

export interface LeadReadings {
  /** Of a source that nobody set up: what is recognised. */
  of(source: string | null): LeadReading;
  replace(sources: readonly ReadSource[]): void;
}

export function readingOf(
  { country, map, person, auth }: Omit<ReadSource, "name">,
  kinds: ReadKinds,
): LeadReading {
  const kindMap = kinds.find(({ kind }) => kind === auth.kind)?.lead ?? null;
  return { country, map, person, kindMap };
}

export function createLeadReadings(kinds: ReadKinds, sources: readonly ReadSource[] = []): LeadReadings {
  const read = (parts: readonly ReadSource[]): Map<string, LeadReading> =>
    new Map(parts.map((source) => [source.name, readingOf(source, kinds)]));
  let known = read(sources);
  return {
    of: (source) => known.get(source ?? "") ?? plainReading,
    replace(parts) {
      known = read(parts);
    },
  };
}
