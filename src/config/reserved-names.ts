// Names that no field of a kind may have, because every source or destination has an option or a member of that name.
import type { DeclaredKind } from "./declared-kind.ts";
import type { Field } from "./fields/field.ts";
import { optionNameOf } from "./fields/option-name.ts";

interface Reserved {
  /** Of the command line, without dashes. */
  readonly options: readonly string[];
  /** Of the entry in leadledger.yaml, and of the item that the API shows. */
  readonly members: readonly string[];
  /** Of what the API answers alone; an entry may say something under these names. */
  readonly shown: readonly string[];
  /** Under which the frame keeps what it holds. */
  readonly keys: readonly string[];
}

const everywhere = {
  options: ["client", "help", "json", "key", "kind", "lang", "unset", "url", "version"],
  members: ["client", "enabled", "kind", "managed_by", "name", "updated_at", "warnings"],
  shown: ["moved_to_dlq", "secret"],
};

export const reservedNames = {
  source: {
    options: [
      ...everywhere.options,
      ...[
        "auth",
        "body-hash",
        "body-limit",
        "country",
        "key-header",
        "key-pointer",
        "label",
        "map",
        "on-bad-credentials",
        "on-key-reuse",
        "paused",
        "same-person",
        "same-person-within",
        "silence",
        "false-alarms",
        "at-least-one-per",
        "silence-hours",
        "silence-holidays",
        "heartbeat",
        "heartbeat-by",
      ],
      ...["person-email", "person-phone", "rate-limit", "schema", "secret-env", "skip-paused", "to"],
    ],
    members: [
      ...everywhere.members,
      ...[
        "auth",
        "body_limit",
        "country",
        "key",
        "label",
        "map",
        "on_bad_credentials",
        "on_key_reuse",
        "paused",
        "same_person",
        "silence",
        "heartbeat",
        "person",
        "rate_limit",
        "schema",
        "to",
      ],
    ],
    shown: everywhere.shown,
    keys: ["kind"],
  },
  destination: {
    options: [...everywhere.options, "yes"],
    members: [...everywhere.members, "circuit", "sends", "waits"],
    shown: everywhere.shown,
    keys: ["client", "kind", "name", "retiring"],
  },
} as const satisfies Readonly<Record<string, Reserved>>;

/** Throws Error with a sentence that names the field: a mistake of whoever declares the kind. */
export function refuseReservedNames(what: keyof typeof reservedNames, { kind, fields }: DeclaredKind): void {
  const { options, members, shown, keys }: Reserved = reservedNames[what];
  const refuse = (field: string, taken: string): never => {
    throw new Error(
      `The field “${field}” of the ${what} kind “${kind}” needs another name: ${taken} of every ${what}.`,
    );
  };
  for (const [key, field] of Object.entries(fields)) {
    if (keys.includes(key)) refuse(key, `“${key}” is the key of something`);
    for (const member of [field.member, field.shown.member, field.short?.member ?? field.member])
      if (members.includes(member)) refuse(field.member, `“${member}” is a member`);
    if (shown.includes(field.shown.member))
      refuse(field.member, `“${field.shown.member}” is a member of what is answered`);
    for (const option of optionNames(field, []))
      if (options.includes(option)) refuse(field.member, `--${option} is an option`);
  }
}

/** As it is called on the command line, but for what `change` adds for single headers. */
function optionNames(field: Field<unknown>, parents: readonly string[]): readonly string[] {
  const path = [...parents, field.member];
  if (field.fields !== undefined)
    return Object.values(field.fields).flatMap((inner) => optionNames(inner, path));
  const name = optionNameOf(field, parents);
  switch (field.type) {
    case "secrets":
      return [];
    case "secret":
      return [`${name}-env`];
    case "url":
    case "headers":
    case "parameters":
      return [name, `${name}-env`];
    default:
      return [name];
  }
}
