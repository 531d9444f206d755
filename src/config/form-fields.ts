// Forms for sources and destinations: of destinations what their kinds declare; of sources the words, and beside them what
// the schema of leadledger.yaml says of the same member, so that neither can say what the other does not.
import type { Language } from "../domain/errors/error-catalogue-entry.ts";
import type { ChoiceWords, FieldWords, InBothLanguages } from "../domain/configuration/form-words.ts";
import type { AnswerRule } from "../domain/destinations/answer-rules.ts";
import { sourceMembersOf } from "./configuration-schema.ts";
import { inOrderOfOffer } from "./declared-kind.ts";
import { destinationGroups } from "./destination-group.ts";
import type { DeclaredDestination, DeclaredKind, DeclaredKinds } from "./declared-kind.ts";
import type { Field, Fields, FieldSchema, FieldType } from "./fields/field.ts";
import { credentialsWords, sourceForm } from "./source-form.ts";
import { tilesOf } from "./tiles.ts";
import { rangeOf } from "./value-rules.ts";
import type { Format } from "./value-rules.ts";

export { fieldTypes } from "./fields/field.ts";
export type { FieldType } from "./fields/field.ts";

export interface FormField {
  /** The member of leadledger.yaml and of the API, with its parents: `retry.fast`. */
  readonly name: string;
  readonly type: FieldType;
  readonly required: boolean;
  /** What holds when nothing is said; null: nothing does, or the help says it. */
  readonly default: FieldDefault;
  /** Shown on demand. */
  readonly advanced: boolean;
  /** Cannot be changed later. */
  readonly fixed: boolean;
  /** What there is, is never shown; a change that says nothing leaves it as it is. */
  readonly write_only: boolean;
  /** The item's member that shows what may be shown of one that is `write_only`. */
  readonly shown_as?: string;
  readonly example: string | null;
  readonly label: string;
  readonly help: string;
  readonly rules: FieldRules;
  /** Of `choice` and `alternatives`; else none. */
  readonly options: readonly FormOption[];
}

/** An object where the field is one: a map. */
export type FieldDefault = string | number | boolean | readonly string[] | object | null;

/** What the server checks; a form may check it before. */
export interface FieldRules {
  readonly format?: Format;
  /** Numbers, or durations and sizes as they are written: `100ms`. */
  readonly min?: number | string;
  readonly max?: number | string;
  readonly items_min?: number;
  readonly items_max?: number;
}

export interface FormOption {
  readonly value: string;
  readonly label: string;
  readonly help: string;
  /** Of `alternatives`: members that the option says besides its fields: `{"key.header":"preferred"}`. */
  readonly members?: Readonly<Record<string, string>>;
  readonly fields: readonly FormField[];
}

export interface Forms {
  readonly sources: { readonly fields: readonly FormField[]; readonly tiles: readonly FormTile[] };
  readonly destinations: readonly DestinationForm[];
}

/** The system that leads come from, and the ways to set it up. */
export interface FormTile {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly set_ups: readonly FormSetUp[];
}

export interface FormSetUp {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly about: string;
  /** Names of fields. */
  readonly asks: readonly string[];
  readonly steps: readonly string[];
  /** In their place for a source with `via`; null: there are none. */
  readonly shared_steps: readonly string[] | null;
  readonly comes_from_internet: boolean;
  /** `POST /sources/{name}/check` asks the vendor. */
  readonly has_check: boolean;
}

export interface DestinationForm {
  readonly kind: string;
  /** Whether anything is sent there; false: a worker of the user's own fetches its leads. */
  readonly sends: boolean;
  /** What it is offered under. */
  readonly group: string;
  readonly label: string;
  readonly help: string;
  /** What a test lead leaves behind there. */
  readonly test_leaves: string;
  readonly fields: readonly FormField[];
  /** What is known of its answers, after the rules in `success`. */
  readonly answers: readonly FormAnswers[];
}

export interface FormAnswers {
  /** Where settings decide whether these hold; null: always. */
  readonly when: string | null;
  readonly rules: readonly AnswerRule[];
}

export function sourceFields(language: Language, kinds: DeclaredKinds): readonly FormField[] {
  const schema = { properties: sourceMembersOf(kinds) } as unknown as Schema;
  return [
    nameField(sourceName, language),
    credentialsField(kinds, language),
    ...sourceForm.map((words) => fieldOf(schema, words, language)),
  ];
}

