// What kinds declare alike that write over a vendor's interface: its address, and other defaults for what every kind has.
import type { Checking, Field, Reading } from "../../config/fields/field.ts";
import type { InBothLanguages } from "../../domain/configuration/form-words.ts";

/** Of `base_url`. */
export const baseUrlTexts = {
  label: { en: "Address of the interface", de: "Adresse der Schnittstelle" },
  help: {
    en: "Only where the vendor, or a proxy of yours, has it elsewhere.",
    de: "Nur, wenn der Anbieter oder ein eigener Proxy sie anderswo hat.",
  },
  advanced: true,
  option: { title: { en: "interface", de: "Schnittstelle" } },
} as const;

/** A field that all kinds have, where this one has another default; `written`: as people write it. */
export function withPreset<Value, Of extends Field<Value>>(field: Of & Field<Value>, written: unknown): Of {
  return {
    ...field,
    schema: { ...field.schema, default: written },
    read: (said: unknown, reading: Reading) => field.read(said ?? written, reading),
  };
}

/** Notes that a text is none that this kind can use; `expected` ends a sentence, with an example. */
export function unfit({ note }: Checking, member: string, expected: InBothLanguages): void {
  note("problems", [member], { code: "text_unfit", params: { expected } });
}
