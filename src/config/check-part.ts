// One source or destination that comes by API or command line: checked by the very rules of leadledger.yaml.
import type { OfClient } from "../domain/clients/client.ts";
import type { Destination } from "../domain/destinations/destination.ts";
import type { LeadMap } from "../domain/leads/map-rules.ts";
import { defaultCountry } from "../domain/values/phone-number.ts";
import type { PhoneCountry } from "../domain/values/phone-number.ts";
import { formatPointer } from "../domain/values/json-pointer.ts";
import type { Source } from "../domain/sources/source.ts";
import { bodySchemaOf } from "./body-schemas.ts";
import type { RejectBodySchema } from "./body-schemas.ts";
import { buildDestination, buildSource } from "./build-configuration.ts";
import type { BodySchema } from "./build-configuration.ts";
import { checkMeaning } from "./check-meaning.ts";
import { checkStructure } from "./check-structure.ts";
import type { DestinationEntry, SourceEntry } from "./configuration-schema.ts";
import { pathOf } from "./load-configuration.ts";
import { buildSlaDefinition } from "./sla-entry.ts";
import type { SlaFileEntry } from "./sla-entry.ts";
import type { SlaDefinition } from "../domain/sla/sla-target.ts";
import type { Said } from "./problem.ts";
import { declaredOf } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import type { Entry } from "./fields/field.ts";
import type { Settings } from "./fields/settings.ts";
import type { DeclaredSection } from "./sections/declared-section.ts";
import type { FoundProblem, Position, ValuePlace, YamlFile } from "./yaml-file.ts";

/**
 * What is wrong, or remarkable, at a place within the part. The place begins with the name of the field that a form shows
 * it at: `url`, `to[0]`, `auth.secrets[0].value`, `headers.X-Team`.
 */
export interface PartProblem {
  readonly place: string;
  readonly said: Said;
}

export type CheckedPart<Part> =
  | { readonly ok: true; readonly part: Part; readonly warnings: readonly PartProblem[] }
  | { readonly ok: false; readonly problems: readonly PartProblem[] };

/** What a part must fit in with. */
export interface Surroundings {
  /** Names of those that are switched on. */
  readonly sources: readonly string[];
  /** What is known of the sources in the open, by name: `auth` of what is stored. Absent: nothing. */
  readonly openSettings?: ReadonlyMap<string, Settings>;
  readonly destinations: readonly OfClient[];
  /** Days of `not_after` end in it. */
  readonly timezone: string;
  readonly rejectBodySchema: RejectBodySchema;
}