export function sourceTiles(language: Language, kinds: DeclaredKinds): readonly FormTile[] {
  return tilesOf(kinds).map(({ id, label, help, setUps }) => ({
    id,
    label: label[language],
    help: help[language],
    set_ups: setUps.map((each) => ({
      id: each.id,
      kind: each.kind,
      label: each.label[language],
      about: each.about[language],
      asks: each.asks ?? [],
      steps: each.steps.map((step) => step[language]),
      shared_steps: each.sharedSteps?.map((step) => step[language]) ?? null,
      comes_from_internet: each.comesFromInternet,
      has_check: each.hasVendorCheck,
    })),
  }));
}

/** The choice among kinds; one that stands at the top of the entry is said there. */
function credentialsField({ sources }: DeclaredKinds, language: Language): FormField {
  const { label, help } = credentialsWords;
  return {
    name: "auth.kind",
    type: "choice",
    required: true,
    default: null,
    advanced: false,
    fixed: false,
    write_only: false,
    example: null,
    label: label[language],
    help: help[language],
    rules: {},
    options: inOrderOfOffer(sources).map((declared) => ({
      value: declared.kind,
      label: declared.label[language],
      help: declared.help[language],
      ...(declared.place === "top" ? { members: { kind: declared.kind } } : {}),
      fields: declaredFields(declared, language, declared.place === "top" ? "" : "auth."),
    })),
  };
}

export function destinationFormOf(declared: DeclaredDestination, language: Language): DestinationForm {
  const { kind, sends, group, label, help, testLeaves, answers = [] } = declared;
  return {
    kind,
    sends,
    group: destinationGroups[group][language],
    label: label[language],
    help: help[language],
    test_leaves: testLeaves[language],
    fields: [nameField(destinationName, language), ...declaredFields(declared, language)],
    answers: answers.map(({ when, rules }) => ({ when: when?.[language] ?? null, rules })),
  };
}

/** Of what is no kind: a section of leadledger.yaml. */
export function formFieldsOf(fields: Fields, language: Language): readonly FormField[] {
  const at: Place = { parent: "", asksForRequired: true, showsTraces: true };
  return Object.values(fields).flatMap((field) => fieldsOfOne(field, at, language));
}

/** In the order in which a form asks for them. */
function declaredFields(
  { fields, formOrder = [] }: DeclaredKind,
  language: Language,
  parent: "" | "auth." = "",
): readonly FormField[] {
  // Of a source's credentials the fingerprints are shown in one place.
  const at: Place = { parent, asksForRequired: true, showsTraces: parent === "" };
  const keys = [...formOrder, ...Object.keys(fields).filter((key) => !formOrder.includes(key))];
  return keys.flatMap((key) => {
    const field = fields[key];
    return field === undefined ? [] : fieldsOfOne(field, at, language);
  });
}

interface Place {
  /** With the dot behind it: `retry.`. */
  readonly parent: string;
  /** false: nobody has to say anything here. */
  readonly asksForRequired: boolean;
  /** Whether what is never shown leaves a trace in the item. */
  readonly showsTraces: boolean;
}

/** Of a group, one for each of its fields: `retry.fast`. */
function fieldsOfOne(field: Field<unknown>, at: Place, language: Language): readonly FormField[] {
  const { parent, asksForRequired, showsTraces } = at;
  const { member, type, texts, schema, isRequired, isSealed, shown, short, options = [] } = field;
  const name = `${parent}${member}`;
  if (field.ways !== undefined) return [wayField(field, field.ways, `${name}.`, language)];
  if (type === "group")
    return Object.values(field.fields ?? {}).flatMap((inner) =>
      fieldsOfOne(inner, { parent: `${name}.`, asksForRequired: isRequired, showsTraces }, language),
    );
  return [
    ...(short === undefined ? [] : fieldsOfOne(shortField(field, short), at, language)),
    {
      name,
      type,
      required: isRequired && asksForRequired,
      default: defaultOf(schema),
      advanced: texts.advanced ?? false,
      fixed: false,
      write_only: isSealed,
      ...(isSealed && showsTraces ? { shown_as: `${parent}${shown.member}` } : {}),
      example: texts.example ?? null,
      label: texts.label[language],
      help: texts.help[language],
      rules: type === "choice" ? {} : rulesOf(schema),
      options: options.map((option) => ({
        value: option.value,
        label: option.label[language],
        help: option.help[language],
        fields: [],
      })),
    },
  ];
}

