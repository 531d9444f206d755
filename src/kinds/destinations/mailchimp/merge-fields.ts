// What can be written to the members of an audience: the address, and its merge fields.
import type { RemoteField, RemoteFieldType } from "../../../domain/destinations/remote-field.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import type { NewRemoteField } from "../sender.ts";
import { memberOf, textIn } from "../written-record.ts";

const types: Readonly<Record<string, RemoteFieldType>> = {
  text: "text",
  phone: "text",
  url: "text",
  imageurl: "text",
  zip: "text",
  number: "number",
  date: "date",
  birthday: "text",
  radio: "choice",
  dropdown: "choice",
};

/** There are no boxes to tick. */
export const mailchimpTypes: Readonly<Record<NewRemoteField["type"], string>> = {
  text: "text",
  number: "number",
  boolean: "text",
  date: "date",
};

export function mergeFields(json: unknown): readonly RemoteField[] {
  const found = valueAtPointer(json, "/merge_fields");
  return [
    { target: "email_address", label: "E-mail", type: "text", isRequired: true },
    ...(Array.isArray(found) ? (found as unknown[]).flatMap((each) => mergeField(each) ?? []) : []),
  ];
}

/** null: it has no tag. */
export function mergeField(json: unknown): RemoteField | null {
  const field = memberOf(json);
  const tag = textIn(field, "tag");
  if (tag === null) return null;
  const choices = valueAtPointer(json, "/options/choices");
  const options = Array.isArray(choices) ? (choices as unknown[]).map(String) : [];
  return {
    target: `merge_fields.${tag}`,
    label: textIn(field, "name") ?? tag,
    type: types[textIn(field, "type") ?? ""] ?? "other",
    isRequired: field["required"] === true,
    ...(options.length === 0 ? {} : { options: options.map((value) => ({ value, label: value })) }),
  };
}
