// A lead's life, step by step, with the time between and who did it; the data of each event on demand.
import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { LogEntry } from "../api/types.ts";
import { actorName } from "../language/actor-name.ts";
import { useFormat } from "../language/format.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { JsonView } from "../ui/json-view.tsx";
import { Sign, State } from "../ui/state.tsx";
import { Time } from "../ui/time.tsx";
import { Details } from "../ui/details.tsx";
import classes from "./leads.module.css";
import { stepsOf } from "./timeline-steps.ts";
import type { Step } from "./timeline-steps.ts";
import { tell } from "./timeline-words.ts";

/** Of a lead that was tried very often, the newest steps first of all. */
const stepsShownMax = 60;

export function Timeline({ events }: { readonly events: readonly LogEntry[] }) {
  const text = useTexts(texts);
  const [isWhole, setWhole] = useState(false);
  const steps = stepsOf(events);
  const hidden = isWhole ? 0 : Math.max(0, steps.length - stepsShownMax);
  return (
    <Card title={text.title}>
      {hidden === 0 ? null : (
        <Button variant="default" size="compact-sm" mb="sm" onClick={() => setWhole(true)}>
          {text.earlier(hidden)}
        </Button>
      )}
      <ol className={classes.steps}>
        {steps.slice(hidden).map((step) => (
          <StepItem key={step.head.event_id} step={step} />
        ))}
      </ol>
    </Card>
  );
}

function StepItem({ step: { head, consequences, afterMs } }: { readonly step: Step }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const format = useFormat();
  const told = tell(head, language, format);
  return (
    <li className={classes.step}>
      <span className={classes.sign}>
        <Sign tone={told.tone} />
      </span>
      <Text fw={600}>{told.title}</Text>
      <Text size="sm" c="dimmed">
        <Time iso={head.event_time} isFull />
        {afterMs === null ? null : ` · ${format.after(afterMs)}`}
        {` · ${actorName(head.actor, language, head.actor_name)}`}
        {told.isBulk ? ` · ${text.bulk}` : null}
      </Text>
      {told.code === undefined ? null : <FailureReason code={told.code} stored={messageOf(head)} />}
      {told.quote === undefined ? null : (
        <Text component="blockquote" size="sm" className={classes.quote ?? ""}>
          {told.quote}
        </Text>
      )}
      {consequences.length === 0 ? null : (
        <ul className={classes.consequences}>
          {consequences.map((event) => (
            <Consequence key={event.event_id} event={event} />
          ))}
        </ul>
      )}
      <Details title={text.details}>
        {[head, ...consequences].map((event) => (
          <JsonView
            key={event.event_id}
            label={`${event.event_type} · ${text.entry(event.event_id)}`}
            value={event.payload}
          />
        ))}
      </Details>
    </li>
  );
}

function Consequence({ event }: { readonly event: LogEntry }) {
  const { language } = useLanguage();
  const { tone, title } = tell(event, language, useFormat());
  return (
    <li>
      <Group gap={6} fz="sm">
        <State tone={tone}>{title}</State>
      </Group>
    </li>
  );
}

function messageOf({ payload }: LogEntry): string | null {
  if (typeof payload !== "object" || payload === null || !("message" in payload)) return null;
  return typeof payload.message === "string" ? payload.message : null;
}

const texts = {
  de: {
    title: "Verlauf",
    bulk: "Sammelaktion",
    details: "Technische Einzelheiten",
    entry: (id: number) => `Protokolleintrag ${id}`,
    earlier: (count: number) =>
      count === 1 ? "Einen früheren Schritt zeigen" : `${count} frühere Schritte zeigen`,
  },
  en: {
    title: "Timeline",
    bulk: "bulk action",
    details: "Technical details",
    entry: (id: number) => `log entry ${id}`,
    earlier: (count: number) => (count === 1 ? "Show one earlier step" : `Show ${count} earlier steps`),
  },
};
