// Says a problem in English and in German: what was found, what was expected, and an example.
import type { Language, ProblemCode, ProblemParams, ProblemTexts, Said } from "./problem.ts";
import { answerTexts } from "./problem-texts-answers.ts";
import { fileTexts } from "./problem-texts-file.ts";
import { valueTexts } from "./problem-texts-value.ts";
import { mapTexts } from "./problem-texts-map.ts";
import { slaTexts } from "./problem-texts-sla.ts";
import { meaningTexts } from "./problem-texts-meaning.ts";

/** One sentence or two about a problem, without its place and without anything secret. */
export function message<Code extends ProblemCode>(
  code: Code,
  params: ProblemParams[Code],
  language: Language,
): string {
  // Seen as a list of functions per code, which TypeScript can relate to the params of that code.
  const text: Record<Language, (params: ProblemParams[Code]) => string> = problemTexts[code];
  const sentence = text[language](params);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** {@link message} for a problem whose code is not known beforehand. */
export function say<Code extends ProblemCode>(said: Said<Code>, language: Language): string {
  const { code, params } = said as { code: Code; params: ProblemParams[Code] };
  return message(code, params, language);
}

const problemTexts: ProblemTexts<ProblemCode> = {
  ...fileTexts,
  ...valueTexts,
  ...meaningTexts,
  ...answerTexts,
  ...mapTexts,
  ...slaTexts,
};
