// One of several ways, each with fields of its own, under one member: `auth: { kind: basic, username, password }`.
import type { InBothLanguages } from "../../domain/configuration/form-words.ts";
import type { Checking, Entry, Field, Fields, FieldSchema, FieldTexts, SettingsOf } from "./field.ts";
import { choice, described } from "./plain-fields.ts";
import {
  checkFields,
  entryOfSettings,
  isMapping,
  readSettings,
  schemaOfFields,
  settingsOf,
  shownSchemas,
  shownSettings,
  storedSettings,
} from "./settings.ts";

export interface Way {
  readonly label: InBothLanguages;
  readonly help: InBothLanguages;
  /** A member that several ways have is of one type in all of them: forms and command line have it once. */
  readonly fields: Fields;
}

/** `{ kind: "basic", username: "…" } | { kind: "none" }` */
export type WayOf<Ways extends Readonly<Record<string, Way>>> = {
  [Kind in keyof Ways & string]: { readonly kind: Kind } & SettingsOf<Ways[Kind]["fields"]>;
}[keyof Ways & string];

/** `preset` holds where nothing is said. Stored sealed as a whole where one of the ways has a secret. */
export function ways<const Ways extends Readonly<Record<string, Way>>>(
  member: string,
  declared: Ways,
  texts: FieldTexts & { readonly preset: keyof Ways & string },
): Field<WayOf<Ways>> {
  const { preset } = texts;
  const fieldsOf = (kind: unknown): Fields => declared[String(kind)]?.fields ?? {};
  const all = Object.entries(declared);
  const options = all.map(([value, { label, help }]) => ({ value, label, help }));
  const fields: Fields = {
    kind: choice("kind", { ...texts, options, preset }),
    ...Object.fromEntries(all.flatMap(([, way]) => Object.entries(way.fields))),
  };
  return {
    member,
    type: "group",
    texts,
    fields,
    ways: Object.fromEntries(all.map(([kind, way]) => [kind, way.fields])),
    isRequired: false,
    isSealed: Object.values(fields).some(({ isSealed }) => isSealed),
    patching: "by_kind",
    schema: described(texts, {
      type: "object",
      required: ["kind"],
      discriminator: { propertyName: "kind" },
      oneOf: all.map(([kind, way]) => schemaOfFields(way.fields, kind)),
    }),
    shown: {
      member,
      schema: shownSchemaOf(fields),
      of: (value, secrets) => ({
        kind: value.kind,
        ...shownSettings(fieldsOf(value.kind), settingsOf(value), secrets),
      }),
    },
    read: (written) => {
      const { kind, ...entry } = isMapping(written) ? written : { kind: preset };
      return { kind, ...readSettings(fieldsOf(kind), entry) } as WayOf<Ways>;
    },
    write: (value) => ({
      kind: value.kind,
      ...entryOfSettings(fieldsOf(value.kind), settingsOf(value)),
    }),
    stored: (parsed) => {
      const settings = settingsOf(parsed as object);
      const { kind } = settings;
      return { kind, ...storedSettings(fieldsOf(kind), settings, settings) } as WayOf<Ways>;
    },
    check: (written, checking) => {
      if (isMapping(written)) checkFields(fieldsOf(written["kind"]), within(member, written, checking));
    },
  };
}

function shownSchemaOf(fields: Fields): FieldSchema {
  return { type: "object", properties: shownSchemas(fields), required: ["kind"] };
}

/** A check looks at the way's members, and beside them at those of the whole entry. */
function within(member: string, written: Entry, { name, entry, note }: Checking): Checking {
  return {
    name,
    entry: { ...entry, ...written },
    note: (list, place, said) => note(list, [member, ...place], said),
  };
}
