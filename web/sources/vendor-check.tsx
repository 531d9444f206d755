// Whether leads will come and can be fetched, as the vendor says before the first one does.
import { Button, Stack, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import { useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { State } from "../ui/state.tsx";

export function VendorCheck({ name }: { readonly name: string }) {
  const text = useTexts(texts);
  const mayAsk = useMay("configuration.write");
  const check = useMutation({
    mutationFn: () => call("POST /sources/:name/check", { params: { name } }),
  });
  if (!mayAsk) return null;
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
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            {text.button}
          </Button>
        </div>
        {check.error === null ? null : <ProblemAlert error={check.error} />}
        <Stack gap="sm" role="status">
          {(check.data?.items ?? []).map(({ item, state, label, found, todo }) => (
            <div key={`${item} ${label}`}>
              <State tone={tones[state]}>{label}</State>
              <Text size="sm">{found}</Text>
              {todo === null ? null : (
                <Text size="sm">
                  <strong>{text.todo}</strong> {todo}
                </Text>
              )}
            </div>
          ))}
        </Stack>
      </Stack>
    </Card>
  );
}

const tones = { ok: "good", wrong: "bad", unknown: "waiting" } as const;

const texts = {
  de: {
    title: "Werden Leads kommen?",
    explanation:
      "Fragt den Anbieter mit dem Token dieser Quelle, ob das Token gültig ist, die Leads gemeldet werden und sich abholen lassen. Geändert wird dort nichts.",
    button: "Verbindung prüfen",
    todo: "Was tun?",
  },
  en: {
    title: "Will leads come?",
    explanation:
      "Asks the vendor with this source's token whether the token is good, and whether leads are told of and may be fetched. Nothing is changed there.",
    button: "Check the connection",
    todo: "What to do?",
  },
};