/** `entry`: as in leadledger.yaml, but `schema` is the schema itself; members that are null count as absent. */
export function checkSource(
  name: string,
  entry: Entry,
  around: Surroundings,
  kinds: DeclaredKinds,
): CheckedPart<Source> {
  const { schema, ...rest } = entry;
  const content = withoutNulls(rest);
  const others = around.sources.filter((other) => other !== name);
  const found = findingsAt(
    ["sources", name],
    {
      sources: Object.fromEntries<unknown>([
        ...others.map((other): [string, unknown] => [
          other,
          otherSource(around.openSettings?.get(other) ?? {}, kinds),
        ]),
        [name, content],
      ]),
      destinations: destinationsOf(around.destinations, kinds),
    },
    kinds,
  );
  const read = schema === undefined || schema === null ? null : bodySchemaOf(schema, around.rejectBodySchema);
  const problems = [
    ...found.problems,
    ...(read !== null && "said" in read ? [{ place: "schema", said: read.said }] : []),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const bodySchema: BodySchema | null = read !== null && "schema" in read ? read.schema : null;
  return {
    ok: true,
    part: buildSource(name, content as SourceEntry, around.timezone, bodySchema, kinds),
    warnings: found.warnings,
  };
}

/** `entry`: as in leadledger.yaml; members that are null count as absent. */
export function checkDestination(
  name: string,
  entry: Entry,
  around: Surroundings,
  kinds: DeclaredKinds,
): CheckedPart<Destination> {
  const content = withoutNulls(entry);
  const others = around.destinations.filter((other) => other.name !== name);
  const found = findingsAt(
    ["destinations", name],
    {
      destinations: Object.fromEntries([...Object.entries(destinationsOf(others, kinds)), [name, content]]),
    },
    kinds,
  );
  if (found.problems.length > 0) return { ok: false, problems: found.problems };
  return {
    ok: true,
    part: buildDestination(name, content as DestinationEntry, kinds),
    warnings: found.warnings,
  };
}

/** A section of its own; `entry` as in leadledger.yaml, members that are null count as absent. Its part: short forms written out. */
export function checkSection(
  section: DeclaredSection,
  entry: Entry,
  kinds: DeclaredKinds,
): CheckedPart<Entry> {
  const content = withoutNulls(entry) as Entry;
  const found = findingsAt([section.name], { [section.name]: content }, kinds);
  if (found.problems.length > 0) return { ok: false, problems: found.problems };
  return { ok: true, part: section.writtenOut?.(content) ?? content, warnings: found.warnings };
}

/** What is wrong with one recipient of alerts; `others`: names of those that there are. */
export function checkRecipient(
  name: string,
  entry: Entry,
  others: readonly string[],
  kinds: DeclaredKinds,
): readonly PartProblem[] {
  const content = withoutNulls(entry);
  const recipients = Object.fromEntries<unknown>([
    ...others.map((other) => [other, {}] as const),
    [name, content],
  ]);
  return findingsAt(["alerts", "recipients", name], { alerts: { recipients } }, kinds).problems;
}

/** `entry`: as in leadledger.yaml; members that are null count as absent. */
export function checkSlaTarget(name: string, entry: Entry, kinds: DeclaredKinds): CheckedPart<SlaDefinition> {
  const content = withoutNulls(entry);
  const found = findingsAt(["sla", name], { sla: { [name]: content } }, kinds);
  if (found.problems.length > 0) return { ok: false, problems: found.problems };
  return { ok: true, part: buildSlaDefinition(content as SlaFileEntry), warnings: found.warnings };
}

/** Of how leads are read, what somebody is about to say. */
export interface ProposedReading {
  readonly map: LeadMap | null;
  readonly country: PhoneCountry;
}

/** `map` and `country` of a source by themselves, with the problems that its entry would have there. */
export function checkReading(
  said: { readonly map: unknown; readonly country: unknown },
  kinds: DeclaredKinds,
): CheckedPart<ProposedReading> {
  const entry = withoutNulls(said) as Partial<ProposedReading>;
  const { problems: found } = findingsAt(["sources", "proposed"], { sources: { proposed: entry } }, kinds);
  const problems = found.filter(({ place }) => /^(?:map|country)(?:$|[.[])/.test(place));
  if (problems.length > 0) return { ok: false, problems };
  const { map = null, country = defaultCountry } = entry;
  return { ok: true, part: { map, country }, warnings: [] };
}

/** Its name and what it shares are looked at; what is wrong with it is somebody else's. */
function otherSource(auth: Settings, kinds: DeclaredKinds): Entry {
  const declared = declaredOf(kinds.sources, auth["kind"]);
  if (declared?.sharedBy === undefined) return {};
  const listed = declared.sharedBy.map(({ key, member }): [string, unknown] => [member, auth[key]]);
  const { via } = auth;
  return { kind: declared.kind, ...(via === undefined ? {} : { via }), ...Object.fromEntries(listed) };
}

/** Any kind will do: their names and their clients alone are looked at. */
function destinationsOf(
  destinations: readonly OfClient[],
  { destinations: [some] }: DeclaredKinds,
): Record<string, unknown> {
  return Object.fromEntries(destinations.map(({ name, client }) => [name, { kind: some?.kind, client }]));
}

interface Found {
  readonly problems: readonly PartProblem[];
  readonly warnings: readonly PartProblem[];
}

/** What a file with this content would be told about the part at `tokens`. */
function findingsAt(tokens: readonly string[], value: unknown, kinds: DeclaredKinds): Found {
  const file: YamlFile = {
    value,
    problems: [],
    readable: true,
    places: placesOf(value),
    fromEnvironment: new Set(),
    unread: new Set(),
  };
  const here = formatPointer(tokens);
  const own = (found: readonly FoundProblem[]): PartProblem[] =>
    found
      .filter(({ pointer }) => pointer === here || pointer.startsWith(`${here}/`))
      .map(({ pointer, said }) => ({ place: fieldOf(pathOf(pointer.slice(here.length)), said), said }));
  const { problems, warnings } = checkMeaning(file, [], kinds);
  return { problems: own([...checkStructure(file, kinds), ...problems]), warnings: own(warnings) };
}

/** A file is told of the mapping that lacks something; a form, of the field that is missing. */
function fieldOf(place: string, said: Said): string {
  if (aboutTheName.has(said.code)) return "name";
  const missing = said.code === "key_missing" ? [said.params.key] : [];
  const field = [...(place === "" ? [] : [place]), ...missing].join(".");
  if (field === "" && said.code === "secret_choice") return said.params.name;
  if (field !== "auth") return field;
  return said.code === "secret_choice" ? "auth.secret" : "auth.kind";
}

const aboutTheName: ReadonlySet<string> = new Set<Said["code"]>(["name_invalid", "names_alike"]);

/** There are no lines to point at. */
const nowhere: Position = { line: 1, column: 1 };

function placesOf(value: unknown): ReadonlyMap<string, ValuePlace> {
  const places = new Map<string, ValuePlace>();
  const visit = (inner: unknown, pointer: string): void => {
    places.set(pointer, { key: nowhere, value: nowhere });
    if (typeof inner !== "object" || inner === null) return;
    for (const [key, child] of Object.entries(inner)) visit(child, pointer + formatPointer([key]));
  };
  visit(value, "");
  return places;
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}
