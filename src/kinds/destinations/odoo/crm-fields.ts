// The fields of Odoo's leads, as Odoo describes them (`fields_get`).
import type { RemoteField, RemoteFieldType } from "../../../domain/destinations/remote-field.ts";
import type { NewRemoteField } from "../sender.ts";
import { memberOf, textIn } from "../written-record.ts";

/** By Odoo's types; many2one is the id of another record. */
const types: Readonly<Record<string, RemoteFieldType>> = {
  char: "text",
  text: "text",
  html: "text",
  integer: "number",
  float: "number",
  monetary: "number",
  boolean: "boolean",
  date: "date",
  datetime: "time",
  selection: "choice",
  many2many: "list",
  one2many: "list",
};

export const odooTypes: Readonly<Record<NewRemoteField["type"], string>> = {
  text: "char",
  number: "float",
  boolean: "boolean",
  date: "date",
};

export function crmFields(json: unknown): readonly RemoteField[] {
  return Object.entries(memberOf(json)).flatMap(([target, described]) => {
    const field = memberOf(described);
    return field["readonly"] === true ? [] : [fieldOf(target, field)];
  });
}

function fieldOf(target: string, field: Readonly<Record<string, unknown>>): RemoteField {
  const type = types[textIn(field, "type") ?? ""] ?? "other";
  const options = type === "choice" ? optionsOf(field["selection"]) : [];
  return {
    target,
    label: textIn(field, "string") ?? target,
    type,
    // Of others that Odoo calls required it has defaults.
    isRequired: target === "name",
    ...(options.length === 0 ? {} : { options }),
  };
}

/** `[["lead", "Lead"], …]` */
function optionsOf(selection: unknown): { readonly value: string; readonly label: string }[] {
  if (!Array.isArray(selection)) return [];
  return (selection as unknown[]).flatMap((pair) => {
    const [value, label] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    return typeof value === "string" ? [{ value, label: typeof label === "string" ? label : value }] : [];
  });
}

const nameLengthMax = 60;

/** Odoo wants fields of one's own to begin with `x_`. */
export function technicalName(label: string): string {
  if (/^x_[a-z0-9_]+$/.test(label)) return label.slice(0, nameLengthMax);
  const plain = label
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_");
  return `x_${plain.replace(/^_/, "").replace(/_$/, "")}`.slice(0, nameLengthMax);
}
