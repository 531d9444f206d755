// What is known of the answers of a kind, below the rules that people write themselves: in words, each rule as JSON on demand.
import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { AnswerRule } from "../../src/domain/destinations/answer-rules.ts";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import type { Destination, Forms } from "../api/types.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { Details } from "../ui/details.tsx";
import { ruleWords } from "./answer-words.ts";

type Answers = Forms["destinations"][number]["answers"];
type Below = Readonly<Record<string, ReactNode>>;

export function belowOf({ destinations }: Forms, { kind }: Destination): Below {
  return belowFields(destinations.find((form) => form.kind === kind)?.answers ?? []);
}

/** By the name of the field. */
export function belowFields(answers: Answers): Below {
  return answers.length === 0 ? {} : { success: <KnownAnswers answers={answers} /> };
}

function KnownAnswers({ answers }: { readonly answers: Answers }) {
  const text = useTexts(texts);
  return (
    <Details title={text.title}>
      <Stack gap="sm">
        <Text size="sm">{text.explanation}</Text>
        {answers.map(({ when, rules }) => (
          <div key={when ?? ""}>
            {when === null ? null : (
              <Text size="sm" fw={550}>
                {when}
              </Text>
            )}
            {rules.map((rule, index) => (
              // The rules of a kind never change their places.
              <Rule key={index} rule={rule} />
            ))}
          </div>
        ))}
      </Stack>
    </Details>
  );
}

function Rule({ rule }: { readonly rule: AnswerRule }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  return (
    <Details title={ruleWords(rule, language)}>
      <CopyText label={text.rule} value={writeExactly(rule, 2)} />
    </Details>
  );
}

const texts = {
  de: {
    title: "Was von den Antworten schon bekannt ist (gilt nach Ihren Regeln)",
    explanation:
      "Es zählt die erste Regel, die passt. Soll eine anders entscheiden, kopieren Sie sie zu Ihren eigenen und ändern Sie sie dort; Adressen darin stehen für die Ihres Ziels.",
    rule: "Als Regel",
  },
  en: {
    title: "What is known of its answers already (after your rules)",
    explanation:
      "The first rule that fits counts. If one is to decide otherwise, copy it to yours and change it there; addresses in it stand for those of your destination.",
    rule: "As a rule",
  },
};
