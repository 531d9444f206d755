// What is known of a kind's answers: declared where people write rules of their own, as such rules, and said in words.
import { describe, expect, it } from "vitest";
import { checkAnswerRules } from "../../../src/config/check-answer-rules.ts";
import { answerRulesMax } from "../../../src/domain/destinations/answer-rules.ts";
import type { AnswerRule } from "../../../src/domain/destinations/answer-rules.ts";
import { builtInKinds } from "../../../src/kinds/kinds.ts";
import { ruleWords } from "../../../web/destinations/answer-words.ts";

const known = builtInKinds.destinations.flatMap(({ kind, answers = [] }) =>
  answers.map(({ when, rules }) => [when === undefined ? kind : `${kind}, ${when.en}`, rules] as const),
);

describe("what is known of answers", () => {
  it("stands beside the rules of a destination's own, and nowhere else", () => {
    const withRules = builtInKinds.destinations.filter(({ fields }) =>
      Object.values(fields).some(({ member }) => member === "success"),
    );
    const declaring = builtInKinds.destinations.filter(({ answers = [] }) => answers.length > 0);
    expect(declaring.map(({ kind }) => kind)).toEqual(withRules.map(({ kind }) => kind));
  });

  it.each(known)("of %s can be copied into a destination's own rules", (_kind, rules) => {
    const problems: unknown[] = [];
    checkAnswerRules(JSON.parse(JSON.stringify(rules)), (place, said) => problems.push([place, said]));
    expect(problems).toEqual([]);
    expect(rules.length).toBeGreaterThan(0);
    expect(rules.length).toBeLessThanOrEqual(answerRulesMax);
  });

  it.each<[AnswerRule, string, string]>([
    [
      { status: "2xx", outcome: "unproven" },
      "Status 2xx → taken, but unproven",
      "Status 2xx → angenommen, aber unbestätigt",
    ],
    [
      { status: [401, 403], header: { name: "x-left", equals: 0 }, outcome: "throttled", retry_after: "2s" },
      "Status 401, 403 and header “x-left” is 0 → again later (2s)",
      "Status 401, 403 und Header „x-left“ ist 0 → später noch einmal (2s)",
    ],
    [
      { body: [{ pointer: "/ok", in: [true, "yes"] }, { matches: "^ok$" }], outcome: "delivered" },
      "“/ok” is one of true, “yes” and body fits the pattern “^ok$” → delivered",
      "„/ok“ ist eines von true, „yes“ und Inhalt passt zum Muster „^ok$“ → zugestellt",
    ],
    [
      {
        body: [
          { pointer: "/id", exists: true },
          { pointer: "/error", missing: true },
        ],
        outcome: "duplicate",
      },
      "“/id” is there and “/error” is missing → is there already",
      "„/id“ ist vorhanden und „/error“ fehlt → ist schon da",
    ],
    [
      { body: { exists: false }, outcome: "transient" },
      "body is missing → is tried again",
      "Inhalt fehlt → wird erneut versucht",
    ],
    [
      { outcome: "rejected" },
      "Any answer → refused: this lead waits for a person",
      "Jede Antwort → abgelehnt: Dieser Lead wartet auf einen Menschen",
    ],
  ])("is said in words: %j", (rule, en, de) => {
    expect([ruleWords(rule, "en"), ruleWords(rule, "de")]).toEqual([en, de]);
  });
});
