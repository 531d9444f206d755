// What the parts of a client are called when they are set up once more for another one.

/** Of a source or destination. */
const nameCharactersMax = 63;

/** `koeln-web` of the client `koeln` becomes `bonn-web`; a name without the client's gets the new one before it. */
export function renamed(name: string, from: string | null, to: string): string {
  const other = (from === null ? null : replaced(name, from, to)) ?? `${to}-${name}`;
  return other.slice(0, nameCharactersMax);
}

/** A display name must not speak of the other client; null: nothing is left to call it by. */
export function relabelled(label: string, from: string | null, to: string): string | null {
  return from === null ? null : replaced(label, from, to);
}

/** Once, where it stands by itself: the client `ab` is not in `labor-web`. null: nowhere. */
function replaced(text: string, from: string, to: string): string | null {
  const [searched, word] = [text.toLowerCase(), from.toLowerCase()];
  for (let at = searched.indexOf(word); at !== -1; at = searched.indexOf(word, at + 1)) {
    const end = at + word.length;
    if (!isOfWord(searched[at - 1]) && !isOfWord(searched[end]))
      return text.slice(0, at) + to + text.slice(end);
  }
  return null;
}

function isOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
