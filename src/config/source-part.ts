// A source as API and command line handle it: written as in leadledger.yaml, changed member by member, shown without
// its secrets, its secret replaced without a gap.
import { formatDuration, formatRate, formatSize } from "../domain/values/duration.ts";
import type { SamePersonAction } from "../domain/leads/same-person.ts";
import type { GermanState } from "../domain/calendar/public-holidays.ts";
import type { HeartbeatSender } from "../domain/silence/silence-setting.ts";
import { toEntryOf } from "../domain/leads/distribution.ts";
import type { ToEntry } from "../domain/leads/distribution.ts";
import { newSourceKey } from "../domain/sources/source.ts";
import type { Source, SourceAuth, SourceSecret } from "../domain/sources/source.ts";
import { checkSource } from "./check-part.ts";
import { declaredOf, keyReuseOf } from "./declared-kind.ts";
import type { DeclaredKinds, DeclaredSource } from "./declared-kind.ts";
import { secretsPerSourceMax } from "./fields/credentials.ts";
import type { Entry, ShownSecret } from "./fields/field.ts";
import { entryOfSettings, isMapping, patchedEntry, shownSettings } from "./fields/settings.ts";
import type { PartKind, RandomBytes } from "./managed-part.ts";
import { newToken } from "./first-configuration.ts";
import { sourceOf, storedSource } from "./stored-configuration.ts";

export function sourceParts(kinds: DeclaredKinds): PartKind<Source> {
  return {
    table: "sources",
    check: (name, entry, around) => checkSource(name, entry, around, kinds),
    toStored: (source, box) => storedSource(source, box, kinds),
    fromStored: (stored, box) => sourceOf(stored, box, kinds),
    patch: (source, patch) => patchSource(source, withOwnNames(patch, source.auth.kind, kinds), kinds),
    unsaid: (entry) => (entry["to"] === undefined ? [destinationsUnchosen] : []),
    completed: (entry, random) => completed(withOwnNames(entry, undefined, kinds), random, kinds),
    rotated: (source, value, endsAt, now) => rotateSource(source, value, endsAt, now, kinds),
    paused: (source, paused) => ({ ...source, paused }),
    makeSecret: ({ auth }, random) => newSecret(declaredOf(kinds.sources, auth.kind), random),
  };
}

/** Nobody sends everywhere without having said so; null says it. */
const destinationsUnchosen = { place: "to", said: { code: "destinations_unchosen", params: {} } } as const;

/** What may be shown: everything but the secrets. Sources whose kind stands at the top have what it shows beside this. */
export interface ShownSource {
  readonly label: string | null;
  readonly client: string | null;
  readonly kind?: string;
  readonly auth: {
    readonly kind: SourceAuth["kind"];
    readonly secrets: readonly ShownSecret[];
    readonly [member: string]: unknown;
  };
  readonly key: Entry | null;
  readonly to: readonly ToEntry[] | null;
  readonly schema: Source["schema"];
  readonly person: Source["person"];
  readonly country: Source["country"];
  readonly map: Source["map"];
  readonly body_limit: string;
  readonly rate_limit: string | null;
  readonly paused: Source["paused"];
  readonly on_bad_credentials: Source["onBadCredentials"];
  readonly on_key_reuse: Source["onKeyReuse"];
  readonly same_person: SamePersonEntry | null;
  readonly silence: SilenceEntry | null;
  readonly heartbeat: HeartbeatEntry | null;
}

/** null: by its rhythm, with one false alarm a year. */
export type SilenceEntry =
  | "off"
  | { readonly false_alarms_per_year: number; readonly holidays?: GermanState }
  | {
      readonly at_least_one_per: string;
      readonly opening_hours?: readonly string[];
      readonly holidays?: GermanState;
    };

export interface HeartbeatEntry {
  readonly every: string;
  readonly sent_by: HeartbeatSender;
}

export interface SamePersonEntry {
  readonly within: string;
  readonly then: SamePersonAction;
}

