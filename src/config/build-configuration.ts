// Turns a file without problems into the configuration: short forms written out, defaults filled in.
import type { Destination } from "../domain/destinations/destination.ts";
import { parseDuration, parseRate, parseSize } from "../domain/values/duration.ts";
import type { KeyRule, Source, SourceAuth } from "../domain/sources/source.ts";
import { readToEntry } from "../domain/leads/distribution.ts";
import { defaultBodyLimitBytes, preferredWindowMs } from "../domain/sources/source.ts";
import { defaultCountry } from "../domain/values/phone-number.ts";
import { samePersonWithin } from "../domain/leads/same-person.ts";
import { defaultFalseAlarmsPerYear } from "../domain/silence/silence-setting.ts";
import type { HeartbeatRule, SilenceRule } from "../domain/silence/silence-setting.ts";
import type { SamePersonRule } from "../domain/leads/same-person.ts";
import type { Configuration, ConfigurationSection, WrittenSection } from "./configuration.ts";
import { declaredOf, keyReuseOf } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import type { Entry } from "./fields/field.ts";
import { isMapping, readSettings } from "./fields/settings.ts";
import type { ConfigurationFile, DestinationEntry, SourceEntry } from "./configuration-schema.ts";
import { buildSlaTarget } from "./sla-entry.ts";
import type { SlaTarget } from "../domain/sla/sla-target.ts";
import { parsePublicUrl } from "./public-url.ts";

const sections = ["sources", "destinations"] as const satisfies readonly ConfigurationSection[];

export type BodySchema = Readonly<Record<string, unknown>>;

/**
 * @param bodySchemas the parsed JSON Schema of each source that names one
 * @param reportingTimezone where the days of `not_after` end, unless the file names another zone
 * @throws {Error} if the file was not checked before; that is a bug, not a mistake in the file
 */
export function buildConfiguration(
  file: ConfigurationFile,
  bodySchemas: ReadonlyMap<string, BodySchema>,
  reportingTimezone: string,
  kinds: DeclaredKinds,
): Configuration {
  const timezone = file.timezone ?? reportingTimezone;
  return {
    timezone: file.timezone ?? null,
    openIntake: file.open_intake ?? false,
    trustProxy: file.trust_proxy ?? [],
    ...(file.public_url === undefined ? {} : { publicUrl: checked(parsePublicUrl(file.public_url)) }),
    sources: Object.entries(file.sources ?? {}).map(([name, entry]) =>
      buildSource(name, entry, timezone, bodySchemas.get(name) ?? null, kinds),
    ),
    destinations: Object.entries(file.destinations ?? {}).map(([name, entry]) =>
      buildDestination(name, entry, kinds),
    ),
    ...((file.sla ?? null) === null ? {} : { sla: buildSla(file.sla) }),
    missingSections: sections.filter((section) => (file[section] ?? null) === null),
    ...writtenSections(file, kinds),
  };
}

function writtenSections(
  file: Readonly<Record<string, unknown>>,
  { sections: declared = [] }: DeclaredKinds,
): Pick<Configuration, "sections"> {
  const written = declared.flatMap((section): WrittenSection[] => {
    const entry = file[section.name];
    return isMapping(entry) ? [{ section, entry: section.writtenOut?.(entry) ?? entry }] : [];
  });
  return written.length === 0 ? {} : { sections: written };
}

function buildSla(sla: ConfigurationFile["sla"]): SlaTarget[] {
  return Object.entries(sla ?? {}).map(([name, entry]) => buildSlaTarget(name, entry));
}

/** `timezone`: where the days of `not_after` end. Throws as `buildConfiguration`. */
export function buildSource(
  name: string,
  entry: SourceEntry,
  timezone: string,
  schema: BodySchema | null,
  kinds: DeclaredKinds,
): Source {
  const { person } = entry;
  return {
    name,
    label: entry.label ?? null,
    client: entry.client ?? null,
    auth: buildAuth(entry, timezone, kinds),
    key: buildKey(entry),
    ...readToEntry(entry.to ?? null),
    schema,
    person: person === undefined ? null : { email: person.email ?? null, phone: person.phone ?? null },
    country: entry.country ?? defaultCountry,
    map: entry.map ?? null,
    bodyLimitBytes: optional(entry.body_limit, parseSize) ?? defaultBodyLimitBytes,
    rateLimit: optional(entry.rate_limit, parseRate),
    paused: entry.paused ?? false,
    onBadCredentials: entry.on_bad_credentials ?? "reject",
    onKeyReuse: entry.on_key_reuse ?? keyReuseOf(declaredOf(kinds.sources, entry.kind ?? entry.auth?.kind)),
    samePerson: buildSamePerson(entry.same_person),
    silence: buildSilence(entry.silence),
    heartbeat: buildHeartbeat(entry.heartbeat),
  };
}

function buildSamePerson(entry: SourceEntry["same_person"]): SamePersonRule | null {
  if (entry === undefined) return null;
  return { withinMs: checked(parseDuration(entry.within ?? samePersonWithin)), then: entry.then };
}

/** undefined: as it is of a source that says nothing. */
function buildSilence(entry: SourceEntry["silence"]): SilenceRule | undefined {
  if (entry === undefined) return undefined;
  if (typeof entry === "string") return { kind: "off" };
  const { false_alarms_per_year: wanted = defaultFalseAlarmsPerYear, holidays = null } = entry;
  if (entry.at_least_one_per !== undefined) {
    const perMs = checked(parseDuration(entry.at_least_one_per));
    return { kind: "at_least_one", perMs, openingHours: entry.opening_hours ?? [], holidays };
  }
  if (wanted === defaultFalseAlarmsPerYear && holidays === null) return undefined;
  return { kind: "learned", falseAlarmsPerYear: wanted, holidays };
}

function buildHeartbeat(entry: SourceEntry["heartbeat"]): HeartbeatRule | undefined {
  if (entry === undefined) return undefined;
  return { everyMs: checked(parseDuration(entry.every)), sentBy: entry.sent_by ?? "leadledger" };
}

/** Throws as `buildConfiguration`. */
function buildAuth({ auth, kind, ...said }: SourceEntry, timezone: string, kinds: DeclaredKinds): SourceAuth {
  const declared = checked(declaredOf(kinds.sources, kind ?? auth?.kind));
  const entry = kind === undefined ? checked(auth) : (said as Entry);
  return { ...readSettings(declared.fields, entry, timezone), kind: declared.kind };
}

function buildKey({ key, kind }: SourceEntry): KeyRule {
  // Whoever sends is known by its kind, and most of them cannot set a header.
  if (key === undefined && kind !== undefined)
    return { kind: "header_preferred", windowMs: preferredWindowMs };
  if (key?.pointer !== undefined) return { kind: "pointer", pointer: key.pointer };
  const windowMs = optional(key?.body_hash, parseDuration);
  if (key?.header === "preferred")
    return { kind: "header_preferred", windowMs: windowMs ?? preferredWindowMs };
  return windowMs === null ? { kind: "header" } : { kind: "body_hash", windowMs };
}

/** Throws as `buildConfiguration`. */
export function buildDestination(name: string, entry: DestinationEntry, kinds: DeclaredKinds): Destination {
  const { kind, fields } = checked(declaredOf(kinds.destinations, entry.kind));
  return { paused: false, ...readSettings(fields, entry), name, kind };
}

// Absent is null; present must parse, because it was checked.
function optional<Value>(text: string | undefined, parse: (text: string) => Value | null): Value | null {
  return text === undefined ? null : checked(parse(text));
}

function checked<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined)
    throw new Error("the configuration was built before it was checked");
  return value;
}
