// One address for several sources: a sender that has a single address for all pages of all its clients. To which source a
// lead belongs follows from ids in it. Pure.
import { ExactNumber } from "../values/exact-json.ts";
import { valueAtPointer } from "../values/json-pointer.ts";

/** One kind of id by which leads of one address are told apart. */
export interface LeadMark {
  /** Of the setting in which a source lists the ids that are its own. */
  readonly key: string;
  /** How the configuration calls it. */
  readonly member: string;
  /** Where such ids are in a lead. */
  readonly pointers: readonly string[];
  /** Other ways to write the same id, which count as well; absent: it is exact text. */
  readonly alsoWritten?: (id: string) => readonly string[];
}

/** What a source lists of each mark, in their order; null: it lists none, and takes any. */
export type Claim = readonly (ReadonlySet<string> | null)[];

/** The ids of a lead, by mark. */
export type LeadIds = readonly (readonly string[])[];

export function claimOf(marks: readonly LeadMark[], settings: Readonly<Record<string, unknown>>): Claim {
  return marks.map(({ key }) => {
    const listed = settings[key];
    return Array.isArray(listed) && listed.length > 0 ? new Set(listed as readonly string[]) : null;
  });
}

/** `lead`: parsed with exact numbers: ids have more digits than JavaScript's numbers. */
export function idsIn(marks: readonly LeadMark[], lead: unknown): LeadIds {
  return marks.map(({ pointers, alsoWritten }) =>
    pointers
      .flatMap((pointer) => idOf(valueAtPointer(lead, pointer)))
      .flatMap((id) => [id, ...(alsoWritten?.(id) ?? [])]),
  );
}

function idOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (value instanceof ExactNumber) return [value.text];
  return typeof value === "number" ? [String(value)] : [];
}

/**
 * The claim that the lead belongs to, as its place in the list: of those that fit, the one that says the narrowest mark
 * (marks stand from the widest to the narrowest), then the one that says more; of equals the first. null: none fits.
 */
export function chooseClaim(claims: readonly Claim[], ids: LeadIds): number | null {
  let chosen: number | null = null;
  let narrowest = -1;
  for (const [place, claim] of claims.entries()) {
    const narrowness = narrownessOf(claim);
    if (narrowness <= narrowest || !fits(claim, ids)) continue;
    chosen = place;
    narrowest = narrowness;
  }
  return chosen;
}

function fits(claim: Claim, ids: LeadIds): boolean {
  return claim.every((listed, mark) => listed === null || (ids[mark] ?? []).some((id) => listed.has(id)));
}

/** Whether a lead names ids of a mark and none that the claim lists there; one that names none says nothing against it. */
export function speaksAgainst(claim: Claim, ids: LeadIds): boolean {
  return claim.some((listed, mark) => {
    const named = ids[mark] ?? [];
    return listed !== null && named.length > 0 && !named.some((id) => listed.has(id));
  });
}

/** A binary number with a digit for each mark, the narrowest first. */
function narrownessOf(claim: Claim): number {
  return claim.reduce((sum, listed, mark) => sum + (listed === null ? 0 : 2 ** mark), 0);
}

/**
 * Why nothing says to which of two sources at one address a lead belongs: an id of both; `rest`: neither lists any. null:
 * it can be told.
 */
export function clashOf(
  marks: readonly LeadMark[],
  one: Claim,
  other: Claim,
): { readonly mark: LeadMark; readonly id: string } | "rest" | null {
  if (narrownessOf(one) !== narrownessOf(other)) return null;
  const ofBoth = marks.map((mark, place) => idsOfBoth(mark, one[place] ?? null, other[place] ?? null));
  if (ofBoth.some((ids) => ids?.length === 0)) return null;
  for (const [place, mark] of marks.entries()) {
    const [id] = ofBoth[place] ?? [];
    if (id !== undefined) return { mark, id };
  }
  return "rest";
}

/** As the first one writes them; null: neither lists any. */
function idsOfBoth(
  { alsoWritten }: LeadMark,
  one: ReadonlySet<string> | null,
  other: ReadonlySet<string> | null,
): readonly string[] | null {
  if (one === null || other === null) return null;
  const namesOf = (id: string): readonly string[] => [id, ...(alsoWritten?.(id) ?? [])];
  return [...one].filter(
    (id) =>
      namesOf(id).some((name) => other.has(name)) || [...other].some((name) => namesOf(name).includes(id)),
  );
}
