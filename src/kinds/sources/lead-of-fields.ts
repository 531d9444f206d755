// A lead of a form's fields, with the text of one of them parsed: some senders put JSON into a field.
import { leadFromFields } from "../../bodies/form-fields.ts";
import type { FormField } from "../../bodies/form-fields.ts";
import { readJsonBody } from "../../bodies/json-body.ts";
import type { LeadBody } from "../../domain/leads/lead-body.ts";
import { fieldIn } from "./read-form.ts";
import type { SentFields } from "./read-form.ts";

/** With the object in the field `jsonName` in place of its text, to the digit; a text that is none stays as it is. */
export function leadWithParsed({ fields, charset }: SentFields, jsonName: string): LeadBody {
  return inCharset(parsedIn(fields, jsonName) ?? leadFromFields(fields), charset);
}

export function inCharset(lead: LeadBody, charset: string | null): LeadBody {
  return charset === null ? lead : { ...lead, charset };
}

function parsedIn(fields: readonly FormField[], jsonName: string): LeadBody | null {
  const text = fieldIn(fields, jsonName);
  const parsed = text === null ? null : readJsonBody(Buffer.from(text));
  if (parsed?.kind !== "lead") return null;
  const others = leadFromFields(fields.filter(([name]) => name !== jsonName)).json.slice(1, -1);
  const member = `${JSON.stringify(jsonName)}:${parsed.json}`;
  // Once more as a whole: it is one level deeper now.
  const whole = readJsonBody(Buffer.from(`{${others}${others === "" ? "" : ","}${member}}`));
  return whole.kind === "lead" ? { ...whole, format: "form" } : null;
}
