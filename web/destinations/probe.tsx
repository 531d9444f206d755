// Whether a connection to the destination can be made; nothing is sent.
import { Button, Stack, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { needsMending } from "../../src/domain/attention/state-words.ts";
import { call } from "../api/client.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { State } from "../ui/state.tsx";

export function Probe({ name }: { readonly name: string }) {
  const text = useTexts(texts);
  const { requestTime } = useFormat();
  const probe = useMutation({
    mutationFn: () => call("POST /destinations/:name/probe", { params: { name } }),
  });
  const { data: reached } = probe;
  return (
    <Card title={text.title}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {text.explanation}
        </Text>
        <div>
          <Button
            variant="default"
            leftSection={<IconPlugConnected size={17} aria-hidden />}
            loading={probe.isPending}
            onClick={() => probe.mutate()}
          >
            {text.button}
          </Button>
        </div>
        {probe.error === null ? null : <ProblemAlert error={probe.error} />}
        <div role="status">
          {reached === undefined ? null : reached.reachable ? (
            <>
              <State tone="good">{text.reachable}</State>
              <Text size="sm" c="dimmed">
                {text.reachedAt(reached.address ?? "", requestTime(reached.duration_ms ?? 0))}
              </Text>
            </>
          ) : (
            <>
              <State tone="bad">
                {needsMending(reached.error_code ?? null) ? text.needsMending : text.unreachable}
              </State>
              <Text size="sm">{reached.message}</Text>
            </>
          )}
        </div>
      </Stack>
    </Card>
  );
}

const texts = {
  de: {
    title: "Verbindung",
    explanation:
      "Stellt eine Verbindung her und sieht nach, ob dort ist, was Leads brauchen. Gesendet wird nichts.",
    button: "Verbindung prüfen",
    reachable: "Erreichbar",
    reachedAt: (address: string, span: string) => `${address}, in ${span}`,
    unreachable: "Nicht erreichbar",
    needsMending: "Erreichbar, aber so kommt kein Lead an",
  },
  en: {
    title: "Connection",
    explanation: "Makes a connection and looks whether what leads need is there. Nothing is sent.",
    button: "Check the connection",
    reachable: "Reachable",
    reachedAt: (address: string, span: string) => `${address}, in ${span}`,
    unreachable: "Not reachable",
    needsMending: "Reachable, but no lead would arrive",
  },
};