/** `fingerprint`: a short keyed hash, which tells two secrets apart and says nothing about them. */
export function shownSource(
  source: Source,
  fingerprint: (secret: string) => string,
  kinds: DeclaredKinds,
): ShownSource {
  const { label, client, auth, schema, person, country, map, paused } = source;
  const { kind } = auth;
  const declared = declaredOf(kinds.sources, kind);
  const shown = shownSettings(declared?.fields ?? {}, auth, { fingerprint, retiring: [] });
  const secrets = (shown["secrets"] ?? []) as readonly ShownSecret[];
  return {
    label,
    client,
    ...(declared?.place === "top"
      ? { ...shown, kind, auth: { kind, secrets } }
      : { auth: { kind, secrets, ...shown } }),
    key: keyEntry(source),
    to: toEntryOf(source),
    schema,
    person,
    country,
    map,
    body_limit: formatSize(source.bodyLimitBytes),
    rate_limit: source.rateLimit === null ? null : formatRate(source.rateLimit),
    paused,
    on_bad_credentials: source.onBadCredentials,
    on_key_reuse: source.onKeyReuse,
    same_person: samePersonEntry(source),
    silence: silenceEntry(source),
    heartbeat: heartbeatEntry(source),
  };
}

function entryOf(source: Source): Entry {
  const { label, client, schema, person, country, map, bodyLimitBytes, rateLimit, paused } = source;
  return {
    label,
    client,
    // Absent means another rule for kinds that stand at the top.
    key: keyEntry(source) ?? { header: "required" },
    to: toEntryOf(source),
    schema,
    person,
    country,
    map,
    paused,
    on_bad_credentials: source.onBadCredentials,
    on_key_reuse: source.onKeyReuse,
    same_person: samePersonEntry(source),
    silence: silenceEntry(source),
    heartbeat: heartbeatEntry(source),
    body_limit: formatSize(bodyLimitBytes),
    rate_limit: rateLimit === null ? null : formatRate(rateLimit),
  };
}

/** What its kind wanted is not what another one wants. */
function entryOfAnother(source: Source, declared: DeclaredSource | undefined): Entry {
  const { on_key_reuse: rule, ...entry } = entryOf(source);
  return rule === keyReuseOf(declared) ? entry : { ...entry, on_key_reuse: rule };
}

function samePersonEntry({ samePerson }: Source): SamePersonEntry | null {
  return samePerson === null ? null : { within: formatDuration(samePerson.withinMs), then: samePerson.then };
}

function silenceEntry({ silence }: Source): SilenceEntry | null {
  if (silence === undefined) return null;
  if (silence.kind === "off") return "off";
  const holidays = silence.holidays === null ? {} : { holidays: silence.holidays };
  if (silence.kind === "learned") return { false_alarms_per_year: silence.falseAlarmsPerYear, ...holidays };
  const hours = silence.openingHours.length === 0 ? {} : { opening_hours: silence.openingHours };
  return { at_least_one_per: formatDuration(silence.perMs), ...hours, ...holidays };
}

function heartbeatEntry({ heartbeat }: Source): HeartbeatEntry | null {
  if (heartbeat === undefined) return null;
  return { every: formatDuration(heartbeat.everyMs), sent_by: heartbeat.sentBy };
}

function keyEntry({ key }: Source): Entry | null {
  switch (key.kind) {
    case "header":
      return null;
    case "pointer":
      return { pointer: key.pointer };
    case "header_preferred":
      return { header: "preferred", body_hash: formatDuration(key.windowMs) };
    case "body_hash":
      return { body_hash: formatDuration(key.windowMs) };
  }
}

