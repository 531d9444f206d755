// The fields of the module Leads, as Zoho CRM describes them (“Fields Metadata”).
import type { RemoteField, RemoteFieldType } from "../../../domain/destinations/remote-field.ts";

interface DescribedField {
  readonly api_name: string;
  readonly field_label?: string;
  readonly display_label?: string;
  readonly data_type: string;
  readonly system_mandatory?: boolean;
  readonly read_only?: boolean;
  readonly field_read_only?: boolean;
  readonly operation_type?: { readonly api_create?: boolean; readonly api_update?: boolean };
  readonly pick_list_values?: readonly { readonly actual_value: string; readonly display_value: string }[];
}

export function leadFields(json: unknown): readonly RemoteField[] {
  const { fields } = (json ?? {}) as { readonly fields?: unknown };
  if (!Array.isArray(fields)) return [];
  return (fields as readonly DescribedField[]).filter(isWritten).map((field) => {
    const options = (field.pick_list_values ?? []).map(({ actual_value: value, display_value: label }) => ({
      value,
      label,
    }));
    return {
      target: field.api_name,
      label: field.display_label ?? field.field_label ?? field.api_name,
      type: types[field.data_type] ?? "other",
      isRequired: field.system_mandatory === true,
      ...(options.length === 0 ? {} : { options }),
    };
  });
}

function isWritten({ read_only: a, field_read_only: b, operation_type: operation }: DescribedField): boolean {
  const isTaken = operation?.api_create !== false || operation.api_update !== false;
  return a !== true && b !== true && isTaken;
}

const types: Readonly<Partial<Record<string, RemoteFieldType>>> = {
  text: "text",
  textarea: "text",
  email: "text",
  phone: "text",
  website: "text",
  boolean: "boolean",
  integer: "number",
  bigint: "number",
  double: "number",
  currency: "number",
  percent: "number",
  date: "date",
  datetime: "time",
  picklist: "choice",
  multiselectpicklist: "choices",
};
