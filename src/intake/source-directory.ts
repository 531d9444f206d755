// Who may post, as intake looks it up for every request; replaced as a whole when the configuration changes.
import type { Destination } from "../domain/destinations/destination.ts";
import { openSource } from "../domain/sources/source.ts";
import type { Source } from "../domain/sources/source.ts";
import type { LeadReading } from "../domain/leads/lead-reading.ts";
import { readingOf } from "../kinds/sources/lead-readings.ts";
import type { SourceKind } from "../kinds/sources/source-kind.ts";
import { compileStoredSchema } from "./body-schema.ts";
import type { BodyValidator, SchemaFault } from "./body-schema.ts";

export interface KnownSource {
  readonly source: Source;
  /** null: a newer program brought it, which shares the database; whoever knows it takes the source's leads. */
  readonly kind: SourceKind | null;
  /** Where its leads go; `to` is resolved. */
  readonly destinations: readonly string[];
  readonly validate: BodyValidator | null;
  /** By what its leads are read into the vocabulary. */
  readonly reading: LeadReading;
}

export interface SourceDirectory {
  /** null: no such source. */
  find(name: string): KnownSource | null;
  /** Whether somebody set up a source of this name; under open intake others are found as well. */
  readonly isConfigured: (name: string) => boolean;
  /** Whether leads of any source come as ids and are completed. */
  readonly completesLeads: boolean;
  replace(sources: readonly Source[], destinations: readonly Destination[]): void;
}

/** Of a schema that was stored by a build which took it, and is no longer taken. */
type OnUnusableSchema = (source: string, fault: SchemaFault) => void;

/** Under open intake any name is a source, with the defaults and all destinations; a configured one keeps its own rules. */
export function createSourceDirectory(
  openIntake: boolean,
  kinds: readonly SourceKind[],
  onUnusable: OnUnusableSchema = () => undefined,
): SourceDirectory {
  let known = new Map<string, KnownSource>();
  let allDestinations: readonly string[] = [];
  let completesLeads = false;
  const kindOf = ({ auth }: Source): SourceKind | null =>
    kinds.find(({ kind }) => kind === auth.kind) ?? null;
  return {
    find(name) {
      const source = known.get(name);
      if (source !== undefined) return source;
      if (!openIntake) return null;
      const open = openSource(name);
      return {
        source: open,
        kind: kindOf(open),
        destinations: allDestinations,
        validate: null,
        reading: readingOf(open, kinds),
      };
    },
    isConfigured: (name) => known.has(name),
    get completesLeads() {
      return completesLeads;
    },
    replace(sources, destinations) {
      completesLeads = sources.some(({ completes }) => completes === true);
      allDestinations = destinations.map((destination) => destination.name);
      const existing = new Set(allDestinations);
      known = new Map(
        sources.map((source) => [
          source.name,
          {
            source,
            kind: kindOf(source),
            destinations: (source.to ?? allDestinations).filter((name) => existing.has(name)),
            validate:
              source.schema === null
                ? null
                : compileStoredSchema(source.schema, (fault) => onUnusable(source.name, fault)),
            reading: readingOf(source, kinds),
          },
        ]),
      );
    },
  };
}
