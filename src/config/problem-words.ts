// The words and small phrases that the texts about problems share.
import type { ValueKind } from "./problem.ts";

export const kindsInEnglish: Readonly<Record<ValueKind, string>> = {
  text: "text",
  number: "a number",
  whole_number: "a whole number",
  boolean: "true or false",
  mapping: "`key: value` entries",
  list: "a list like [a, b]",
  nothing: "nothing",
};

// In the accusative, as they stand after "erwartet wird"/"gefunden: " and read well in both.
export const kindsInGerman: Readonly<Record<ValueKind, string>> = {
  text: "Text",
  number: "eine Zahl",
  whole_number: "eine ganze Zahl",
  boolean: "true oder false",
  mapping: "Einträge der Form `schlüssel: wert`",
  list: "eine Liste wie [a, b]",
  nothing: "nichts",
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
