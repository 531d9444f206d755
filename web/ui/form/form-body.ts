// What is sent of a generated form: all that is said of a new one; of one that is there, the members that were changed.
import { groupEntry } from "../../../src/domain/leads/distribution.ts";
import { parseExactly } from "../../../src/domain/values/exact-json.ts";
import type { FormField } from "../../api/types.ts";
import { draftOf, fieldsInView, textOf } from "./draft.ts";
import type { Draft, DraftValue, FieldInView } from "./draft.ts";

export type Body = Readonly<Record<string, unknown>>;

/** What still holds its default is left out, so that it follows the default. */
export function bodyOfNew(fields: readonly FormField[], draft: Draft): Body {
  const preset = draftOf(fields, null);
  const isPreset = ({ name }: FormField): boolean => isSame(draft[name], preset[name]);
  const said = fieldsInView(fields, draft).filter(({ field, parent }) => {
    const [whole] = [parent ?? field].filter(({ type }) => type === "alternatives");
    // The alternative that holds anyway, as it holds anyway.
    if (whole !== undefined) return ![whole, ...chosenFields(whole, draft)].every(isPreset);
    const hasNoPreset = field.type === "destinations" || (field.type === "choice" && field.default === null);
    return field.required || hasNoPreset || !isPreset(field);
  });
  return bodyWith(
    said.map((each) => [each, saidBy(each, draft)]),
    draft,
  );
}

/**
 * A member with parts (`person.email`, `person.phone`) goes as a whole, because it takes the place of what there is.
 * null: the default, or nothing.
 */
export function bodyOfChange(fields: readonly FormField[], draft: Draft, before: Draft): Body {
  const inView = fieldsInView(fields, draft).filter(({ field }) => !field.fixed);
  const members = new Set(
    inView.filter(({ field }) => !isSame(draft[field.name], before[field.name])).map(memberName),
  );
  const changed = inView.filter((each) => members.has(memberName(each)));
  const body = bodyWith(
    changed.map((each) => {
      const value = saidBy(each, draft);
      // What is never shown and was not typed stays; everything else that is empty is nothing any more.
      return [each, value === undefined && !each.field.write_only ? null : value];
    }),
    draft,
  );
  const emptied = changed
    .filter(
      ({ field, parent }) => field.type === "alternatives" || parent !== null || field.name.includes("."),
    )
    .map(memberName)
    .filter((member) => !isSaying(body[member]));
  return { ...body, ...Object.fromEntries(emptied.map((member) => [member, null])) };
}

function chosenFields({ name, options }: FormField, draft: Draft): readonly FormField[] {
  return options.find(({ value }) => value === textOf(draft[name]))?.fields ?? [];
}

/** What could not be read of what was typed, by field; the server would say nothing that helps. */
export function unreadable(fields: readonly FormField[], draft: Draft): readonly string[] {
  return fieldsInView(fields, draft)
    .filter(({ field }) => field.type === "json" && !isReadable(textOf(draft[field.name])))
    .map(({ field }) => field.name);
}

/** undefined: nothing. An alternative that was chosen and left empty says so, and is told what it lacks. */
function saidBy({ field, parent }: FieldInView, draft: Draft): unknown {
  const value = saidByField(field, draft[field.name]);
  return value === undefined && parent?.type === "alternatives" ? "" : value;
}

function saidByField(field: FormField, value: DraftValue | undefined): unknown {
  switch (value?.kind) {
    case undefined:
    case "unchosen":
      return undefined;
    case "removed":
      return null;
    case "flag":
      return value.isOn;
    case "names":
      return value.names === null
        ? null
        : [
            ...value.names,
            ...(value.groups ?? []).filter(({ members }) => members.length > 0).map(groupEntry),
          ];
    case "headers": {
      const entries = value.rows
        .filter(({ name, value: typed, isRemoved }) => isRemoved || name.trim() !== "" || typed !== "")
        .filter(({ isStored, isRemoved, value: typed }) => !isStored || isRemoved || typed !== "")
        .map(({ name, value: typed, isRemoved }) => [name.trim(), isRemoved ? null : typed] as const);
      return entries.length === 0 ? undefined : Object.fromEntries(entries);
    }
    case "secrets": {
      const entries = value.rows
        .filter(({ value: typed }) => typed !== "")
        .map(({ value: typed, notAfter }) => ({
          value: typed,
          ...(notAfter === "" ? {} : { not_after: notAfter }),
        }));
      return entries.length === 0 ? undefined : entries;
    }
    case "text":
      return saidByText(field, value.text);
  }
}

/** `Sales <sales@example.com>` has blanks in it, and so have opening hours; what else has no brackets has none. */
function textsIn(typed: string, hasBlanks: boolean): readonly string[] {
  if (typed === "") return [];
  if (hasBlanks) return typed.split(/[;\n]|,\s/).flatMap((each) => each.trim() || []);
  return typed.split(typed.includes("<") ? /[,;\n]+/ : /[\s,;]+/).flatMap((each) => each.trim() || []);
}

function saidByText({ type, rules }: FormField, text: string): unknown {
  const typed = text.trim();
  switch (type) {
    // The option's fields say it.
    case "alternatives":
      return undefined;
    case "durations":
      return typed === "" ? [] : typed.split(/[\s,;]+/);
    case "texts":
      return textsIn(typed, rules.format === "opening-rule");
    case "secret":
      return text === "" ? undefined : text;
    case "number":
      return typed === "" ? undefined : /^-?\d+$/.test(typed) ? Number(typed) : typed;
    case "json":
      return typed === "" ? undefined : parseExactly(typed);
    default:
      return typed === "" ? undefined : typed;
  }
}

function bodyWith(said: readonly (readonly [FieldInView, unknown])[], draft: Draft): Body {
  const body: Record<string, unknown> = {};
  const say = (name: string, value: unknown): void => {
    const keys = name.split(".");
    const last = keys.pop() ?? name;
    let here = body;
    for (const key of keys) here = (here[key] ??= {}) as Record<string, unknown>;
    here[last] = value;
  };
  for (const [{ field }, value] of said) {
    const chosen = field.options.find((option) => option.value === textOf(draft[field.name]));
    if (field.type === "alternatives" || chosen?.members !== undefined) {
      if (field.type === "alternatives" && chosen?.fields.length === 0) say(field.name, null);
      for (const [name, member] of Object.entries(chosen?.members ?? {})) say(name, member);
    } else if (value !== undefined) say(field.name, value);
  }
  return body;
}

function memberName({ field }: FieldInView): string {
  return field.name.split(".")[0] ?? field.name;
}

/** Not null, and no object whose members are all null. */
function isSaying(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== "object" || Array.isArray(value)) return true;
  return Object.values(value).some((member) => member !== null);
}

function isSame(one: DraftValue | undefined, other: DraftValue | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Fields that nobody has chosen anything for yet. */
export function unchosen(fields: readonly FormField[], draft: Draft): readonly string[] {
  return fields.map(({ name }) => name).filter((name) => draft[name]?.kind === "unchosen");
}

function isReadable(text: string): boolean {
  if (text.trim() === "") return true;
  try {
    parseExactly(text);
    return true;
  } catch {
    return false;
  }
}
