// Asking for a link by mail with which one sets a new password. Whether there is such an account is not told.
import { Alert, Button, Card, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";
import { usePageTitle } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import classes from "./shell.module.css";

interface ForgottenPasswordProps {
  /** As typed so far. */
  readonly login: string;
  readonly onBack: () => void;
}

export function ForgottenPassword({ login: typed, onBack }: ForgottenPasswordProps) {
  const text = useTexts(texts);
  usePageTitle(text.title);
  const [login, setLogin] = useState(typed);
  const asking = useMutation({ mutationFn: () => call("POST /session/password-reset", { body: { login } }) });
  return (
    <main className={classes.signIn}>
      <Card className={classes.signInCard} padding="xl" radius="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            asking.mutate();
          }}
        >
          <Stack gap="md">
            <Title order={1} size="h3">
              {text.title}
            </Title>
            <Text c="dimmed">{text.explanation}</Text>
            {asking.error === null ? null : <ProblemAlert error={asking.error} />}
            {asking.isSuccess ? (
              <Alert color="teal" role="status">
                {text.sent}
              </Alert>
            ) : null}
            <TextInput
              label={text.login}
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              value={login}
              onChange={(event) => setLogin(event.currentTarget.value)}
              data-autofocus
            />
            <Button type="submit" loading={asking.isPending} fullWidth>
              {text.button}
            </Button>
            <Button variant="transparent" size="compact-sm" onClick={onBack}>
              {text.back}
            </Button>
          </Stack>
        </form>
      </Card>
    </main>
  );
}

const texts = {
  de: {
    title: "Neues Passwort",
    explanation:
      "Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort festlegen. Er gilt eine Stunde.",
    login: "E-Mail-Adresse",
    button: "Link anfordern",
    sent: "Wenn es zu dieser Adresse einen Zugang gibt, ist eine E-Mail unterwegs. Sehen Sie auch im Spam-Ordner nach.",
    back: "Zurück zur Anmeldung",
  },
  en: {
    title: "New password",
    explanation: "We send you a link with which you set a new password. It is valid for an hour.",
    login: "E-mail address",
    button: "Ask for a link",
    sent: "If there is an account with this address, a mail is on its way. Look into the spam folder, too.",
    back: "Back to signing in",
  },
};
