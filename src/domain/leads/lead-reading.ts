// By what a source's leads are read into the vocabulary.
import type { PhoneCountry } from "../values/phone-number.ts";
import { defaultCountry } from "../values/phone-number.ts";
import type { LeadMap } from "./map-rules.ts";

/** RFC 6901 pointers to what identifies a person. */
export interface PersonPointers {
  readonly email: string | null;
  readonly phone: string | null;
}

export interface LeadReading {
  /** Where a number says no country, it is one of this. */
  readonly country: PhoneCountry;
  /** A member that stands here comes from nowhere else; null: everything is recognised. */
  readonly map: LeadMap | null;
  /** As `email` and `phones` in `map`, in which they come second: with them nothing else counts as one. */
  readonly person: PersonPointers | null;
  /** What the source's kind knows better; where it gives nothing, fields are recognised. */
  readonly kindMap: LeadMap | null;
}

export const plainReading: LeadReading = { country: defaultCountry, map: null, person: null, kindMap: null };
