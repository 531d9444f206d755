// The words and small phrases that the texts about problems share.
import type { ValueKind } from "./problem.ts";

export const foundInEnglish: Readonly<Record<ValueKind, string>> = {
  text: "text",
  number: "a number",
  whole_number: "a whole number",
  boolean: "true or false",
  mapping: "`key: value` entries",
  list: "a list",
  nothing: "nothing",
};

export const foundInGerman: Readonly<Record<ValueKind, string>> = {
  text: "Text",
  number: "eine Zahl",
  whole_number: "eine ganze Zahl",
  boolean: "true oder false",
  mapping: "Einträge der Form `schlüssel: wert`",
  list: "eine Liste",
  nothing: "nichts",
};

export const expectedInEnglish: Readonly<Record<ValueKind, string>> = {
  ...foundInEnglish,
  boolean: "true or false, without quotes",
  list: "a list like [a, b]",
};

export const expectedInGerman: Readonly<Record<ValueKind, string>> = {
  ...foundInGerman,
  boolean: "true oder false, ohne Anführungszeichen",
  list: "eine Liste wie [a, b]",
};

/** The value as a person typed it, or words for one that may not be shown (null). */
export function shownInEnglish(found: string | null): string {
  return found === null ? "the value of the environment variable" : `"${shortened(found)}"`;
}

export function shownInGerman(found: string | null): string {
  return found === null ? "der Wert der Umgebungsvariablen" : `„${shortened(found)}“`;
}

export function didYouMean(suggestion: string | null): string {
  return suggestion === null ? "" : ` Did you mean "${shortened(suggestion)}"?`;
}

export function meintenSie(suggestion: string | null): string {
  return suggestion === null ? "" : ` Meinten Sie „${shortened(suggestion)}“?`;
}

const shownCharactersMax = 60;
const listedNamesMax = 20;

/** Names in a row; a long list is cut, because it would bury the sentence. */
export function listed(names: readonly string[], none: string): string {
  if (names.length === 0) return none;
  const shown = names.slice(0, listedNamesMax).map(shortened).join(", ");
  return names.length > listedNamesMax ? `${shown}, …` : shown;
}

/** On one line and not too long, so that a message stays a message whatever was typed. */
export function shortened(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
  const characters = Array.from(line);
  return characters.length > shownCharactersMax
    ? `${characters.slice(0, shownCharactersMax - 1).join("")}…`
    : line;
}
