// What a kind of destination or source says about itself to whoever fills in a form: order, labels and help of its
// fields. What a field takes is said by the schema of leadledger.yaml alone (src/config/form-fields.ts).
import type { Language } from "../errors/error-catalogue-entry.ts";

export type InBothLanguages = Readonly<Record<Language, string>>;

export interface FieldWords {
  /** The member of leadledger.yaml and of the API, with its parents: `retry.fast`. */
  readonly name: string;
  readonly label: InBothLanguages;
  readonly help: InBothLanguages;
  /** Most people never need it: shown on demand. */
  readonly advanced?: true;
  readonly example?: string;
  /** What a new one begins with, where the schema has no default. */
  readonly preset?: string;
  /** Only where the schema cannot tell. */
  readonly type?: "boolean" | "destinations" | "json" | "number" | "texts";
}

/** One of several: each with fields of its own. */
export interface OptionWords {
  readonly value: string;
  readonly label: InBothLanguages;
  readonly help: InBothLanguages;
  readonly fields: readonly FieldWords[];
  /** Of `alternatives`: what the option says besides its fields, by member. */
  readonly members?: Readonly<Record<string, string>>;
}

export interface ChoiceWords extends Omit<FieldWords, "type" | "example"> {
  /**
   * `choice`: the option's value is the member's value. `alternatives`: the member is what the option's field says, and
   * null with an option that has no field. `preset`: the option of a new one; absent: the one without a field.
   */
  readonly type: "choice" | "alternatives";
  readonly options: readonly OptionWords[];
}
