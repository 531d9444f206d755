// A field: one member of a source or a destination, declared once. What leadledger.yaml and the API take, what forms and
// the command line show, what is stored in the clear and what sealed: all of it is read from the declaration.
import type { InBothLanguages } from "../../domain/configuration/form-words.ts";
import type { RetiringSecret } from "../../domain/destinations/destination.ts";
import type { Said } from "../problem.ts";
import type { Format } from "../value-rules.ts";

export type Entry = Readonly<Record<string, unknown>>;

/** What forms know how to ask for. */
export const fieldTypes = [
  "text",
  "long_text",
  "texts",
  "url",
  "secret",
  "secrets",
  "duration",
  "durations",
  "number",
  "boolean",
  "headers",
  "parameters",
  "destinations",
  "json",
  "choice",
  "alternatives",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** What people read about a field. */
export interface FieldTexts {
  readonly label: InBothLanguages;
  readonly help: InBothLanguages;
  /** In the schema; absent: the help. */
  readonly description?: string;
  readonly example?: string;
  /** Most people never need it: shown on demand. */
  readonly advanced?: true;
  /** On the command line. */
  readonly option?: {
    /** `address` is `--address`; absent: the member with its parents, `retry-fast`. */
    readonly name?: string;
    /** Beside the option; absent: the label. */
    readonly text?: InBothLanguages;
    /** What stands for its value: `path`; absent: by the type of the field. */
    readonly placeholder?: string;
    /** Of a flag that is set, where it is shown; absent: yes. */
    readonly on?: InBothLanguages;
    /** Before the value where it is shown; absent: the label. */
    readonly title?: InBothLanguages;
  };
}

/** What is used of JSON Schema. */
export interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly format?: Format;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly patternProperties?: Readonly<Record<string, FieldSchema>>;
  readonly propertyNames?: FieldSchema;
  readonly required?: readonly string[];
  readonly discriminator?: { readonly propertyName: string };
  readonly oneOf?: readonly FieldSchema[];
  readonly additionalProperties?: boolean;
}

/** What the API shows of a field. */
export interface ShownAs<Value> {
  /** The item's member: of `url` it is `origin`. */
  readonly member: string;
  readonly schema: FieldSchema;
  of(value: Value, secrets: ShownSecrets): unknown;
  /** Stored in the clear, too, beside a value that is sealed. */
  readonly isStored?: true;
}

export interface ShownSecrets {
  /** A short keyed hash, which tells two secrets apart and says nothing about them. */
  readonly fingerprint: (secret: string) => string;
  /** Secrets that were replaced and have not ended. */
  readonly retiring: readonly RetiringSecret[];
}

export interface ShownSecret {
  readonly fingerprint: string;
  readonly not_after: Date | null;
}

/** Beside what a member says. */
export interface Reading {
  readonly entry: Entry;
  /** Of the reporting: days end there. */
  readonly timezone: string;
}

/** What a check may look at, and where it says what it finds. */
export interface Checking {
  /** Of the source or the destination. */
  readonly name: string;
  readonly entry: Entry;
  /** Those that the entry may have; absent: it does not matter. */
  readonly members?: readonly string[];
  /** `place`: from the entry on, `["headers", "X-Team"]`. */
  readonly note: (list: "problems" | "warnings", place: readonly string[], said: Said) => void;
}

/**
 * One member and what becomes of it. `Value` is what the checked configuration holds: durations are milliseconds there,
 * defaults are filled in.
 */
export interface Field<Value> {
  /** In leadledger.yaml and in the API. */
  readonly member: string;
  readonly type: FieldType | "group";
  readonly texts: FieldTexts;
  readonly schema: FieldSchema;
  readonly isRequired: boolean;
  /** It says where leads go to: what lists show of the whole entry. At most one field of a kind. */
  readonly isAddress?: true;
  /** Besides addresses and what is sealed: one client's own, such as recipients of mail, and not copied for another. */
  readonly isClients?: true;
  /** What stands in a copy for another client until its own is known, where the field must be there. */
  readonly standIn?: unknown;
  /** Encrypted where it is stored. */
  readonly isSealed: boolean;
  /** Replaced by `rotate-secret`, the old one going on until the overlap ends. At most one field of a kind. */
  readonly rotates?: true;
  /**
   * How a change is taken in: as a whole, member by member, so that upper and lower case are the same member, or member
   * by member as long as its `kind` stays.
   */
  readonly patching: "whole" | "by_member" | "by_header" | "by_kind";
  readonly shown: ShownAs<Value>;
  /** Of secrets: a member with which none is needed, and none is made. */
  readonly needlessWith?: string;
  /** Another member that says the same in short, in place of this one. */
  readonly short?: { readonly member: string; readonly texts: FieldTexts; readonly schema: FieldSchema };
  /** Of `group`; of one with `ways`, those of all of them. */
  readonly fields?: Fields;
  /** The member `kind` says which of these fields there are. */
  readonly ways?: Readonly<Record<string, Fields>>;
  /** Of `choice`. */
  readonly options?: readonly ChoiceOption[];
  /** From an entry that was checked; undefined: it says nothing. */
  read(written: unknown, reading: Reading): Value;
  /** As people write it; undefined: nothing. */
  write(value: Value): unknown;
  /** What is stored in the clear, where that is not the value itself. */
  kept?(value: Value): unknown;
  /** Out of what JSON made of what was stored; absent: that is the value. */
  readonly stored?: (parsed: unknown) => Value;
  /** What no schema can say. */
  readonly check?: (written: unknown, checking: Checking) => void;
}

export interface ChoiceOption {
  readonly value: string;
  readonly label: InBothLanguages;
  readonly help: InBothLanguages;
}

/** By the name that the value has in the checked configuration and where it is stored: `timeoutMs` is written `timeout`. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

type ValueOf<Declared> = Declared extends Field<infer Value> ? Value : never;

type AbsentKeys<Declared extends Fields> = {
  [Key in keyof Declared]: undefined extends ValueOf<Declared[Key]> ? Key : never;
}[keyof Declared];

/** What a checked entry holds. */
export type SettingsOf<Declared extends Fields> = {
  readonly [Key in Exclude<keyof Declared, AbsentKeys<Declared>>]: ValueOf<Declared[Key]>;
} & { readonly [Key in AbsentKeys<Declared>]?: Exclude<ValueOf<Declared[Key]>, undefined> };
