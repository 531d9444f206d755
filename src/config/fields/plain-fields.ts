// Fields for texts, numbers, times and choices: shown and stored as they are.
import { formatDuration, parseDuration } from "../../domain/values/duration.ts";
import type { InBothLanguages } from "../../domain/configuration/form-words.ts";
import type { Format } from "../value-rules.ts";
import type { ChoiceOption, Field, Fields, FieldSchema, FieldTexts, SettingsOf } from "./field.ts";
import { entryOfSettings, readSettings, schemaOfFields } from "./settings.ts";

interface TextRules {
  /** Absent: any text but the empty one. */
  readonly format?: Format;
}

export function text(member: string, texts: FieldTexts & TextRules): Field<string> {
  return { ...plain<string>(member, "text", texts, textSchema(texts)), isRequired: true, read: asText };
}

/** Absent where nothing is said. */
export function optionalText(member: string, texts: FieldTexts & TextRules): Field<string | undefined> {
  const schema = textSchema(texts);
  return {
    ...plain<string | undefined>(member, "text", texts, schema),
    shown: {
      member,
      schema: { ...schema, type: ["string", "null"] },
      of: (value) => value ?? null,
    },
    read: (written) => (written === undefined ? undefined : asText(written)),
  };
}

/** `preset` where nothing is said. */
export function textWithPreset(
  member: string,
  texts: FieldTexts & TextRules & { readonly preset: string },
): Field<string> {
  const schema = { ...textSchema(texts), default: texts.preset };
  return {
    ...plain<string>(member, "text", texts, schema),
    read: (written) => (written === undefined ? texts.preset : asText(written)),
  };
}

/** As `optionalText`, of several lines. */
export function longText(member: string, texts: FieldTexts): Field<string | undefined> {
  return { ...optionalText(member, texts), type: "long_text" };
}

/** Several; none where nothing is said. */
export function texts(
  member: string,
  said: FieldTexts & { readonly format?: Format; readonly itemsMax: number },
): Field<readonly string[]> {
  const items = { type: "string", format: said.format ?? "text" } as const;
  const schema = described(said, { type: "array", items, maxItems: said.itemsMax, default: [] });
  return {
    ...plain<readonly string[]>(member, "texts", said, schema),
    read: (written) => (Array.isArray(written) ? written.map(asText) : []),
  };
}

export function flag(member: string, texts: FieldTexts): Field<boolean> {
  const schema = described(texts, { type: "boolean", default: false });
  return { ...plain<boolean>(member, "boolean", texts, schema), read: (written) => written === true };
}

export function count(
  member: string,
  texts: FieldTexts & { readonly min: number; readonly max: number; readonly preset: number },
): Field<number> {
  const { min: minimum, max: maximum, preset } = texts;
  const schema = described(texts, { type: "integer", minimum, maximum, default: preset });
  return {
    ...plain<number>(member, "number", texts, schema),
    read: (written) => (typeof written === "number" ? written : preset),
  };
}

/** Its value is in milliseconds. */
export function duration(
  member: string,
  texts: FieldTexts & { readonly format: Format; readonly presetMs: number },
): Field<number> {
  const { format, presetMs } = texts;
  const schema = described(texts, { type: "string", format, default: formatDuration(presetMs) });
  return {
    ...plain<number>(member, "duration", texts, schema),
    shown: { member, schema: { type: "string" }, of: formatDuration },
    read: (written) => (written === undefined ? presetMs : durationMsOf(written)),
    write: formatDuration,
  };
}

/** Its values are in milliseconds. */
export function durations(
  member: string,
  texts: FieldTexts & {
    readonly format: Format;
    readonly presetMs: readonly number[];
    readonly itemsMax: number;
    /** Of one of them, in the schema. */
    readonly itemDescription: string;
  },
): Field<readonly number[]> {
  const { format, presetMs, itemsMax: maxItems, itemDescription } = texts;
  const schema = described(texts, {
    type: "array",
    items: { type: "string", format, description: itemDescription },
    maxItems,
    default: presetMs.map(formatDuration),
  });
  return {
    ...plain<readonly number[]>(member, "durations", texts, schema),
    shown: {
      member,
      schema: { type: "array", items: { type: "string" } },
      of: (valuesMs) => valuesMs.map(formatDuration),
    },
    read: (written) => (Array.isArray(written) ? written.map(durationMsOf) : presetMs),
    write: (valuesMs) => valuesMs.map(formatDuration),
  };
}

/** One of several words; the first is the default unless `preset` names another. */
export function choice<const Word extends string>(
  member: string,
  texts: FieldTexts & {
    readonly options: readonly (ChoiceOption & { readonly value: Word })[];
    readonly preset: Word;
  },
): Field<Word> {
  const { options, preset } = texts;
  const words = options.map(({ value }) => value);
  const schema = described(texts, { type: "string", enum: words, default: preset });
  return {
    ...plain<Word>(member, "choice", texts, schema),
    options,
    read: (written) => words.find((word) => word === written) ?? preset,
  };
}

/** Several fields under one member, changed one by one: `retry: { fast, slow }`. */
export function group<const Declared extends Fields>(
  member: string,
  fields: Declared,
  texts: { readonly title: InBothLanguages },
): Field<SettingsOf<Declared>> {
  const shownSchema = Object.fromEntries(
    Object.values(fields).map(({ shown }) => [shown.member, shown.schema]),
  );
  return {
    member,
    type: "group",
    fields,
    isRequired: false,
    // It is stored as a whole.
    isSealed: Object.values(fields).some(({ isSealed }) => isSealed),
    patching: "by_member",
    texts: { label: texts.title, help: texts.title, option: { title: texts.title } },
    schema: schemaOfFields(fields),
    shown: {
      member,
      schema: { type: "object", properties: shownSchema, required: Object.keys(shownSchema) },
      of: (value, secrets) =>
        Object.fromEntries(
          Object.entries(fields).map(([key, { shown }]) => [
            shown.member,
            shown.of((value as Readonly<Record<string, unknown>>)[key], secrets),
          ]),
        ),
    },
    read: (written) => readSettings(fields, (written ?? {}) as Readonly<Record<string, unknown>>),
    write: (value) => entryOfSettings(fields, value),
  };
}

/** Shown, stored and written as it is; takes the place of what there was. */
export function plain<Value>(
  member: string,
  type: Field<Value>["type"],
  texts: FieldTexts,
  schema: FieldSchema,
): Omit<Field<Value>, "read"> {
  return {
    member,
    type,
    texts,
    schema,
    isRequired: false,
    isSealed: false,
    patching: "whole",
    shown: { member, schema, of: (value) => value },
    write: (value) => value,
  };
}

export function described({ description, help }: FieldTexts, schema: FieldSchema): FieldSchema {
  return { ...schema, description: description ?? help.en };
}

function textSchema(texts: FieldTexts & TextRules): FieldSchema {
  return described(texts, { type: "string", format: texts.format ?? "text" });
}

export function asText(written: unknown): string {
  if (typeof written === "string") return written;
  throw new Error("the configuration was built before it was checked");
}

function durationMsOf(written: unknown): number {
  const valueMs = parseDuration(asText(written));
  if (valueMs === null) throw new Error("the configuration was built before it was checked");
  return valueMs;
}
