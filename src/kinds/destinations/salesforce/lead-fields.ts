// The fields of a Lead, as Salesforce describes them (“sObject Describe”).
import type { RemoteField, RemoteFieldType } from "../../../domain/destinations/remote-field.ts";

interface DescribedField {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly createable: boolean;
  readonly nillable: boolean;
  readonly defaultedOnCreate: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly restrictedPicklist?: boolean;
  readonly picklistValues?: readonly {
    readonly value: string;
    readonly label: string | null;
    readonly active: boolean;
  }[];
}

function describedFields(json: unknown): readonly DescribedField[] {
  const { fields } = (json ?? {}) as { readonly fields?: unknown };
  return Array.isArray(fields) ? (fields as readonly DescribedField[]) : [];
}

/** Those that can be written. */
export function leadFields(json: unknown): readonly RemoteField[] {
  return describedFields(json)
    .filter(({ createable }) => createable)
    .map((field) => ({
      target: field.name,
      label: field.label,
      type: types[field.type] ?? "other",
      isRequired: !field.nillable && !field.defaultedOnCreate,
      ...optionsOf(field),
    }));
}

export type ExternalIdProblem = "missing" | "no_external_id";

/** null: Leads can be found by it. */
export function externalIdProblem(json: unknown, name: string): ExternalIdProblem | null {
  const field = describedFields(json).find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (field === undefined) return "missing";
  return field.externalId && field.unique ? null : "no_external_id";
}

function optionsOf({ picklistValues = [], restrictedPicklist }: DescribedField): Partial<RemoteField> {
  if (picklistValues.length === 0) return {};
  const options = picklistValues
    .filter(({ active }) => active)
    .map(({ value, label }) => ({ value, label: label ?? value }));
  return restrictedPicklist === true ? { options } : { options, takesOthers: true };
}

/** Several values of a multi-select list stand in one text, with semicolons between them. */
const types: Readonly<Partial<Record<string, RemoteFieldType>>> = {
  string: "text",
  textarea: "text",
  email: "text",
  phone: "text",
  url: "text",
  encryptedstring: "text",
  boolean: "boolean",
  int: "number",
  double: "number",
  currency: "number",
  percent: "number",
  date: "date",
  datetime: "time",
  picklist: "choice",
  combobox: "choice",
  multipicklist: "choices",
};
