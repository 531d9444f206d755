// Checks the values of a file against the schema and says every deviation in our own words.
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { formatPointer, parsePointer, valueAtPointer } from "../domain/values/json-pointer.ts";
import { configurationFile } from "./configuration-schema.ts";
import { usualSource } from "./declared-kind.ts";
import type { DeclaredKinds, DeclaredSource } from "./declared-kind.ts";
import type { Field, Fields } from "./fields/field.ts";
import { memberNames } from "./fields/settings.ts";
import { nearestName } from "./nearest-name.ts";
import type { Said, ValueKind } from "./problem.ts";
import { valueRules } from "./value-rules.ts";
import type { Format } from "./value-rules.ts";
import type { FoundProblem, Position, YamlFile } from "./yaml-file.ts";

/** All deviations from the schema; values that came from the environment are not repeated in them. */
export function checkStructure(file: YamlFile, kinds: DeclaredKinds): FoundProblem[] {
  const { validate, words } = checkerOf(kinds);
  if (validate(file.value ?? {})) return [];
  const problems: FoundProblem[] = [];
  for (const error of validate.errors ?? []) {
    if (file.unread.has(error.instancePath)) continue;
    const found = interpret(error, file, words);
    if (found !== null) problems.push(found);
  }
  return problems;
}

interface Checker {
  readonly validate: ValidateFunction;
  readonly words: KindWords;
}

/** What messages take from the kinds there are. */
interface KindWords {
  /** Keys that are right for another `kind`, so that a spelling suggestion would mislead. */
  readonly keysOfSomeKind: ReadonlySet<string>;
  /** How a member that is missing is written; what a kind of destination or one of its ways declares, behind it: `http url`. */
  readonly examples: Readonly<Record<string, string>>;
  /** The same, in `auth`. */
  readonly examplesInAuth: Readonly<Record<string, string>>;
  /** Where an entry names a kind of source. */
  readonly places: ReadonlyMap<string, DeclaredSource["place"]>;
}

/** With those of its ways, behind the way's name. */
function fieldsOfKind(kind: string, fields: Fields): readonly (Field<unknown> & { readonly kind: string })[] {
  return Object.values(fields).flatMap((field) => [
    { kind, ...field },
    ...Object.entries(field.ways ?? {}).flatMap(([way, own]) => fieldsOfKind(way, own)),
  ]);
}

const checkers = new WeakMap<DeclaredKinds, Checker>();

/** Compiled once for each set of kinds. */
function checkerOf(kinds: DeclaredKinds): Checker {
  const known = checkers.get(kinds);
  if (known !== undefined) return known;
  const made = { validate: compile(kinds), words: wordsOf(kinds) };
  checkers.set(kinds, made);
  return made;
}

function wordsOf(kinds: DeclaredKinds): KindWords {
  const fields = kinds.destinations.flatMap(({ kind, fields: own }) => fieldsOfKind(kind, own));
  const ofSources = kinds.sources.flatMap((kind) => memberNames(kind.fields));
  const usual = usualSource(kinds);
  const ofSections = (kinds.sections ?? []).flatMap(({ name, fields: own = {} }) => fieldsOfKind(name, own));
  const written = [...fields, ...ofSections].flatMap(
    ({ kind, member, texts: { example } }): [string, string][] =>
      example === undefined ? [] : [[`${kind} ${member}`, `${member}: ${example}`]],
  );
  const [first] = kinds.destinations;
  return {
    keysOfSomeKind: new Set([...ofSources, ...fields.map(({ member }) => member)]),
    examples: {
      ...Object.fromEntries(written),
      ...(first === undefined ? {} : { kind: `kind: ${first.kind}` }),
      ...(usual === undefined ? {} : { auth: usual.example }),
      value: "value: ${WEBSITE_SECRET}",
    },
    examplesInAuth: usual === undefined ? {} : { kind: `kind: ${usual.kind}` },
    places: new Map(kinds.sources.map(({ kind, place }) => [kind, place])),
  };
}

function compile(kinds: DeclaredKinds): ValidateFunction {
  const formats = Object.fromEntries(
    Object.entries(valueRules).map(([format, rule]) => [format, (text: string) => rule(text, null) === null]),
  );
  const ajv = new Ajv2020({
    allErrors: true,
    discriminator: true,
    verbose: true,
    allowUnionTypes: true,
    strictRequired: false,
    // It is ours, and a test sees that it is valid: to look at each start costs more than to compile it.
    validateSchema: false,
    formats,
  });
  return ajv.compile(configurationFile(kinds));
}

// The keywords of the schema, one case each. `verbose` gives each error its schema and its data.
function interpret(error: ErrorObject, file: YamlFile, words: KindWords): FoundProblem | null {
  const { instancePath: pointer } = error;
  switch (error.keyword) {
    case "additionalProperties":
      return atKey(file, childOf(pointer, param(error, "additionalProperty")), unknownKey(error, words));
    case "required":
      return atKey(file, pointer, missingKey(error, param(error, "missingProperty"), words));
    case "type":
      return (
        bareQuantity(error, file) ?? wrongType(file, pointer, expectedKind(error.params.type), error.data)
      );
    case "discriminator":
      return unknownKind(error, file, words);
    case "format":
      return badText(error, file);
    case "enum":
      return unknownWord(error, file);
    case "minimum":
    case "maximum":
      return atValue(file, pointer, numberRange(error));
    case "minItems":
      return atValue(file, pointer, { code: "list_empty", params: {} });
    case "maxItems":
      return atValue(file, pointer, {
        code: "list_too_long",
        params: { entriesMax: Number(error.params.limit) },
      });
    case "minProperties":
    case "maxProperties":
      return atKey(file, pointer, { code: "key_rule_choice", params: {} });
    case "if":
    case "propertyNames":
      // Says only that something else, which is an error of its own, did not fit.
      return null;
    default:
      throw new Error(`The schema uses ${error.keyword}, which has no text for people yet`);
  }
}

