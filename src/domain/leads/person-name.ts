// Names of people, split and joined as German and English forms send them.

export interface PersonName {
  readonly salutation: string | null;
  readonly title: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly name: string | null;
}

/** What is missing is made of what is there; what is there stays as it was written. */
export function completeName(said: PersonName): PersonName {
  const begun = withoutTitles(said.name);
  const salutation = said.salutation ?? begun.salutation;
  const title = said.title ?? begun.title;
  const { first_name: first, last_name: last } = said;
  if (first !== null || last !== null) {
    const joined = [first, last].filter((part) => part !== null).join(" ");
    return { salutation, title, first_name: first, last_name: last, name: begun.rest ?? joined };
  }
  return { salutation, title, ...splitName(begun.rest) };
}

/** A form of address and an academic title, wherever somebody wrote both into one field. */
export function salutationAndTitle(text: string): {
  readonly salutation: string | null;
  readonly title: string | null;
} {
  const { salutation, title } = withoutTitles(`${text} x`);
  return { salutation, title };
}

/** `Müller, Anna` begins with the last name; `von`, `van der` and their like belong to it. One word alone is neither. */
export function splitName(name: string | null): Pick<PersonName, "first_name" | "last_name" | "name"> {
  if (name === null) return { first_name: null, last_name: null, name: null };
  const turned = /^([^,]{1,100}),\s*([^,]{1,100})$/.exec(name);
  if (turned !== null) {
    const [, last = "", first = ""] = turned;
    return { first_name: first.trim(), last_name: last.trim(), name: `${first.trim()} ${last.trim()}` };
  }
  const words = name.split(/\s+/);
  if (words.length < 2) return { first_name: null, last_name: null, name };
  const particle = words.findIndex((word, index) => index > 0 && particles.has(word.toLowerCase()));
  const from = particle > 0 && particle < words.length - 1 ? particle : words.length - 1;
  return { first_name: words.slice(0, from).join(" "), last_name: words.slice(from).join(" "), name };
}

/** The first names of a full name: `Anna Maria` of `Dr. Anna Maria von Berg`; one word is taken for it. */
export function firstNameOf(name: string): string {
  const { rest } = withoutTitles(name);
  return splitName(rest).first_name ?? rest ?? "";
}

/** null: one word alone. */
export function lastNameOf(name: string): string | null {
  return splitName(withoutTitles(name).rest).last_name;
}

function withoutTitles(name: string | null): {
  readonly salutation: string | null;
  readonly title: string | null;
  readonly rest: string | null;
} {
  if (name === null) return { salutation: null, title: null, rest: null };
  const words = name.trim().split(/\s+/);
  const salutations: string[] = [];
  const titles: string[] = [];
  while (words.length > 1) {
    const [word = ""] = words;
    if (titles.length === 0 && salutationWords.has(bare(word))) salutations.push(word);
    else if (isTitle(word)) titles.push(word);
    else break;
    words.shift();
  }
  return {
    salutation: salutations.length === 0 ? null : salutations.join(" "),
    title: titles.length === 0 ? null : titles.join(" "),
    rest: words.join(" "),
  };
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[.,:]$/, "");
}

const salutationWords = new Set([
  ...["herr", "herrn", "hr", "frau", "fr", "fräulein", "familie", "fam", "divers", "firma", "mr", "mrs"],
  ...[
    "ms",
    "mx",
    "miss",
    "sir",
    "madam",
    "monsieur",
    "madame",
    "mme",
    "mlle",
    "signor",
    "signora",
    "señor",
    "señora",
  ],
]);

/** `Dr.-Ing.`, `Dipl.-Kfm.`, `B.Sc.`, `h.c.`; a letter and a point alone is somebody's initial. */
function isTitle(word: string): boolean {
  const parts = word
    .toLowerCase()
    .split(/[.-]+/)
    .filter((part) => part !== "");
  return parts.length > 0 && parts.every((part) => titleParts.has(part)) && !/^\p{L}\.?$/u.test(word);
}

const titleParts = new Set([
  ...[
    "dr",
    "dres",
    "ddr",
    "prof",
    "professor",
    "professorin",
    "pd",
    "priv",
    "doz",
    "dipl",
    "mag",
    "ing",
    "univ",
  ],
  ...[
    "phd",
    "mba",
    "hc",
    "h",
    "c",
    "med",
    "jur",
    "rer",
    "nat",
    "phil",
    "dent",
    "vet",
    "habil",
    "theol",
    "oec",
    "pol",
  ],
  ...["b", "m", "sc", "a", "kfm", "kffr", "inf", "wirt", "betriebsw", "doktor", "doctor", "techn", "agr"],
]);

/** `von`, `de`: what belongs to a last name and is none by itself. */
export function isNameParticle(word: string): boolean {
  return particles.has(word.toLowerCase());
}

const particles = new Set([
  ...[
    "von",
    "vom",
    "van",
    "zu",
    "zum",
    "zur",
    "de",
    "del",
    "della",
    "di",
    "da",
    "der",
    "den",
    "du",
    "le",
    "la",
  ],
  ...["ten", "ter", "af", "av", "al", "el", "bin", "ibn", "dos", "das"],
]);
