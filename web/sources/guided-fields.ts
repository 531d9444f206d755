// The fields of a source in the order in which a guide asks for them; what it does not ask for is shown on demand.
import type { FormField, Forms } from "../api/types.ts";

export type SetUp = Forms["sources"]["tiles"][number]["set_ups"][number];

const asked: readonly string[] = ["label", "name", "to"];

export function guidedFields(fields: readonly FormField[], setUp: SetUp): readonly FormField[] {
  const first = asked.flatMap((name) => fields.filter((field) => field.name === name));
  const rest = fields.filter(({ name }) => !asked.includes(name));
  const [label, name, to] = first;
  const credentials = rest
    .filter((field) => field.name === "auth.kind")
    .map((field) => withAsked(field, setUp));
  const others = rest.filter((field) => field.name !== "auth.kind").map(onDemand);
  return [
    ...[label, name].filter((field) => field !== undefined),
    ...credentials,
    ...(to === undefined ? [] : [to]),
    ...others,
  ];
}

function withAsked(field: FormField, { asks }: SetUp): FormField {
  const isAsked = (name: string): boolean => asks.includes(name.slice(name.lastIndexOf(".") + 1));
  return {
    ...field,
    advanced: true,
    options: field.options.map((option) => ({
      ...option,
      fields: option.fields.map((inner) => ({ ...inner, advanced: !isAsked(inner.name) })),
    })),
  };
}

/** With what belongs to its options. */
function onDemand(field: FormField): FormField {
  return {
    ...field,
    advanced: true,
    options: field.options.map((option) => ({
      ...option,
      fields: option.fields.map((inner) => ({ ...inner, advanced: true })),
    })),
  };
}
