// Names of people, split and joined as German and English forms send them.
import {
  bare,
  isCompany,
  isDegree,
  isGeneration,
  isNameParticle,
  isNameWord,
  isSalutation,
  isTitle,
  joinsSalutations,
  needsTitleBefore,
} from "./name-words.ts";

export interface PersonName {
  readonly salutation: string | null;
  readonly title: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly name: string | null;
}

/** `company`: what stands in place of a person or beside one: `Anna Groß, Groß GmbH`. */
export interface CompletedName extends PersonName {
  readonly company: string | null;
}

/** What is missing is made of what is there; what is there stays as it was written. */
export function completeName(said: PersonName): CompletedName {
  const begun = withoutTitles(said.name);
  const salutation = said.salutation ?? begun.salutation;
  const title = said.title ?? begun.title;
  const { first_name: first, last_name: last } = said;
  const { rest, company } = begun;
  if (first === null && last === null)
    return { salutation, title, company, ...splitRest(begun, salutation ?? title) };
  const joined = joinedName(first, last);
  if (rest === null || company === rest)
    return { salutation, title, first_name: first, last_name: last, name: joined, company };
  if (first !== null && last !== null) {
    // Forms and files have names, too; a person's own is in it.
    const name = holdsWord(rest, last) || holdsWord(rest, first) ? rest : joined;
    return { salutation, title, first_name: first, last_name: last, name, company };
  }
  return { salutation, title, company, ...besideOne(first, last, rest) };
}

function joinedName(first: string | null, last: string | null): string {
  return [first, last].filter((part) => part !== null).join(" ");
}

type NameParts = Pick<PersonName, "first_name" | "last_name" | "name">;

/** German forms ask for `Vorname` and `Name`, others for `Name` and `Nachname`. */
function besideOne(first: string | null, last: string | null, rest: string): NameParts {
  const known = first ?? last ?? "";
  const other = holdsWord(rest, known) ? withoutWord(rest, known) : isOneName(rest) ? rest : null;
  if (other === null || other === "") return { first_name: first, last_name: last, name: rest };
  return first === null
    ? { first_name: other, last_name: last, name: joinedName(other, last) }
    : { first_name: first, last_name: other, name: joinedName(first, other) };
}

function isOneName(text: string): boolean {
  const words = text.split(/\s+/);
  return words.every(isNameWord) && (words.length === 1 || isNameParticle(words[0] ?? ""));
}

function holdsWord(text: string, word: string): boolean {
  return ` ${words(text)} `.includes(` ${words(word)} `);
}

function withoutWord(text: string, word: string): string {
  const spelled = text.split(/[\s,]+/).filter((each) => each !== "");
  const gone = words(word).split(" ");
  const at = spelled.findIndex((_, index) =>
    gone.every((each, next) => words(spelled[index + next] ?? "") === each),
  );
  return at === -1 ? text : spelled.toSpliced(at, gone.length).join(" ");
}

function words(text: string): string {
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .join(" ");
}

/** A form of address and an academic title, wherever somebody wrote both into one field. */
export function salutationAndTitle(text: string): {
  readonly salutation: string | null;
  readonly title: string | null;
  /** Of a person or a family, not of a company. */
  readonly isOfOne: boolean;
} {
  const { salutation, title } = withoutTitles(`${text.replaceAll(",", " ")} x`);
  const isOfOne = title !== null || (salutation !== null && !isOfCompany(salutation));
  return { salutation, title, isOfOne };
}

function isOfCompany(salutation: string): boolean {
  return ["firma", "fa"].includes(bare(salutation));
}

/** One word behind `Herr` or `Dr.` is a last name; a company has none. */
function splitRest({ rest, company, parts }: Begun, formOfAddress: string | null): NameParts {
  if (rest === null || company === rest) return { first_name: null, last_name: null, name: rest };
  const isAddressed = formOfAddress !== null && salutationAndTitle(formOfAddress).isOfOne;
  if (isAddressed && isOneName(rest)) return { first_name: null, last_name: rest, name: rest };
  return splitParts(parts);
}

/** `Müller, Anna` begins with the last name; `von`, `van der` and their like belong to it. One word alone is neither. */
function splitParts(parts: readonly string[]): NameParts {
  const name = parts.join(", ");
  const neither = { first_name: null, last_name: null, name };
  if (parts.length > 2 || !parts.join(" ").split(/\s+/).every(isNameWord)) return neither;
  if (parts.length === 2) return isTurned(parts) ? turned(parts[0] ?? "", parts[1] ?? "") : neither;
  const spelled = name.split(/\s+/);
  if (spelled.length < 2) return neither;
  const particle = spelled.findIndex((word, index) => index > 0 && isNameParticle(word));
  const isYounger = spelled.length > 2 && isGeneration(spelled.at(-1) ?? "");
  const end = spelled.length - (isYounger ? 2 : 1);
  const from = particle > 0 && particle < spelled.length - 1 ? particle : end;
  return { first_name: spelled.slice(0, from).join(" "), last_name: spelled.slice(from).join(" "), name };
}

