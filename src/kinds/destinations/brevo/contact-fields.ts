// What can be written to Brevo's contacts: the address, and the account's attributes.
import type { RemoteField, RemoteFieldType } from "../../../domain/destinations/remote-field.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import type { NewRemoteField } from "../sender.ts";
import { memberOf, textIn } from "../written-record.ts";

const types: Readonly<Record<string, RemoteFieldType>> = {
  text: "text",
  id: "text",
  user: "text",
  float: "number",
  boolean: "boolean",
  date: "date",
  "multiple-choice": "choices",
};

export const brevoTypes: Readonly<Record<NewRemoteField["type"], string>> = {
  text: "text",
  number: "float",
  boolean: "boolean",
  date: "date",
};

/** Those that Brevo calculates, or that are the same for all, are left out. */
const written = new Set(["normal", "category"]);

export function contactFields(json: unknown): readonly RemoteField[] {
  const attributes = valueAtPointer(json, "/attributes");
  const found = Array.isArray(attributes) ? (attributes as unknown[]).map(memberOf) : [];
  return [
    { target: "email", label: "E-mail", type: "text", isRequired: false },
    ...found
      .filter((attribute) => written.has(textIn(attribute, "category") ?? ""))
      .flatMap((attribute) => {
        const name = textIn(attribute, "name");
        return name === null ? [] : [fieldOf(name, attribute)];
      }),
  ];
}

function fieldOf(name: string, attribute: Readonly<Record<string, unknown>>): RemoteField {
  const isCategory = textIn(attribute, "category") === "category";
  const { enumeration } = attribute;
  const options = Array.isArray(enumeration)
    ? (enumeration as unknown[]).map((each) => ({
        value: String(memberOf(each)["value"]),
        label: textIn(memberOf(each), "label") ?? "",
      }))
    : [];
  return {
    target: `attributes.${name}`,
    label: name,
    type: isCategory ? "choice" : (types[textIn(attribute, "type") ?? ""] ?? "other"),
    isRequired: false,
    ...(options.length === 0 ? {} : { options }),
  };
}

/** Upper case, as all of Brevo's. */
export function attributeName(label: string): string {
  return label
    .normalize("NFKD")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]+/g, "_")
    .slice(0, 50);
}
