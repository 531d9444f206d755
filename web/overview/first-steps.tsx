// What a new installation shows instead of figures: the next step to its first lead.
import { Button, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "wouter";
import { useIsAnybodyTold } from "../ui/nobody-is-told.tsx";
import { useMay } from "../api/session.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import classes from "./overview.module.css";
import type { Beginning } from "./use-beginning.ts";

interface Step {
  readonly name: string;
  readonly why: string;
  readonly button: string;
  readonly isDone: boolean;
  readonly href: string;
  readonly isForWriters: boolean;
  /** The one after it need not wait for it. */
  readonly mayWait?: boolean;
}

export function FirstSteps({ beginning }: { readonly beginning: Beginning }) {
  const text = useTexts(texts);
  const mayAdd = useMay("configuration.write");
  const isAnybodyTold = useIsAnybodyTold();
  const { source, hasDestination } = beginning;
  const steps: readonly Step[] = [
    { ...text.source, isDone: source !== null, href: "/sources/new", isForWriters: true },
    { ...text.destination, isDone: hasDestination, href: "/destinations/new", isForWriters: true },
    {
      ...text.alerts,
      isDone: isAnybodyTold === true,
      href: "/alerts",
      isForWriters: true,
      mayWait: true,
    },
    {
      ...text.lead,
      isDone: false,
      href: source === null ? "/sources" : `/sources/${encodeURIComponent(source)}`,
      isForWriters: false,
    },
  ];
  const next = steps.findIndex(({ isDone }) => !isDone);
  const afterThat = steps[next]?.mayWait === true ? next + 1 : next;
  return (
    <Card title={text.title}>
      <Text>{text.explanation}</Text>
      <ol className={classes.steps}>
        {steps.map(({ name, why, button, isDone, href, isForWriters }, index) => (
          <li key={name} className={classes.step} aria-current={index === next ? "step" : undefined}>
            <span className={`${classes.stepNumber ?? ""} ${isDone ? (classes.done ?? "") : ""}`}>
              {isDone ? <IconCheck size={18} role="img" aria-label={text.done} /> : index + 1}
            </span>
            <div>
              <Text fw={index === next ? 650 : 500}>{name}</Text>
              <Text size="sm" c="dimmed">
                {why}
              </Text>
              {index !== next && index !== afterThat ? null : mayAdd || !isForWriters ? (
                <Button component={Link} href={href} mt="xs" variant={index === next ? "filled" : "default"}>
                  {button}
                </Button>
              ) : (
                <Text size="sm" mt="xs">
                  {text.askSomebody}
                </Text>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

const texts = {
  de: {
    title: "Willkommen! Vier Schritte bis zum ersten Lead",
    explanation: "Noch ist nichts eingegangen. So geht es weiter:",
    done: "Erledigt",
    askSomebody: "Dafür braucht es die Rolle Betrieb oder Admin: Bitten Sie jemanden, der sie hat.",
    source: {
      name: "Quelle anlegen",
      why: "Eine Quelle ist, woher Leads kommen: Ihre Website, eine Landingpage, ein Werbekonto.",
      button: "Erste Quelle anlegen",
    },
    destination: {
      name: "Ziel anlegen",
      why: "Ein Ziel ist, wohin Leads zugestellt werden: Ihr CRM zum Beispiel. Ohne Ziel bekommt sie niemand.",
      button: "Erstes Ziel anlegen",
    },
    alerts: {
      name: "Wer wird benachrichtigt?",
      why: "Wenn etwas nicht stimmt, muss es jemand erfahren: per E-Mail, in Slack oder Teams oder über einen Webhook.",
      button: "Ersten Empfänger anlegen",
    },
    lead: {
      name: "Ersten Lead senden",
      why: "Auf der Seite der Quelle stehen ihre Adresse und fertige Beispiele zum Kopieren. Sobald der erste Lead da ist, erscheint er hier.",
      button: "Zeigen, wie es geht",
    },
  },
  en: {
    title: "Welcome! Four steps to the first lead",
    explanation: "Nothing has arrived yet. This is how to go on:",
    done: "Done",
    askSomebody: "This needs the role operator or admin: ask somebody who has it.",
    source: {
      name: "Add a source",
      why: "A source is where leads come from: your website, a landing page, an advertising account.",
      button: "Add the first source",
    },
    destination: {
      name: "Add a destination",
      why: "A destination is where leads are delivered to: your CRM, for example. Without one nobody gets them.",
      button: "Add the first destination",
    },
    alerts: {
      name: "Who is notified?",
      why: "When something is wrong, somebody has to hear of it: by e-mail, in Slack or Teams, or over a webhook.",
      button: "Add the first recipient",
    },
    lead: {
      name: "Send the first lead",
      why: "The source's page has its address and ready examples to copy. As soon as the first lead is there, it appears here.",
      button: "Show me how",
    },
  },
};
