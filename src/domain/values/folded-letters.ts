// Letters as they are written where there are none but those of ASCII: ä is ae, é is e, ø is oe. The one table of it, for
// names of fields, of sources and of people. Hashes of people's names are made of it: whoever changes it raises
// `nameHashVersion` (src/ledger/leads/name-hashes.ts), so that the leader makes them anew.

/** In small letters. Letters of other scripts stay; so does what is no letter. */
export function foldLetters(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[äöüßæœøłđðþı]/g, (letter) => writtenOut[letter] ?? letter)
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "");
}

const writtenOut: Readonly<Record<string, string>> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "oe",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};
