// Sends a marked test lead, and shows how it arrives.
import { Button, Stack, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode } from "react";
import { testPersonText } from "../../src/domain/leads/test-person.ts";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { LeadSteps } from "./lead-steps.tsx";
import type { PartKind } from "./part-kind.ts";

interface TestLeadProps {
  readonly kind: PartKind;
  readonly name: string;
  /** Where it goes, or what it leaves behind there; null: not known yet. */
  readonly trace: string | null;
  /** Shown while no test lead was sent from here. */
  readonly children?: ReactNode;
}

export function TestLead({ kind, name, trace, children }: TestLeadProps) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const mayTest = useMay("configuration.write");
  const [runId, setRunId] = useState<string | null>(null);
  const send = useMutation({
    mutationFn: () => call(`POST /${kind}/:name/test`, { params: { name }, body: {} }),
    onSuccess: ({ run_id: sent }) => setRunId(sent),
  });
  if (!mayTest && children === undefined) return null;
  return (
    <Card title={text.title[kind]}>
      <Stack gap="md">
        {mayTest ? (
          <>
            <Text size="sm" c="dimmed">
              {text.explanation[kind]} {trace} {testPersonText[language]}
            </Text>
            <div>
              <Button
                variant="default"
                leftSection={<IconSend size={17} aria-hidden />}
                loading={send.isPending}
                onClick={() => send.mutate()}
              >
                {runId === null ? text.send : text.sendAgain}
              </Button>
            </div>
          </>
        ) : null}
        {send.error === null ? null : <ProblemAlert error={send.error} />}
        {runId === null ? children : <LeadSteps key={runId} runId={runId} />}
      </Stack>
    </Card>
  );
}

const texts = {
  de: {
    title: { sources: "Ankunft beobachten", destinations: "Testlead" },
    explanation: {
      sources:
        "Ein Testlead geht denselben Weg wie ein echter, trägt aber ein Kennzeichen und wird nirgends mitgezählt.",
      destinations:
        "Ein Testlead geht nur an dieses Ziel, trägt ein Kennzeichen und wird nirgends mitgezählt.",
    },
    send: "Testlead senden",
    sendAgain: "Noch einen Testlead senden",
  },
  en: {
    title: { sources: "Watch leads arrive", destinations: "Test lead" },
    explanation: {
      sources: "A test lead goes the way of a real one, but bears a mark and is counted nowhere.",
      destinations: "A test lead goes to this destination alone, bears a mark and is counted nowhere.",
    },
    send: "Send a test lead",
    sendAgain: "Send another test lead",
  },
};
