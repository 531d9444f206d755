// A person's name in the form in which it is found again, whoever wrote it how: umlauts and accents folded, in small
// letters, its words in any order.
import { isNameParticle } from "../leads/name-words.ts";
import { foldLetters } from "../values/folded-letters.ts";
import { completeName } from "../leads/person-name.ts";
import type { PersonName } from "../leads/person-name.ts";

export type NameKind = "last_name" | "full_name";

export interface NameKey {
  readonly kind: NameKind;
  /** Words in order, a blank between them. */
  readonly key: string;
}

/** Under what a lead with this name is found. */
export function nameKeysOf(name: Pick<PersonName, "first_name" | "last_name" | "name">): readonly NameKey[] {
  const last = comparableWords(name.last_name ?? "");
  const first = comparableWords(name.first_name ?? "");
  const full = comparableWords(name.name ?? "");
  const whole = full.length === 1 ? [full] : [];
  const parts = last.filter((word) => !isNameParticle(word)).map((word) => [word]);
  const lastNames = [last, ...parts, ...whole].filter((words) => words.length > 0);
  const fullNames = [full, [...first, ...last], [...first.slice(0, 1), ...last]];
  return eachOnce([
    ...lastNames.map((words) => ({ kind: "last_name" as const, key: keyOf(words) })),
    ...fullNames
      .filter((words) => words.length > 1)
      .map((words) => ({ kind: "full_name" as const, key: keyOf(words) })),
  ]);
}

/** What somebody looks for: `Müller`, `Dr. Anna Müller`, `Müller, Anna`. Empty: that is no name. */
export function searchedNameKeys(text: string): readonly NameKey[] {
  const { name } = completeName({
    salutation: null,
    title: null,
    first_name: null,
    last_name: null,
    name: text.trim() === "" ? null : text,
  });
  const words = comparableWords(name ?? "");
  if (words.length === 0) return [];
  const key = keyOf(words);
  // A last name may have several words, and a full name is one of several.
  return words.length === 1
    ? [{ kind: "last_name", key }]
    : [
        { kind: "last_name", key },
        { kind: "full_name", key },
      ];
}

function comparableWords(text: string): string[] {
  return foldLetters(text.slice(0, nameUnitsMax))
    .replaceAll(/['’`´]/g, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .slice(0, wordsMax);
}

function keyOf(words: readonly string[]): string {
  return words.toSorted().join(" ");
}

function eachOnce(keys: readonly NameKey[]): readonly NameKey[] {
  return [...new Map(keys.map((each) => [`${each.kind} ${each.key}`, each])).values()];
}

const nameUnitsMax = 300;
const wordsMax = 12;
