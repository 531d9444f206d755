// A client of an agency set up like another: its sources and destinations once more, under names of its own, without
// anything that is the other's: no address, no secret, no id of its systems. What is missing is said, and paused until then.
import { clientIn } from "../domain/clients/client.ts";
import { relabelled, renamed } from "../domain/clients/renamed.ts";
import { renamedTo } from "../domain/leads/distribution.ts";
import type { ToEntry } from "../domain/leads/distribution.ts";
import type { StoredConfiguration, StoredPart } from "../ledger/configuration/configuration.ts";
import type { PartProblem, Surroundings } from "./check-part.ts";
import { declaredOf } from "./declared-kind.ts";
import type { DeclaredKinds, DeclaredSource } from "./declared-kind.ts";
import { destinationParts } from "./destination-part.ts";
import type { Entry, Field, Fields } from "./fields/field.ts";
import { isMapping } from "./fields/settings.ts";
import type { RandomBytes } from "./managed-part.ts";
import { sourceParts } from "./source-part.ts";
import type { SecretBox } from "./stored-configuration.ts";

export interface ClientWanted {
  readonly name: string;
  /** null: by its name. */
  readonly label: string | null;
  /** Whose parts are copied; null: those that name no client. */
  readonly from: string | null;
  /** What is known of the new ones, by the names that they have at the template: members as in leadledger.yaml. */
  readonly sources: Readonly<Record<string, Entry>>;
  readonly destinations: Readonly<Record<string, Entry>>;
}

export interface CopiedPart {
  readonly part: StoredPart;
  /** Of the one that it was copied from. */
  readonly template: string;
  /** Made here, to be shown this one time; null: none. */
  readonly secret: string | null;
  /** Members that only somebody else knows; until they are given, it is paused. */
  readonly gaps: readonly string[];
}

export type CopiedClient =
  | {
      readonly kind: "copied";
      readonly sources: readonly CopiedPart[];
      readonly destinations: readonly CopiedPart[];
    }
  | { readonly kind: "template_empty" }
  | { readonly kind: "invalid"; readonly problems: readonly PartProblem[] };

interface Around extends Pick<Surroundings, "timezone" | "rejectBodySchema"> {
  readonly configuration: StoredConfiguration;
  readonly kinds: DeclaredKinds;
  readonly secretBox: SecretBox;
  readonly random: RandomBytes;
}

export function copyClient(wanted: ClientWanted, around: Around): CopiedClient {
  const { configuration } = around;
  const isTemplate = ({ settings }: StoredPart): boolean => clientIn(settings) === wanted.from;
  const templates = {
    sources: configuration.sources.filter(isTemplate),
    destinations: configuration.destinations.filter(isTemplate),
  };
  if (templates.sources.length + templates.destinations.length === 0) return { kind: "template_empty" };
  const names = new Map(
    [...templates.sources, ...templates.destinations].map(({ name }) => [
      name,
      renamed(name, wanted.from, wanted.name),
    ]),
  );
  const problems: PartProblem[] = unknownNames(wanted, templates);
  const destinations = templates.destinations.flatMap((template) =>
    copied(() => copyDestination(template, wanted, names, around), problems, `destinations.${template.name}`),
  );
  const sources = templates.sources.flatMap((template) =>
    copied(
      () => copySource(template, wanted, names, destinations, around),
      problems,
      `sources.${template.name}`,
    ),
  );
  return problems.length > 0 ? { kind: "invalid", problems } : { kind: "copied", sources, destinations };
}

type Copied = CopiedPart | readonly PartProblem[];

function copied(copy: () => Copied, problems: PartProblem[], place: string): readonly CopiedPart[] {
  const found = copy();
  if (!("gaps" in found)) {
    problems.push(...found.map((each) => ({ place: `${place}.${each.place}`, said: each.said })));
    return [];
  }
  return [found];
}

/** Where somebody mistypes a name, nothing of what they gave would be used. */
function unknownNames(
  { sources, destinations }: ClientWanted,
  templates: Pick<StoredConfiguration, "sources" | "destinations">,
): PartProblem[] {
  const of = (given: ClientWanted["sources"], section: "sources" | "destinations"): PartProblem[] => {
    const known = templates[section].map(({ name }) => name);
    return Object.keys(given)
      .filter((name) => !known.includes(name))
      .map((name) => ({
        place: `${section}.${name}`,
        said: { code: "destination_unknown", params: { name, suggestion: null, known } } as const,
      }));
  };
  return [...of(sources, "sources"), ...of(destinations, "destinations")];
}

