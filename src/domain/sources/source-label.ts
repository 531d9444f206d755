// What people call a source, and the name that its address gets from it.
import { foldLetters } from "../values/folded-letters.ts";

/** Of a display name. */
export const labelCharactersMax = 80;

/** Of the part of the address. */
const nameCharactersMax = 63;

/** One line that can be shown as it is; no character in it turns round what follows. */
export function isLabel(text: string): boolean {
  return (
    text.trim() === text &&
    text !== "" &&
    Array.from(text).length <= labelCharactersMax &&
    !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text)
  );
}

/**
 * `Möbel Köln (Anfragen)` → `moebel-koeln-anfragen`: lower case, umlauts written out, whatever cannot stand there a hyphen.
 * `taken`: names that there are; with one of these a number follows. "" where nothing is left of the label.
 */
export function nameFromLabel(label: string, taken: readonly string[] = []): string {
  const plain = foldLetters(label)
    .replace(/[^a-z0-9._]+/g, "-")
    // `Dr. Müller`: the full stop of an abbreviation.
    .replace(/\.-/g, "-");
  const name = trimmed(trimmed(plain).slice(0, nameCharactersMax));
  if (name === "" || !isTaken(name, taken)) return name;
  for (let number = 2; ; number++) {
    const end = `-${number}`;
    const numbered = `${trimmed(name.slice(0, nameCharactersMax - end.length))}${end}`;
    if (!isTaken(numbered, taken)) return numbered;
  }
}

/** Names that differ in case alone are refused, too. */
function isTaken(name: string, taken: readonly string[]): boolean {
  return taken.some((other) => other.toLowerCase() === name);
}

/** A name begins and ends with a letter or a digit. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isEdge(text[start])) start++;
  while (end > start && isEdge(text[end - 1])) end--;
  return text.slice(start, end);
}

function isEdge(character: string | undefined): boolean {
  return character === "-" || character === "." || character === "_";
}
