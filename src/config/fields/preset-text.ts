// A text that is there unless another is said.
import type { Format } from "../value-rules.ts";
import type { Field, FieldTexts } from "./field.ts";
import { described, plain } from "./plain-fields.ts";

export function presetText(
  member: string,
  { preset, format, ...texts }: FieldTexts & { readonly preset: string; readonly format?: Format },
): Field<string> {
  const schema = described(texts, { type: "string", format: format ?? "text", default: preset });
  return {
    ...plain<string>(member, "text", texts, schema),
    read: (written) => (typeof written === "string" ? written : preset),
  };
}
