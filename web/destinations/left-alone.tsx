// Says why nothing is sent to a destination at the moment, and lets a person have it tried at once.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { Destination } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { FailureReason } from "../ui/failure-reason.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { DestinationHealth } from "./destination-health.tsx";

export function LeftAlone({ destination }: { readonly destination: Destination }) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const mayTry = useMay("dlq.work");
  const { name, circuit, enabled, paused } = destination;
  const tryNow = useMutation({
    mutationFn: () => call("POST /destinations/:name/try-now", { params: { name } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["destinations"] }),
  });
  if (circuit.state === "closed" || !enabled || paused) return null;
  const isRefused = circuit.reason === "destination_auth";
  return (
    <Alert
      color={isRefused ? "red" : "orange"}
      icon={<IconHourglass aria-hidden />}
      title={<DestinationHealth destination={destination} />}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{isRefused ? text.refused : text.waits}</Text>
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

const texts = {
  de: {
    waits:
      "Bis dahin wird nichts dorthin gesendet. Leads werden weiter angenommen und warten, ohne dass ein Versuch gezählt wird. Danach probiert es ein einzelner Lead, und die anderen folgen von selbst.",
    refused:
      "Jeder Lead würde abgelehnt, deshalb wird nichts gesendet. Leads werden weiter angenommen und warten. Die Zugangsdaten müssen berichtigt werden; danach wird es sofort versucht, und alle folgen.",
    tryNow: "Jetzt versuchen",
  },
  en: {
    waits:
      "Nothing is sent there until then. Leads go on being taken and wait; no attempt is counted. Then one lead tries, and the others follow by themselves.",
    refused:
      "Every lead would be refused, so nothing is sent. Leads go on being taken and wait. The credentials need to be corrected; then it is tried at once, and all follow.",
    tryNow: "Try now",
  },
};
