// Says why nothing is sent to a destination at the moment, and lets a person have it tried at once.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { failureCountText, needsMending, needsSettings } from "../../src/domain/attention/state-words.ts";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { Destination } from "../api/types.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { DestinationHealth } from "./destination-health.tsx";

export function LeftAlone({ destination }: { readonly destination: Destination }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const mayTry = useMay("dlq.work");
  const { name, circuit, enabled, paused, waits } = destination;
  const tryNow = useMutation({
    mutationFn: () => call("POST /destinations/:name/try-now", { params: { name } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["destinations"] }),
  });
  if (!enabled || paused) return null;
  if (circuit.state === "closed" && waits === null) return null;
  if (circuit.state === "closed")
    return (
      <Alert
        color="orange"
        icon={<IconHourglass aria-hidden />}
        title={<DestinationHealth destination={destination} />}
      >
        <Text size="sm">{text.limited}</Text>
      </Alert>
    );
  const isForAPerson = needsMending(circuit.reason);
  return (
    <Alert
      color={isForAPerson ? "red" : "orange"}
      icon={<IconHourglass aria-hidden />}
      title={<DestinationHealth destination={destination} />}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{explanationOf(circuit.reason, text)}</Text>
        {circuit.failures === null ? null : (
          <Text size="sm" fw={600}>
            {capitalised(failureCountText(circuit.failures)[language])}
          </Text>
        )}
        {circuit.reason === null ? null : <FailureReason code={circuit.reason} stored={circuit.message} />}
        {mayTry ? (
          <Button variant="default" loading={tryNow.isPending} onClick={() => tryNow.mutate()}>
            {text.tryNow}
          </Button>
        ) : null}
        {tryNow.error === null ? null : <ProblemAlert error={tryNow.error} />}
      </Stack>
    </Alert>
  );
}

function capitalised(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

function explanationOf(reason: string | null, text: (typeof texts)["de"]): string {
  if (reason === "destination_auth") return text.refused;
  if (reason === "destination_expression") return text.expression;
  return needsSettings(reason) ? text.misfit : text.waits;
}

const texts = {
  de: {
    waits:
      "Bis dahin wird nichts dorthin gesendet. Leads werden weiter angenommen und warten, ohne dass ein Versuch gezählt wird. Danach probiert es ein einzelner Lead, und die anderen folgen von selbst.",
    limited:
      "Bis dahin wird nichts dorthin gesendet, so ist das Ziel eingestellt. Leads werden weiter angenommen und warten, ohne dass ein Versuch gezählt wird; danach gehen sie von selbst hinaus.",
    refused:
      "Jeder Lead würde abgelehnt, deshalb wird nichts gesendet. Leads werden weiter angenommen und warten. Die Zugangsdaten müssen berichtigt werden; danach wird es sofort versucht, und alle folgen.",
    misfit:
      "Jeder Lead würde daran scheitern, deshalb wird nichts gesendet. Leads werden weiter angenommen und warten. Bringen Sie beim Ziel in Ordnung, was unten steht, und lassen Sie es dann versuchen, oder ändern Sie hier die Einstellungen; alle Leads folgen von selbst.",
    expression:
      "Was dieses Ziel bekommt, sagt ein Ausdruck, und der ergibt nichts, was sich senden ließe. Leads werden weiter angenommen und warten. Berichtigen Sie den Ausdruck unter „Felder zuordnen“; danach wird es sofort versucht, und alle folgen.",
    tryNow: "Jetzt versuchen",
  },
  en: {
    waits:
      "Nothing is sent there until then. Leads go on being taken and wait; no attempt is counted. Then one lead tries, and the others follow by themselves.",
    limited:
      "Nothing is sent there until then, as the destination is set. Leads go on being taken and wait, no attempt is counted; then they go out by themselves.",
    refused:
      "Every lead would be refused, so nothing is sent. Leads go on being taken and wait. The credentials need to be corrected; then it is tried at once, and all follow.",
    misfit:
      "Every lead would fail for it, so nothing is sent. Leads go on being taken and wait. Mend at the destination what stands below and have it tried then, or change the settings here; all leads follow by themselves.",
    expression:
      "What this destination gets is said by an expression, and it gives nothing that could be sent. Leads go on being taken and wait. Correct the expression under “Map the fields”; then it is tried at once, and all follow.",
    tryNow: "Try now",
  },
};