/** The choice among ways: each brings its fields. */
function wayField(
  field: Field<unknown>,
  ways: NonNullable<Field<unknown>["ways"]>,
  parent: string,
  language: Language,
): FormField {
  const at: Place = { parent, asksForRequired: true, showsTraces: true };
  const [choice] = Object.values(field.fields ?? {}).flatMap((inner) => fieldsOfOne(inner, at, language));
  if (choice === undefined) throw new Error(`no choice among the ways of ${field.member}`);
  return {
    ...choice,
    options: choice.options.map((option) => ({
      ...option,
      fields: Object.values(ways[option.value] ?? {}).flatMap((inner) => fieldsOfOne(inner, at, language)),
    })),
  };
}

/** The one member that says in short what several say. */
function shortField(
  { short: _short, ...field }: Field<unknown>,
  { member, texts, schema }: NonNullable<Field<unknown>["short"]>,
): Field<unknown> {
  return { ...field, member, texts, schema, type: "secret", isRequired: false };
}

/** What is used of the schema of a member that every source has. */
/** An empty list is what holds without one, too. */
function defaultOf({ default: said }: FieldSchema): FieldDefault {
  return Array.isArray(said) && said.length === 0 ? null : (said ?? null);
}

interface Schema extends FieldSchema {
  readonly default?: FieldDefault;
  readonly properties?: Readonly<Record<string, Schema>>;
}

function fieldOf(schema: Schema, words: FieldWords | ChoiceWords, language: Language): FormField {
  const member = memberOf(schema, words.name);
  const type = words.type ?? (member.format?.startsWith("duration-") === true ? "duration" : "text");
  const options = "options" in words ? words.options : [];
  return {
    name: words.name,
    type,
    // What all sources have has a default.
    required: false,
    default:
      type === "alternatives"
        ? (words.preset ?? withoutField(options))
        : (member.default ?? ("preset" in words ? words.preset : undefined) ?? null),
    advanced: words.advanced ?? false,
    fixed: false,
    write_only: false,
    example: ("example" in words ? words.example : undefined) ?? null,
    label: words.label[language],
    help: words.help[language],
    rules: type === "choice" || type === "alternatives" ? {} : rulesOf(member),
    options: options.map(({ value, label, help, fields, members }) => ({
      value,
      label: label[language],
      help: help[language],
      ...(members === undefined ? {} : { members }),
      fields: fields.map((field) => fieldOf(schema, field, language)),
    })),
  };
}

function withoutField(options: ChoiceWords["options"]): string | null {
  return options.find(({ fields }) => fields.length === 0)?.value ?? null;
}

/** `person.email`: with its parents. */
function memberOf(schema: Schema, name: string): Schema {
  return name.split(".").reduce((here, key) => {
    const member = here.properties?.[key];
    if (member === undefined) throw new Error(`leadledger.yaml has no ${name}`);
    return member;
  }, schema);
}

function rulesOf(schema: FieldSchema): FieldRules {
  const { patternProperties = {} } = schema;
  const [headerValue] = Object.values(patternProperties);
  const format = schema.format ?? schema.items?.format ?? headerValue?.format;
  const range = format === undefined ? null : rangeOf(format);
  const min = schema.minimum ?? range?.min;
  const max = schema.maximum ?? range?.max;
  return {
    ...(format === undefined ? {} : { format }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(schema.minItems === undefined ? {} : { items_min: schema.minItems }),
    ...(schema.maxItems === undefined ? {} : { items_max: schema.maxItems }),
  };
}

/** The name of the entry, which leadledger.yaml writes before it. */
function nameField({ help, example }: NameWords, language: Language): FormField {
  return {
    name: "name",
    type: "text",
    required: true,
    default: null,
    advanced: false,
    fixed: true,
    write_only: false,
    example,
    label: "Name",
    help: help[language],
    rules: { format: "name" },
    options: [],
  };
}

interface NameWords {
  readonly help: InBothLanguages;
  readonly example: string;
}

const sourceName: NameWords = {
  help: {
    en: "Part of the address that senders use. Letters, digits, `.`, `_` and `-`, at most 63; it cannot be changed later.",
    de: "Teil der Adresse, an die Absender senden. Buchstaben ohne Umlaute, Ziffern, `.`, `_` und `-`, höchstens 63; später nicht mehr zu ändern.",
  },
  example: "website",
};

const destinationName: NameWords = {
  help: {
    en: "Letters, digits, `.`, `_` and `-`, at most 63; it cannot be changed later.",
    de: "Buchstaben ohne Umlaute, Ziffern, `.`, `_` und `-`, höchstens 63; später nicht mehr zu ändern.",
  },
  example: "crm",
};