function unknownKey(error: ErrorObject, { keysOfSomeKind }: KindWords): Said {
  const key = param(error, "additionalProperty");
  const properties = error.parentSchema?.properties as Record<string, { const?: unknown }>;
  const known = Object.keys(properties);
  const kind = properties.kind?.const;
  if (typeof kind === "string" && keysOfSomeKind.has(key))
    return { code: "key_not_for_kind", params: { key, kind } };
  return { code: "unknown_key", params: { key, suggestion: nearestName(key, known), known } };
}

function missingKey(error: ErrorObject, key: string, { examples, examplesInAuth }: KindWords): Said {
  const parent = parsePointer(error.instancePath)?.at(-1);
  const { kind = parent ?? "" } = error.data as { readonly kind?: string };
  const ofKind = parent === "auth" ? examplesInAuth[key] : examples[`${kind} ${key}`];
  const example = ofKind ?? examples[key] ?? `${key}: …`;
  return { code: "key_missing", params: { key, example } };
}

function unknownKind(error: ErrorObject, file: YamlFile, { places }: KindWords): FoundProblem | null {
  const pointer = childOf(error.instancePath, "kind");
  const kind: unknown = valueAtPointer(file.value, pointer);
  // A missing one is reported by `required`, one without a value or of another type as such.
  if (kind === undefined || file.unread.has(pointer)) return null;
  if (typeof kind !== "string") return wrongType(file, pointer, "text", kind);
  const alternatives = error.parentSchema?.oneOf as readonly { properties: { kind: { const: string } } }[];
  const allowed = alternatives.map((alternative) => alternative.properties.kind.const);
  const found = file.fromEnvironment.has(pointer) ? null : kind;
  const suggestion =
    found === null ? null : (rightPlace(pointer, found, places) ?? nearestName(found, allowed));
  return atValue(file, pointer, { code: "not_one_of", params: { found, suggestion, allowed } });
}

/** Of a choice among words. */
function unknownWord(error: ErrorObject, file: YamlFile): FoundProblem | null {
  const { instancePath: pointer, data } = error;
  // Of another type, it is reported as such.
  if (typeof data !== "string") return null;
  const allowed = error.params.allowedValues as readonly string[];
  const found = file.fromEnvironment.has(pointer) ? null : data;
  const suggestion = found === null ? null : nearestName(found, allowed);
  return atValue(file, pointer, { code: "not_one_of", params: { found, suggestion, allowed } });
}

/** As the entry is meant, where it names a kind of source that stands elsewhere in it; null: there is none of that name. */
function rightPlace(pointer: string, kind: string, places: KindWords["places"]): string | null {
  const [section, name = ""] = parsePointer(pointer) ?? [];
  if (section !== "sources") return null;
  switch (places.get(kind)) {
    case "auth":
      return `${name}: { auth: { kind: ${kind} } }`;
    case "top":
      return `${name}: { kind: ${kind} }`;
    case undefined:
      return null;
  }
}

function badText(error: ErrorObject, file: YamlFile): FoundProblem | null {
  const isName = error.propertyName !== undefined;
  const pointer = isName ? childOf(error.instancePath, error.propertyName ?? "") : error.instancePath;
  const text = error.propertyName ?? String(error.data);
  const shown = !isName && file.fromEnvironment.has(pointer) ? null : text;
  const said = valueRules[error.params.format as Format](text, shown);
  if (said === null) return null;
  return isName ? atKey(file, pointer, said) : atValue(file, pointer, said);
}

function numberRange(error: ErrorObject): Said {
  const { minimum, maximum } = error.parentSchema as { minimum: number; maximum: number };
  return { code: "number_range", params: { min: minimum, max: maximum } };
}

// `timeout: 10` is a number to YAML, but to people a duration whose unit is missing.
function bareQuantity(error: ErrorObject, file: YamlFile): FoundProblem | null {
  const format = error.parentSchema?.format as Format | undefined;
  if (typeof error.data !== "number" || format === undefined || !/^(?:duration|size|rate)/.test(format))
    return null;
  const text = String(error.data);
  const said = valueRules[format](text, text);
  return said === null ? null : atValue(file, error.instancePath, said);
}

function wrongType(file: YamlFile, pointer: string, expected: ValueKind, data: unknown): FoundProblem {
  if (data === null) return atKey(file, pointer, { code: "value_missing", params: { expected } });
  return atValue(file, pointer, { code: "wrong_type", params: { expected, found: valueKindOf(data) } });
}

function expectedKind(type: unknown): ValueKind {
  // Of several types the first is what most people mean.
  switch (Array.isArray(type) ? type[0] : type) {
    case "string":
      return "text";
    case "boolean":
      return "boolean";
    case "integer":
      return "whole_number";
    case "array":
      return "list";
    default:
      return "mapping";
  }
}

export function valueKindOf(value: unknown): ValueKind {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "mapping";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "boolean" : "number";
}

function param(error: ErrorObject, name: string): string {
  return String(error.params[name]);
}

function childOf(pointer: string, key: string): string {
  return pointer + formatPointer([key]);
}

const start: Position = { line: 1, column: 1 };

function atKey(file: YamlFile, pointer: string, said: Said): FoundProblem {
  return { pointer, position: file.places.get(pointer)?.key ?? start, said };
}

function atValue(file: YamlFile, pointer: string, said: Said): FoundProblem {
  return { pointer, position: file.places.get(pointer)?.value ?? start, said };
}