/** Members that the patch names take the place of those that there are; null: the default. Of another kind, credentials are new. */
function patchSource(source: Source, patch: Entry, kinds: DeclaredKinds): Entry {
  const { kind } = source.auth;
  const declared = declaredOf(kinds.sources, kind);
  const fields = declared?.fields ?? {};
  const { auth } = patch;
  if (declared?.place === "top") {
    const isOther = isMapping(auth) || (patch["kind"] ?? kind) !== kind;
    return {
      ...(isOther ? entryOfAnother(source, declared) : entryOf(source)),
      ...(isOther ? patch : { kind, ...patchedEntry(fields, source.auth, patch) }),
    };
  }
  if ((patch["kind"] ?? null) !== null) return { ...entryOfAnother(source, declared), ...patch };
  const before = { kind, ...entryOfSettings(fields, source.auth) };
  if (!Object.hasOwn(patch, "auth")) return { ...entryOf(source), ...patch, auth: before };
  const isSame = isMapping(auth) && (auth["kind"] ?? kind) === kind;
  return {
    ...entryOf(source),
    ...patch,
    auth: isSame ? { ...patchedEntry(fields, source.auth, auth), kind } : auth,
  };
}

/** Whoever gives a secret need not know what it is called in that kind's system. */
function withOwnNames(entry: Entry, before: string | undefined, kinds: DeclaredKinds): Entry {
  const kind = entry["kind"] ?? (isMapping(entry["auth"]) ? undefined : before);
  const field = declaredOf(kinds.sources, kind)?.fields["secrets"];
  const names = { secret: field?.short?.member, secrets: field?.member };
  return Object.fromEntries(
    Object.entries(entry).map(([member, value]) => [
      (member === "secret" || member === "secrets" ? names[member] : undefined) ?? member,
      value,
    ]),
  );
}

/** A sender needs a key rule that does not turn it away, and a secret: where none is given one is made, to be shown this one time. */
function completed(
  given: Entry,
  random: RandomBytes,
  kinds: DeclaredKinds,
): { entry: Entry; secret: string | null } {
  // null asks for the rule of a file without `key`.
  const entry = given["key"] === undefined ? { ...given, key: newSourceKey } : given;
  const { auth } = entry;
  const said = isMapping(auth) ? auth : entry;
  const declared = declaredOf(kinds.sources, said["kind"]);
  const field = declared?.fields["secrets"];
  const short = field?.short?.member;
  const isNeedless = field?.needlessWith !== undefined && (said[field.needlessWith] ?? null) !== null;
  if (short === undefined || isNeedless || (said[short] ?? said[field?.member ?? ""] ?? null) !== null)
    return { entry, secret: null };
  const secret = newSecret(declared, random);
  const withSecret = { ...said, [short]: secret };
  return { entry: isMapping(auth) ? { ...entry, auth: withSecret } : withSecret, secret };
}

function newSecret(declared: DeclaredSource | undefined, random: RandomBytes): string {
  return declared?.madeSecret === "whsec"
    ? `whsec_${Buffer.from(random(secretBytes)).toString("base64")}`
    : newToken(random);
}

const secretBytes = 32;

/** null: there is nothing to rotate. Secrets that have ended are dropped; the others end with the overlap at the latest. */
function rotateSource(
  source: Source,
  value: string,
  endsAt: Date,
  now: Date,
  kinds: DeclaredKinds,
): ReturnType<PartKind<Source>["rotated"]> {
  const { auth } = source;
  if (auth.secrets === undefined) return { kind: "without_secret" };
  const old = auth.secrets
    .filter(({ notAfter }) => endsAt > now && (notAfter === null || notAfter >= now))
    .map((secret): SourceSecret => ({
      value: secret.value,
      notAfter: secret.notAfter === null || secret.notAfter > endsAt ? endsAt : secret.notAfter,
    }));
  const secrets = [{ value, notAfter: null }, ...old];
  if (secrets.length > secretsPerSourceMax) return { kind: "too_many", secretsMax: secretsPerSourceMax };
  const place = `${declaredOf(kinds.sources, auth.kind)?.place === "top" ? "" : "auth."}secrets[0].value`;
  return { kind: "rotated", part: { ...source, auth: { ...auth, secrets } }, place };
}
