// The fields of EspoCRM's leads, as its metadata describes them (`entityDefs.Lead.fields`).
import type { RemoteField, RemoteFieldType } from "../../../domain/destinations/remote-field.ts";
import { memberOf, textIn } from "../written-record.ts";

const types: Readonly<Record<string, RemoteFieldType>> = {
  varchar: "text",
  text: "text",
  wysiwyg: "text",
  email: "text",
  phone: "text",
  url: "text",
  int: "number",
  float: "number",
  currency: "number",
  bool: "boolean",
  date: "date",
  datetime: "time",
  datetimeOptional: "time",
  enum: "choice",
  multiEnum: "choices",
  checklist: "choices",
  array: "list",
  urlMultiple: "list",
};

export function leadFields(json: unknown): readonly RemoteField[] {
  return Object.entries(memberOf(json)).flatMap(([target, described]) => {
    const field = memberOf(described);
    const type = types[textIn(field, "type") ?? ""];
    const isOpen = ["readOnly", "disabled", "utility", "notStorable"].every((each) => field[each] !== true);
    // Addresses and numbers are not stored with the lead, and can be written all the same.
    const isWritable = isOpen || textIn(field, "type") === "email" || textIn(field, "type") === "phone";
    return type === undefined || !isWritable ? [] : [fieldOf(target, type, field)];
  });
}

function fieldOf(
  target: string,
  type: RemoteFieldType,
  field: Readonly<Record<string, unknown>>,
): RemoteField {
  const { options } = field;
  const values = Array.isArray(options)
    ? options.filter((each): each is string => typeof each === "string")
    : [];
  return {
    target,
    label: target,
    type,
    isRequired: field["required"] === true && field["default"] === undefined,
    ...(values.length === 0 ? {} : { options: values.map((value) => ({ value, label: value })) }),
  };
}
