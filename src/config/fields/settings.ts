// What follows from the declaration of fields: their schema, checked settings out of an entry and back, changes member by
// member, what is shown, and what is stored in the clear and what sealed.
import type {
  Checking,
  Entry,
  Field,
  FieldSchema,
  Fields,
  Reading,
  SettingsOf,
  ShownSecrets,
} from "./field.ts";

/** By the names that the checked configuration uses. */
export type Settings = Readonly<Record<string, unknown>>;

export function schemaOfFields(
  fields: Fields,
  kind?: string,
): FieldSchema & { readonly properties: Readonly<Record<string, FieldSchema>> } {
  const declared = Object.values(fields);
  const required = [
    ...(kind === undefined ? [] : ["kind"]),
    ...declared.filter(({ isRequired }) => isRequired).map(({ member }) => member),
  ];
  return {
    type: "object",
    properties: {
      ...(kind === undefined ? {} : { kind: { type: "string", const: kind } }),
      ...Object.fromEntries(declared.flatMap(membersOf)),
    },
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function membersOf({ member, schema, short }: Field<unknown>): readonly (readonly [string, FieldSchema])[] {
  return [...(short === undefined ? [] : [[short.member, short.schema] as const]), [member, schema]];
}

/** What an entry may say of the fields. */
export function memberNames(fields: Fields): readonly string[] {
  return Object.values(fields)
    .flatMap(membersOf)
    .map(([member]) => member);
}

/** What a source or a destination holds, by the names of its fields. */
export function settingsOf(part: object): Settings {
  return part as Settings;
}

/** Of an entry that was checked; throws otherwise, which is a bug and not a mistake of whoever wrote it. */
export function readSettings<const Declared extends Fields>(
  fields: Declared,
  entry: Entry,
  timezone = "UTC",
): SettingsOf<Declared> {
  const reading: Reading = { entry, timezone };
  return withoutUndefined(fields, (field) =>
    field.read(entry[field.member], reading),
  ) as SettingsOf<Declared>;
}

/** As people write it; members that say nothing are absent. */
export function entryOfSettings(fields: Fields, settings: Settings): Entry {
  const members = Object.entries(fields).map(([key, field]): [string, unknown] => [
    field.member,
    field.write(settings[key]),
  ]);
  return Object.fromEntries(members.filter(([, written]) => written !== undefined));
}

/**
 * The entry that comes out when the members of `patch` take the place of those that there are; null: the default. Fields
 * that are changed member by member keep what the patch does not name.
 */
export function patchedEntry(fields: Fields, settings: Settings, patch: Entry): Entry {
  const before = entryOfSettings(fields, settings);
  const inner = Object.values(fields).flatMap((field): [string, unknown][] => {
    const wanted = patch[field.member];
    if (field.patching === "whole" || !isMapping(wanted)) return [];
    const there = before[field.member];
    return [[field.member, patchedMembers(field, isMapping(there) ? there : {}, wanted)]];
  });
  // Whoever says it in short takes the place of what is said at length.
  const replaced = Object.values(fields)
    .filter(({ short }) => short !== undefined && (patch[short.member] ?? null) !== null)
    .map(({ member }) => member);
  const kept = Object.entries(before).filter(([member]) => !replaced.includes(member));
  return { ...Object.fromEntries(kept), ...patch, ...Object.fromEntries(inner) };
}

function patchedMembers({ patching }: Field<unknown>, there: Entry, wanted: Entry): Entry {
  // Of another kind, it is a new one.
  if (patching === "by_kind" && (wanted["kind"] ?? there["kind"]) !== there["kind"]) return wanted;
  if (patching !== "by_header") return { ...there, ...wanted };
  const named = new Set(Object.keys(wanted).map((name) => name.toLowerCase()));
  const kept = Object.entries(there).filter(([name]) => !named.has(name.toLowerCase()));
  return Object.fromEntries([...kept, ...Object.entries(wanted)]);
}

/** What the API shows: everything but what is sealed, of which only traces. */
export function shownSettings(fields: Fields, settings: Settings, secrets: ShownSecrets): Entry {
  return Object.fromEntries(
    Object.entries(fields).map(([key, { shown }]) => [shown.member, shown.of(settings[key], secrets)]),
  );
}

/** The members of the API's item. */
export function shownSchemas(fields: Fields): Readonly<Record<string, FieldSchema>> {
  return Object.fromEntries(Object.values(fields).map(({ shown }) => [shown.member, shown.schema]));
}

const noSecrets: ShownSecrets = { fingerprint: () => "", retiring: [] };

/** What may be read by anyone who may read the table. */
export function openSettings(fields: Fields, settings: Settings): Settings {
  const entries = Object.entries(fields).flatMap(([key, field]): [string, unknown][] => {
    const { isSealed, shown } = field;
    const value = settings[key];
    if (!isSealed) return [[key, value === undefined ? value : (field.kept?.(value) ?? value)]];
    return shown.isStored === true ? [[shown.member, shown.of(settings[key], noSecrets)]] : [];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** null: no field is sealed. */
export function sealedSettings(fields: Fields, settings: Settings): Settings | null {
  const sealed = Object.entries(fields).filter(([, { isSealed }]) => isSealed);
  return sealed.length === 0 ? null : Object.fromEntries(sealed.map(([key]) => [key, settings[key]]));
}

/** Both parts together again; a field that came later than the row has its default. */
export function storedSettings(fields: Fields, open: Settings, sealed: Settings): Settings {
  return withoutUndefined(fields, (field, key) => {
    const stored = field.isSealed ? sealed[key] : open[key];
    if (stored !== undefined) return field.stored === undefined ? stored : field.stored(stored);
    return field.isRequired ? undefined : field.read(undefined, { entry: {}, timezone: "UTC" });
  });
}

/** Everything that no schema can say. */
export function checkFields(fields: Fields, checking: Checking): void {
  for (const { member, check } of Object.values(fields)) check?.(checking.entry[member], checking);
}

export function rotatingField(
  fields: Fields,
): { readonly key: string; readonly field: Field<unknown> } | null {
  const [found] = Object.entries(fields).filter(([, { rotates }]) => rotates === true);
  return found === undefined ? null : { key: found[0], field: found[1] };
}

function withoutUndefined(
  fields: Fields,
  valueOf: (field: Field<unknown>, key: string) => unknown,
): Settings {
  const entries = Object.entries(fields).map(([key, field]): [string, unknown] => [key, valueOf(field, key)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

export function isMapping(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
