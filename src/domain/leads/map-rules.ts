// How a source says where a member of the vocabulary comes from: the grammar of `map:` (docs/contract.md, A lead in our
// vocabulary). A destination's map has the same rules, and says more of them (target-map.ts).
import { mappedMembers } from "./vocabulary.ts";

/** By the member's name: `town`, `phones`, `consent.text`, `utm.source`, `click_ids.gclid`. */
export type LeadMap = Readonly<Record<string, MapRule>>;

/**
 * A JSON pointer (RFC 6901) into the body; a list: the first rule that gives something; or one with its treatment. Of what
 * a rule gives, `format` comes first, then `table`, then `default` where nothing is left.
 */
export type MapRule = string | readonly MapRule[] | TreatedRule;

export interface TreatedRule {
  readonly pointer?: string;
  /** The first of these that gives something. */
  readonly first?: readonly MapRule[];
  /** Everything that these give: for `phones`. */
  readonly all?: readonly MapRule[];
  /** What these give, in one text. */
  readonly join?: readonly MapRule[];
  /** Between the parts of `join`; absent: a blank. */
  readonly with?: string;
  readonly constant?: string;
  readonly format?: MapFormat | readonly MapFormat[];
  /** What each value becomes; one that is not in it stays as it is. */
  readonly table?: Readonly<Record<string, string>>;
  readonly default?: string;
}

export const mapFormats = [
  "trim",
  "lower",
  "upper",
  "e164",
  "email",
  "date",
  "date_time",
  "bool",
  "number",
  "first_name",
  "last_name",
] as const;
export type MapFormat = (typeof mapFormats)[number];

/** Exactly one of these says where a rule's value comes from. */
export const ruleOrigins = ["pointer", "first", "all", "join", "constant"] as const;

export function isMappedMember(name: string): boolean {
  return (
    (mappedMembers as readonly string[]).includes(name) ||
    /^(?:utm|click_ids)\.[A-Za-z0-9_]{1,40}$/.test(name)
  );
}

/** Rules within rules; configuration refuses more. */
export const rulesDepthMax = 5;
