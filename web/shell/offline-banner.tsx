// Says that the line to the server is down, since what is shown may be old then.
import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useState } from "react";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";

export function OfflineBanner() {
  const text = useTexts(texts);
  const { shortTime } = useFormat();
  const [since] = useState(() => new Date().toISOString());
  return (
    <Alert mb="md" color="orange" role="status" icon={<IconPlugConnectedX aria-hidden />} title={text.title}>
      {text.detail(shortTime(since))}
    </Alert>
  );
}

const texts = {
  de: {
    title: "Keine Verbindung zum Server",
    detail: (since: string) =>
      `Was Sie sehen, ist der Stand von ${since}. Leads kommen weiter an, wenn der Server läuft; diese Seite verbindet sich von selbst wieder.`,
  },
  en: {
    title: "No connection to the server",
    detail: (since: string) =>
      `What you see is from ${since}. Leads go on arriving as long as the server runs; this page connects again by itself.`,
  },
};
