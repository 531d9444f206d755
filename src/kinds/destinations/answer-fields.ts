// How answers are understood: a field for every kind that gets an answer to each lead over HTTP.
import { checkAnswerRules } from "../../config/check-answer-rules.ts";
import type { Field, FieldTexts } from "../../config/fields/field.ts";
import { described, plain } from "../../config/fields/plain-fields.ts";
import { answerRulesMax } from "../../domain/destinations/answer-rules.ts";
import type { AnswerRule } from "../../domain/destinations/answer-rules.ts";

const texts: FieldTexts = {
  description:
    "What answers mean, in order; the first rule whose conditions hold counts. They come before what is known of this kind; without one that fits, the status says it.",
  label: { en: "What answers mean", de: "Was Antworten bedeuten" },
  help: {
    en: "For receivers whose status does not say it all. The first rule that fits counts; where none does, the status decides: 2xx is success.",
    de: "Für Empfänger, deren Status nicht alles sagt. Es zählt die erste Regel, die passt; passt keine, entscheidet der Status: 2xx ist Erfolg.",
  },
  advanced: true,
  example:
    '[{ "status": "2xx", "body": { "pointer": "/ok", "equals": false }, "outcome": "rejected", "reason": "/error" }]',
  option: {
    text: { en: "what answers mean, a JSON file", de: "was Antworten bedeuten, eine JSON-Datei" },
    title: { en: "answers", de: "Antworten" },
    placeholder: "file",
  },
};

const schema = described(texts, { type: "array", items: { type: "object" }, maxItems: answerRulesMax });

const success: Field<readonly AnswerRule[] | undefined> = {
  ...plain<readonly AnswerRule[] | undefined>("success", "json", texts, schema),
  shown: {
    member: "success",
    schema: described(texts, { type: ["array", "null"], items: { type: "object" } }),
    of: (rules) => rules ?? null,
  },
  read: (written) => written as readonly AnswerRule[] | undefined,
  check: (written, { note }) =>
    checkAnswerRules(written, (place, said) => note("problems", ["success", ...place], said)),
};

export const answerFields = { success } as const;
