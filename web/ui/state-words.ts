// States in the reader's language, as the first words of a line: the table that the terminal reads, too.
import {
  circuitText,
  limitWaitText,
  operationState,
  stateText,
} from "../../src/domain/attention/state-words.ts";
import type { CircuitStateName, limitWaitWords, StateName } from "../../src/domain/attention/state-words.ts";
import type { Operation } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage } from "../language/language.tsx";

/** `at`: the time that belongs to `retrying`. */
export function useStateWords(): (state: StateName, at?: string | null) => string {
  const { language } = useLanguage();
  const { shortTime } = useFormat();
  return (state, at = null) => capitalised(stateText(state, language, at === null ? "" : shortTime(at)));
}

/** `at`: of the next probe. */
export function useCircuitWords(): (state: CircuitStateName, at?: string | null) => string {
  const { language } = useLanguage();
  const { shortTime } = useFormat();
  return (state, at = null) => capitalised(circuitText(state, language, at === null ? "" : shortTime(at)));
}

/** `until`: when it goes on. */
export function useLimitWaitWords(): (reason: keyof typeof limitWaitWords, until: string) => string {
  const { language } = useLanguage();
  const { shortTime } = useFormat();
  return (reason, until) => capitalised(limitWaitText(reason, language, shortTime(until)));
}

export function useOperationStateWords(): (state: Operation["status"]) => string {
  const { language } = useLanguage();
  return (state) => capitalised(operationState(state)[language]);
}

export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
