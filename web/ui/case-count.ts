// The count of cases in the reader's words.
import { caseCount } from "../language/case-count.ts";
import type { CaseCount } from "../language/case-count.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage } from "../language/language.tsx";

export type { CaseCount };

export function useCaseCount(): (cases: CaseCount) => string | null {
  const { language } = useLanguage();
  const { count } = useFormat();
  return (cases) => caseCount(cases, language, count);
}
