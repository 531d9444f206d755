// Words that stand in names and in front of them: forms of address, titles, particles, and what only companies have.

export function isSalutation(word: string): boolean {
  return salutations.has(bare(word));
}

/** `Herr und Frau` */
export function joinsSalutations(word: string): boolean {
  return joining.has(word);
}

/** `Dr.-Ing.`, `Dipl.-Kfm.`, `B.Sc.`, `h.c.`; a letter and a point alone is somebody's initial. */
export function isTitle(word: string): boolean {
  const parts = word
    .toLowerCase()
    .split(/[.-]+/)
    .filter((part) => part !== "");
  return parts.length > 0 && parts.every((part) => titleParts.has(part)) && !/^\p{L}\.?$/u.test(word);
}

/** `von`, `de`: what belongs to a last name and is none by itself. */
export function isNameParticle(word: string): boolean {
  return particles.has(word.toLowerCase());
}

/** `jun.`: what stands behind a last name. */
export function isGeneration(word: string): boolean {
  return generations.has(bare(word));
}

/** Letters; `O'Neill`, `Anna-Lena`, `H.` */
export function isNameWord(word: string): boolean {
  return /^\p{L}[\p{L}\p{M}'’`´.-]*$/u.test(word) || word === "&";
}

/** By its legal form: `Groß & Söhne GmbH`. */
export function isCompany(text: string): boolean {
  return text.split(/\s+/).some((word, place) => place > 0 && legalForms.has(word.replace(/\.$/, "")));
}

export function bare(word: string): string {
  return word.toLowerCase().replace(/[.,:]$/, "");
}

function setOf(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}

const salutations = setOf(
  "herr herrn hr frau fr fräulein familie fam eheleute ehepaar divers firma",
  "mr mrs ms mx miss sir madam monsieur madame mme mlle signor signora señor señora",
);
const joining = setOf("und u. & and +");

const titleParts = setOf(
  "dr dres ddr prof professor professorin pd priv doz dipl mag ing univ phd mba hc h c",
  "med jur rer nat phil dent vet habil theol oec pol b m sc a kfm kffr inf wirt betriebsw doktor doctor techn agr",
);

const particles = setOf(
  "von vom van zu zum zur de del della di da der den du le la ten ter af av al el bin ibn dos das",
);

const generations = setOf("jun jr junior sen sr senior ii iii");

const legalForms = setOf(
  "GmbH gGmbH mbH AG KG KGaA OHG GbR UG SE eG e.V e.K e.U PartG Ges.m.b.H",
  "Ltd Limited Inc LLC Corp S.A B.V Sàrl",
);
