// How a field is called on the command line.
import type { Field } from "./field.ts";

/** `retry-fast`, without dashes before it. `parents`: members that the field stands under. */
export function optionNameOf({ member, texts }: Field<unknown>, parents: readonly string[]): string {
  return texts.option?.name ?? [...parents, member].join("-").replaceAll("_", "-");
}
