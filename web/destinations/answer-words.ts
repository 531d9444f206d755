// A rule on answers in words: its conditions, and what they mean for the lead.
import type { AnswerRule } from "../../src/domain/destinations/answer-rules.ts";
import type { Comparison } from "../../src/domain/values/comparison.ts";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import type { Language } from "../language/languages.ts";

/** `Status 2xx and “/ok” is false → rejected`, an arrow between the conditions and the outcome. */
export function ruleWords(rule: AnswerRule, language: Language): string {
  const text = texts[language];
  const { status, header, body, outcome, retry_after: wait } = rule;
  const conditions = [
    ...(status === undefined ? [] : [text.status(listed(status).map(String).join(", "))]),
    ...(header === undefined ? [] : [`${text.header(header.name)} ${comparisonWords(header, language)}`]),
    ...listed(body ?? []).map((each) => {
      const { pointer = "" } = each;
      const place = pointer === "" ? text.body : text.quoted(pointer);
      return `${place} ${comparisonWords(each, language)}`;
    }),
  ];
  const met = conditions.length === 0 ? text.any : conditions.join(text.and);
  return `${met} → ${text.outcomes[outcome]}${wait === undefined ? "" : ` (${wait})`}`;
}

function comparisonWords(comparison: Comparison, language: Language): string {
  const text = texts[language];
  const { equals, in: several, matches, exists, missing } = comparison;
  if (several !== undefined) return text.in(several.map(spoken).join(", "));
  if (matches !== undefined) return text.matches(text.quoted(matches));
  if (equals !== undefined) return text.equals(spoken(equals));
  return exists === true || missing === false ? text.exists : text.missing;

  function spoken(value: unknown): string {
    return typeof value === "string" ? text.quoted(value) : writeExactly(value);
  }
}

function listed<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}

const texts = {
  de: {
    quoted: (value: string) => `„${value}“`,
    status: (values: string) => `Status ${values}`,
    header: (name: string) => `Header „${name}“`,
    body: "Inhalt",
    any: "Jede Antwort",
    and: " und ",
    equals: (value: string) => `ist ${value}`,
    in: (values: string) => `ist eines von ${values}`,
    matches: (pattern: string) => `passt zum Muster ${pattern}`,
    exists: "ist vorhanden",
    missing: "fehlt",
    outcomes: {
      delivered: "zugestellt",
      duplicate: "ist schon da",
      unproven: "angenommen, aber unbestätigt",
      transient: "wird erneut versucht",
      throttled: "später noch einmal",
      credentials: "Zugangsdaten abgelehnt: Die Leads des Ziels warten",
      configuration: "es liegt am Ziel: Seine Leads warten",
      rejected: "abgelehnt: Dieser Lead wartet auf einen Menschen",
    },
  },
  en: {
    quoted: (value: string) => `“${value}”`,
    status: (values: string) => `Status ${values}`,
    header: (name: string) => `header “${name}”`,
    body: "body",
    any: "Any answer",
    and: " and ",
    equals: (value: string) => `is ${value}`,
    in: (values: string) => `is one of ${values}`,
    matches: (pattern: string) => `fits the pattern ${pattern}`,
    exists: "is there",
    missing: "is missing",
    outcomes: {
      delivered: "delivered",
      duplicate: "is there already",
      unproven: "taken, but unproven",
      transient: "is tried again",
      throttled: "again later",
      credentials: "credentials refused: the destination's leads wait",
      configuration: "the destination is at fault: its leads wait",
      rejected: "refused: this lead waits for a person",
    },
  },
};
