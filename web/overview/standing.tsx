// The line on top: all is well, or what is wrong and what to do about it, the worst first.
import { Anchor, Group, Paper, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import type { Alarm, Overview } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { useCaseCount } from "../ui/case-count.ts";
import { State } from "../ui/state.tsx";
import { tellAlarm } from "./alarm-sentences.ts";
import classes from "./overview.module.css";
import { TakeNote } from "./take-note.tsx";
import { todaySentence } from "./today-sentence.ts";
import { useSourceName } from "../ui/source-name.ts";

export function Standing({ overview: { alarms, today, dlq } }: { readonly overview: Overview }) {
  const text = useTexts(texts);
  const cases = useCaseCount()(dlq);
  const { language } = useLanguage();
  const { count } = useFormat();
  const errors = alarms.filter(({ severity }) => severity === "error").length;
  const sentence = todaySentence(today, language, count);
  const tone = errors > 0 ? "bad" : alarms.length > 0 ? "healing" : "good";
  return (
    <Paper component="section" className={`${classes.standing ?? ""} ${classes[tone] ?? ""}`}>
      <div role="status">
        <Title order={2} size="h3">
          {headline()}
        </Title>
      </div>
      {alarms.length === 0 ? null : (
        <ul className={classes.alarms}>
          {alarms.map((alarm) => (
            <AlarmLine key={JSON.stringify(identityOf(alarm))} alarm={alarm} />
          ))}
        </ul>
      )}
      <Text c="dimmed">
        {[errors === 0 ? null : capitalised(sentence), cases === null ? null : text.cases(cases)]
          .filter((part) => part !== null)
          .join(". ")}
      </Text>
    </Paper>
  );

  function headline() {
    if (errors > 0) return text.somethingWrong;
    if (alarms.length > 0) return text.running(sentence);
    return <State tone="good">{text.allFine(sentence)}</State>;
  }
}

function AlarmLine({ alarm }: { readonly alarm: Alarm }) {
  const { language } = useLanguage();
  const format = useFormat();
  const sourceName = useSourceName();
  const { sentence, todo, links } = tellAlarm(alarm, language, { ...format, sourceName });
  return (
    <li>
      <State tone={alarm.severity === "error" ? "bad" : "healing"}>{sentence}</State>
      <div className={classes.todo}>
        <Text size="sm">{todo}</Text>
        <Group gap="md">
          {links.map(({ href, label }) => (
            <Anchor key={href} component={Link} href={href} size="sm" fw={550} underline="always" lh="24px">
              {label}
            </Anchor>
          ))}
          {alarm.code === "database_went_back" ? <TakeNote setbackId={alarm.setback_id} /> : null}
        </Group>
      </div>
    </li>
  );
}

/** What stays the same of an alarm while its numbers change. */
function identityOf(alarm: Alarm): readonly (string | null)[] {
  return [
    alarm.code,
    "source" in alarm ? alarm.source : null,
    "destination" in alarm ? alarm.destination : null,
    "error_code" in alarm ? alarm.error_code : null,
    "node" in alarm ? alarm.node : null,
    "name" in alarm ? `${alarm.of} ${alarm.name}` : null,
    "place" in alarm ? alarm.place : null,
  ];
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

const texts = {
  de: {
    allFine: (today: string) => `Alles in Ordnung: ${today}`,
    running: (today: string) => `Es läuft: ${today}`,
    somethingWrong: "Etwas braucht Ihre Aufmerksamkeit",
    cases: (count: string) => `Klärfälle: ${count}`,
  },
  en: {
    allFine: (today: string) => `All is well: ${today}`,
    running: (today: string) => `Running: ${today}`,
    somethingWrong: "Something needs your attention",
    cases: (count: string) => `Cases: ${count}`,
  },
};