/** `Anna Groß; Max Klein` are two people, and `Anna Groß, geb. Klein` is one. */
function isTurned([last = "", first = ""]: readonly string[]): boolean {
  const isOneLast = !/\s/.test(last) || isNameParticle(last.split(/\s/)[0] ?? "");
  const behind = first.split(/\s+/);
  const isOneFirst = behind.length === 1 || behind.slice(1).every(isNameParticle);
  return !/^(?:geb|geborene)\b/i.test(first) && (isOneLast || isOneFirst);
}

/** `Heide, Anna von der`: what belongs before the last name may stand behind the first. */
function turned(last: string, first: string): NameParts {
  const spelled = first.split(/\s+/);
  let end = spelled.length;
  while (end > 1 && isNameParticle(spelled[end - 1] ?? "")) end -= 1;
  const firstName = spelled.slice(0, end).join(" ");
  const lastName = [...spelled.slice(end), last].join(" ");
  return { first_name: firstName, last_name: lastName, name: `${firstName} ${lastName}` };
}

/** The first names of a full name: `Anna Maria` of `Dr. Anna Maria von Berg`; one word is taken for it. */
export function firstNameOf(name: string): string {
  const begun = withoutTitles(name);
  const { first_name: first, last_name: last } = splitRest(begun, begun.salutation ?? begun.title);
  return first ?? (last === null ? begun.rest : null) ?? "";
}

/** null: one word alone, behind no `Herr` and no `Dr.` */
export function lastNameOf(name: string): string | null {
  const begun = withoutTitles(name);
  return splitRest(begun, begun.salutation ?? begun.title).last_name;
}

interface Begun {
  readonly salutation: string | null;
  readonly title: string | null;
  readonly company: string | null;
  readonly rest: string | null;
  /** Of `rest`, apart by commas. */
  readonly parts: readonly string[];
}

/** Behind commas stand titles, companies, and what somebody else would have entered into another field. */
function withoutTitles(name: string | null): Begun {
  if (name === null) return { salutation: null, title: null, company: null, rest: null, parts: [] };
  const all = name
    .split(/[,;\n\r|]/, partsMax)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const companies = all.filter(isCompany);
  const said = all.filter((part) => !isCompany(part) && /^[^\d@]*$/.test(part));
  if (said.length === 0) {
    const rest = name.trim();
    return {
      salutation: null,
      title: null,
      company: companies[0] === undefined ? null : rest,
      rest,
      parts: [rest],
    };
  }
  const salutations: string[] = [];
  const titles: string[] = [];
  const parts = said
    .map((part, place) =>
      place > 0 && part.split(/\s+/).every(isTitle) ? taken(titles, part) : begin(part, salutations, titles),
    )
    .filter((part) => part !== "");
  return {
    salutation: salutations.length === 0 ? null : salutations.join(" "),
    title: titles.length === 0 ? null : titles.join(" "),
    company: companies[0] ?? null,
    rest: parts.join(", "),
    parts,
  };
}

function taken(titles: string[], part: string): string {
  titles.push(part);
  return "";
}

/** What is left of it. */
function begin(part: string, salutations: string[], titles: string[]): string {
  const spelled = part.split(/\s+/);
  let from = 0;
  while (from < spelled.length - 1) {
    const [word = "", next = ""] = spelled.slice(from, from + 2);
    const isSaid = isSalutation(word) || (joinsSalutations(word) && isSalutation(next));
    if (titles.length === 0 && isSaid) salutations.push(word);
    else if (titles.length > 0 ? isTitle(word) || isOfTitle(word) : isTitle(word) && !needsTitleBefore(word))
      titles.push(word);
    else break;
    from += 1;
  }
  let end = spelled.length;
  while (end - from > 1 && isDegree(spelled[end - 1] ?? "")) end -= 1;
  titles.push(...spelled.slice(end));
  return spelled.slice(from, end).join(" ");
}

/** `Dipl.-Ing. (FH)` */
function isOfTitle(word: string): boolean {
  return /^\((?:FH|Univ|TU|TH|DH|BA)\.?\)$/i.test(word);
}

const partsMax = 10;
