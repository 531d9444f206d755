// One code: what happened, whether the lead is safe, what to do, and who must do it.
import { Anchor, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { call } from "../api/client.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Card } from "../ui/card.tsx";
import { Page } from "../ui/page.tsx";
import { QueryState } from "../ui/query-state.tsx";
import { SafeState } from "./safe-state.tsx";

export default function OneError() {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const { code } = useParams<{ readonly code: string }>();
  const explanation = useQuery({
    queryKey: ["error-codes", language, code],
    queryFn: () => call("GET /error-codes/:code", { params: { code } }),
    staleTime: Infinity,
  });
  return (
    <Page title={explanation.data?.title ?? text.title(code)} explanation={text.code(code)}>
      <QueryState query={explanation}>
        {(found) => (
          <Stack maw="48rem">
            <Card title={text.what}>
              <Text>{found.what_happened}</Text>
            </Card>
            <Card title={text.safe}>
              <SafeState safe={found.safe}>{found.lead_safe}</SafeState>
            </Card>
            <Card title={text.todo}>
              <Text>{found.what_to_do}</Text>
              <Text mt="xs" c="dimmed">
                {text.who}: {found.who}
              </Text>
            </Card>
          </Stack>
        )}
      </QueryState>
      <div>
        <Anchor component={Link} href="/errors" underline="always">
          {text.all}
        </Anchor>
      </div>
    </Page>
  );
}

const texts = {
  de: {
    title: (code: string) => `Fehler ${code}`,
    code: (code: string) => `Fehlercode ${code}`,
    what: "Was ist geschehen?",
    safe: "Ist der Lead sicher?",
    todo: "Was ist zu tun?",
    who: "Wer muss es tun",
    all: "Alle Fehlercodes",
  },
  en: {
    title: (code: string) => `Error ${code}`,
    code: (code: string) => `Error code ${code}`,
    what: "What happened?",
    safe: "Is the lead safe?",
    todo: "What is to be done?",
    who: "Who must do it",
    all: "All error codes",
  },
};
