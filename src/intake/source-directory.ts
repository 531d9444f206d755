// Who may post, as intake looks it up for every request; replaced as a whole when the configuration changes.
import { claimOf } from "../domain/sources/shared-address.ts";
import type { Claim, LeadMark } from "../domain/sources/shared-address.ts";
import { destinationsOfSource } from "../domain/clients/client.ts";
import type { Destination } from "../domain/destinations/destination.ts";
import { openSource } from "../domain/sources/source.ts";
import type { Source } from "../domain/sources/source.ts";
import type { LeadGroup, Routing } from "../domain/leads/distribution.ts";
import type { LeadReading } from "../domain/leads/lead-reading.ts";
import { readingOf } from "../kinds/sources/lead-readings.ts";
import type { SourceKind } from "../kinds/sources/source-kind.ts";
import { compileStoredSchema } from "./body-schema.ts";
import type { BodyValidator, SchemaFault } from "./body-schema.ts";

export interface KnownSource extends Routing {
  readonly source: Source;
  /** null: a newer program brought it, which shares the database; whoever knows it takes the source's leads. */
  readonly kind: SourceKind | null;
  readonly validate: BodyValidator | null;
  /** By what its leads are read into the vocabulary. */
  readonly reading: LeadReading;
  /** Whose leads come over its address; null: it shares it with nobody, and all of them are its own. */
  readonly sharing: Sharing | null;
}

export interface Sharing {
  readonly marks: readonly LeadMark[];
  /** Those that share the address, each with what it lists. */
  readonly sources: readonly KnownSource[];
  readonly claims: readonly Claim[];
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
  let destinations: readonly Destination[] = [];
  const routingFor = (source: Source): Routing => routingOf(source, destinations);
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
        ...routingFor(open),
        validate: null,
        reading: readingOf(open, kinds),
        sharing: null,
      };
    },
    isConfigured: (name) => known.has(name),
    get completesLeads() {
      return completesLeads;
    },
    replace(sources, newDestinations) {
      completesLeads = sources.some(({ completes }) => completes === true);
      destinations = newDestinations;
      const alone = sources.map((source): KnownSource => ({
        source,
        kind: kindOf(source),
        ...routingFor(source),
        validate:
          source.schema === null
            ? null
            : compileStoredSchema(source.schema, (fault) => onUnusable(source.name, fault)),
        reading: readingOf(source, kinds),
        sharing: null,
      }));
      known = new Map(alone.map((each) => [each.source.name, { ...each, sharing: sharingOf(each, alone) }]));
    },
  };
}

/** `to` resolved: what is there of it, each name once. */
function routingOf(source: Source, all: readonly Destination[]): Routing {
  const there = destinationsOfSource(source, all);
  const groups = (source.oneOf ?? []).flatMap(({ members, skipPaused }): LeadGroup[] => {
    const present = members.filter(({ destination }) => there.some(({ name }) => name === destination));
    const isIn = new Set(present.map(({ destination }) => destination));
    const skipped = there.filter(({ name, paused }) => skipPaused && paused && isIn.has(name));
    if (present.length === 0) return [];
    return [
      { members: present, ...(skipped.length === 0 ? {} : { skipped: skipped.map(({ name }) => name) }) },
    ];
  });
  const inGroups = new Set(groups.flatMap(({ members }) => members.map(({ destination }) => destination)));
  return { destinations: there.map(({ name }) => name).filter((name) => !inGroups.has(name)), groups };
}

/**
 * null: nobody shares its address, and it takes whatever comes. With others behind it, it takes only what it lists itself:
 * the leads of one client must never go to another because an id was forgotten.
 */
function sharingOf(own: KnownSource, all: readonly KnownSource[]): Sharing | null {
  const marks = own.kind?.sharedBy;
  if (marks === undefined) return null;
  const isOwn = claimOf(marks, own.source.auth).some((listed) => listed !== null);
  const behind = all.filter(
    ({ source, kind }) =>
      kind === own.kind && source.auth["via"] === own.source.name && source !== own.source,
  );
  const sources = [...(isOwn ? [own] : []), ...behind];
  if (sources.length === 0) return null;
  return { marks, sources, claims: sources.map(({ source }) => claimOf(marks, source.auth)) };
}