function copyDestination(
  template: StoredPart,
  wanted: ClientWanted,
  names: ReadonlyMap<string, string>,
  around: Around,
): Copied {
  const { kinds, secretBox, random, configuration, timezone, rejectBodySchema } = around;
  const parts = destinationParts(kinds);
  const part = parts.fromStored(template, secretBox);
  const fields = declaredOf(kinds.destinations, template.kind)?.fields ?? {};
  const given = wanted.destinations[template.name] ?? {};
  const { entry: own, gaps } = withoutOthers(fields, parts.patch(part, {}), given, (field) =>
    field.isAddress === true || field.isSealed || field.isClients === true ? "theirs" : "ours",
  );
  // What signs deliveries is ours to make.
  const signing = Object.values(fields).find(({ rotates }) => rotates === true)?.member;
  const makesSecret = signing !== undefined && gaps.includes(signing);
  const secret = makesSecret ? parts.makeSecret(part, random) : null;
  const missing = gaps.filter((member) => member !== signing);
  const entry = {
    ...own,
    ...(secret === null || signing === undefined ? {} : { [signing]: secret }),
    ...(missing.length === 0 ? {} : { paused: true }),
    ...given,
    client: wanted.name,
  };
  const name = nameOf(template, names);
  const surroundings = {
    sources: configuration.sources.map((each) => each.name),
    destinations: [],
    timezone,
    rejectBodySchema,
  };
  const checked = parts.check(name, entry, surroundings);
  if (!checked.ok) return checked.problems;
  return { part: parts.toStored(checked.part, secretBox), template: template.name, secret, gaps: missing };
}

function copySource(
  template: StoredPart,
  wanted: ClientWanted,
  names: ReadonlyMap<string, string>,
  destinations: readonly CopiedPart[],
  around: Around,
): Copied {
  const { kinds, secretBox, random, timezone, rejectBodySchema, configuration } = around;
  const parts = sourceParts(kinds);
  const source = parts.fromStored(template, secretBox);
  const declared = declaredOf(kinds.sources, source.auth.kind);
  const whole = parts.patch(source, {});
  const auth = isMapping(whole["auth"]) ? whole["auth"] : null;
  const given = wanted.sources[template.name] ?? {};
  const givenAuth = isMapping(given["auth"]) ? given["auth"] : given;
  const fields = declared?.fields ?? {};
  const asked = new Set((declared?.setUp ?? []).flatMap(({ asks = [] }) => asks));
  const { entry: own, gaps } = withoutOthers(fields, auth ?? whole, givenAuth, (field) =>
    isTheirs(field, asked, declared) ? "theirs" : "ours",
  );
  const secretMember = fields["secrets"]?.short?.member;
  const isVendors = secretMember !== undefined && (asked.has("secret") || asked.has(secretMember));
  const missing = gaps.filter((member) => member !== fields["secrets"]?.member || isVendors);
  const { label = null, to } = whole;
  const common = {
    label: typeof label === "string" ? relabelled(label, wanted.from, wanted.label ?? wanted.name) : null,
    to: Array.isArray(to) ? renamedTo(to as readonly ToEntry[], (name) => names.get(name) ?? name) : null,
    ...(missing.length === 0 ? {} : { paused: true }),
  };
  const via = typeof own["via"] === "string" ? { via: names.get(own["via"]) ?? own["via"] } : {};
  const copy = auth === null ? { ...own, ...via, ...common } : { ...whole, auth: own, ...common };
  const patched = { ...copy, ...given, client: wanted.name };
  const entry = auth === null ? patched : { ...patched, auth: { ...own, ...givenAuth } };
  const { entry: complete, secret } = parts.completed(entry, random);
  const name = nameOf(template, names);
  const checked = parts.check(name, complete, {
    sources: [...configuration.sources.map((each) => each.name), ...names.values()],
    destinations: destinations.map(({ part }) => ({ name: part.name, client: wanted.name })),
    timezone,
    rejectBodySchema,
  });
  if (!checked.ok) return checked.problems;
  return {
    part: parts.toStored(checked.part, secretBox),
    template: template.name,
    secret: isVendors ? null : secret,
    gaps: missing.map((member) => (member === fields["secrets"]?.member ? (secretMember ?? member) : member)),
  };
}

/** What the sender's system alone knows: credentials, what a guide asks for, and by what it marks whose a lead is. */
function isTheirs(
  { member, isSealed, short }: Field<unknown>,
  asked: ReadonlySet<string>,
  declared: DeclaredSource | undefined,
): boolean {
  const marks = declared?.sharedBy?.map((mark) => mark.member) ?? [];
  return isSealed || asked.has(member) || asked.has(short?.member ?? member) || marks.includes(member);
}

interface Own {
  readonly entry: Entry;
  /** Members that the template has, that are not ours to copy, and that nobody gave. */
  readonly gaps: readonly string[];
}

function withoutOthers(
  fields: Fields,
  entry: Entry,
  given: Entry,
  whose: (field: Field<unknown>) => "ours" | "theirs",
): Own {
  const own: Record<string, unknown> = { ...entry };
  const gaps: string[] = [];
  for (const field of Object.values(fields)) {
    if (whose(field) === "ours" || !isSaid(entry[field.member])) continue;
    Reflect.deleteProperty(own, field.member);
    if (field.short !== undefined) Reflect.deleteProperty(own, field.short.member);
    if ((given[field.member] ?? given[field.short?.member ?? field.member] ?? null) !== null) continue;
    gaps.push(field.member);
    if (field.standIn !== undefined && field.isRequired) own[field.member] = field.standIn;
  }
  return { entry: own, gaps };
}

/** Which way of several was chosen (`kind`) is nobody's own; what it takes is. */
function isSaid(written: unknown): boolean {
  if (written === undefined || written === null) return false;
  if (Array.isArray(written)) return written.length > 0;
  return !isMapping(written) || Object.keys(written).some((member) => member !== "kind");
}

function nameOf({ name }: StoredPart, names: ReadonlyMap<string, string>): string {
  return names.get(name) ?? name;
}
