// Texts about the rules by which a destination's answers are understood (`success`).
import type { ProblemTexts } from "./problem.ts";

export type AnswerCode =
  | "success_comparison"
  | "success_pattern_unfit"
  | "success_place_invalid"
  | "success_rule_invalid"
  | "success_status_invalid"
  | "success_url_invalid"
  | "success_value_invalid"
  | "success_wait_invalid";

export const answerTexts: ProblemTexts<AnswerCode> = {
  success_comparison: {
    en: ({ allowed }) => `Exactly one of these says what is compared: ${allowed.join(", ")}.`,
    de: ({ allowed }) => `Genau eines davon sagt, was verglichen wird: ${allowed.join(", ")}.`,
  },
  success_pattern_unfit: {
    en: ({ pattern, why }) => `The regular expression \`${pattern}\` ${faults.en[why]}.`,
    de: ({ pattern, why }) => `Der reguläre Ausdruck \`${pattern}\` ${faults.de[why]}.`,
  },
  success_place_invalid: {
    en: () =>
      "A place in the answer is a JSON pointer into its body (`/data/0/id`), or `header:` with a header's name (`header:location`).",
    de: () =>
      "Eine Stelle der Antwort ist ein JSON-Pointer in ihren Inhalt (`/data/0/id`) oder `header:` mit dem Namen eines Headers (`header:location`).",
  },
  success_rule_invalid: {
    en: () =>
      "A rule says what an answer means, for example `{ status: 200, body: { pointer: /ok, equals: false }, outcome: rejected, reason: /error }`.",
    de: () =>
      "Eine Regel sagt, was eine Antwort bedeutet, zum Beispiel `{ status: 200, body: { pointer: /ok, equals: false }, outcome: rejected, reason: /error }`.",
  },
  success_status_invalid: {
    en: () => "A status is a number such as 200, or `2xx` for all that begin with 2.",
    de: () => "Ein Status ist eine Zahl wie 200 oder `2xx` für alle, die mit 2 beginnen.",
  },
  success_url_invalid: {
    en: () =>
      "The record's address begins with https:// and may have `{id}` or `{/pointer}` in it; or it is a place in the answer (`/url`, `header:location`).",
    de: () =>
      "Die Adresse des Datensatzes beginnt mit https:// und kann `{id}` oder `{/pointer}` enthalten; oder sie ist eine Stelle der Antwort (`/url`, `header:location`).",
  },
  success_value_invalid: {
    en: () =>
      "What is compared is a text, a number, true, false or null; numbers with more than 15 digits are written as texts.",
    de: () =>
      "Verglichen wird mit einem Text, einer Zahl, true, false oder null; Zahlen mit mehr als 15 Ziffern werden als Text geschrieben.",
  },
  success_wait_invalid: {
    en: () =>
      "How long to wait is a duration of at most 24h (`10s`), or a place in the answer (`/retry_after`).",
    de: () =>
      "Wie lange gewartet wird, ist eine Dauer von höchstens 24h (`10s`) oder eine Stelle der Antwort (`/retry_after`).",
  },
};

const faults = {
  en: {
    malformed: "has a mistake",
    back_reference: "refers back to a group, which would take too long",
    too_large: "is too large",
  },
  de: {
    malformed: "hat einen Fehler",
    back_reference: "bezieht sich auf eine frühere Gruppe; das würde zu lange dauern",
    too_large: "ist zu groß",
  },
} as const;
