// What the members of a filter narrow to, in words: beside the members, so that none is without; the command line makes
// its options of both.
import type { InBothLanguages } from "../../../domain/configuration/form-words.ts";

export type FilterWords<Members> = {
  readonly [Name in keyof Members]: InBothLanguages & {
    /** A shorter name of the option than the member's. */
    readonly option?: string;
  };
};
