// Words that stand in names and in front of them: forms of address, titles, particles, and what only companies have.

export function isSalutation(word: string): boolean {
  return salutations.has(bare(word));
}

/** `Herr und Frau` */
export function joinsSalutations(word: string): boolean {
  return joining.has(word);
}

/** `Dr.-Ing.`, `Dipl.-Kfm.`, `B.Sc.`, `Dr.in`, `h.c.`; a letter and a point alone is somebody's initial. */
export function isTitle(word: string): boolean {
  const parts = word
    .toLowerCase()
    .replace(/\.in$/, "")
    .split(/[.-]+/)
    .filter((part) => part !== "");
  return parts.length > 0 && parts.every((part) => titleParts.has(part)) && !/^\p{L}\.?$/u.test(word);
}

/** `Phil`, `Nat`, `Med`: first names, too, unless a title stands before them. */
export function needsTitleBefore(word: string): boolean {
  return subjects.has(bare(word));
}

/** `MSc`, `M.A.`, `PhD`: what stands behind a name even without a comma. `Ma` and `MA` are last names. */
export function isDegree(word: string): boolean {
  return /^[BM]\.A\.?$/.test(word) || degrees.has(word.toLowerCase().replaceAll(".", ""));
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

/** By its legal form: `Groß & Söhne GmbH`, `TSV Köln e. V.` */
export function isCompany(text: string): boolean {
  const words = text.replaceAll(/\be\.\s(?=[KUV])/g, "e.").split(/\s+/);
  return words.some((word, place) => place > 0 && isLegalForm(word));
}

/** Those that are nobody's name are known however they are spelled: `GMBH`, `Gmbh`. */
function isLegalForm(word: string): boolean {
  const spelled = word.replace(/\.$/, "");
  return legalForms.has(spelled) || unmistakableForms.has(spelled.toLowerCase());
}

export function bare(word: string): string {
  return word.toLowerCase().replace(/[.,:]$/, "");
}

function setOf(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}

const salutations = setOf(
  "herr herrn hr frau fr fräulein familie fam eheleute ehepaar divers firma fa",
  "mr mrs ms mx miss sir madam monsieur madame mme mlle signor signora señor señora",
);
const joining = setOf("und u. & and +");

const titleParts = setOf(
  "dr dres ddr prof professor professorin pd priv doz dipl mag ing univ phd mba hc h c",
  "med jur rer nat phil dent vet habil theol oec pol b m sc a kfm kffr inf wirt betriebsw doktor doctor techn agr mult msc bsc",
);

const subjects = setOf("med jur rer nat phil dent vet theol pol agr");

const degrees = setOf("msc bsc mba phd llm llb beng meng");

const particles = setOf(
  "von vom van zu zum zur de del della di da der den du le la ten ter af av al el bin ibn dos das",
);

const generations = setOf("jun jr junior sen sr senior ii iii");

const legalForms = setOf(
  "GmbH gGmbH mbH AG KG KGaA OHG GbR UG SE eG e.V e.K e.U PartG Ges.m.b.H",
  "Ltd Limited Inc LLC Corp S.A B.V Sàrl",
);

const unmistakableForms = setOf("gmbh ggmbh mbh gesmbh kgaa ohg gbr e.v e.k e.u ges.m.b.h ltd llc sàrl sarl");
