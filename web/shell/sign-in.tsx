// Signing in with e-mail address and password.
import { Alert, Button, Card, Group, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { ApiProblem } from "../api/problem.ts";
import { rootPath } from "../api/root.ts";
import { useSignIn } from "../api/session.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { usePageTitle } from "../ui/page.tsx";
import { ForgottenPassword } from "./forgotten-password.tsx";
import classes from "./shell.module.css";

export function SignIn() {
  const text = useTexts(texts);
  const { language, setLanguage } = useLanguage();
  usePageTitle(text.title);
  const signIn = useSignIn();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [isForgotten, setForgotten] = useState(false);
  if (isForgotten) return <ForgottenPassword login={login} onBack={() => setForgotten(false)} />;
  return (
    <main className={classes.signIn}>
      <Card className={classes.signInCard} padding="xl" radius="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            signIn.mutate({ login, password });
          }}
        >
          <Stack gap="md">
            <Group gap="sm">
              <img src={`${rootPath}icon.svg`} alt="" width={36} height={36} />
              <Title order={1} size="h3">
                LeadLedger
              </Title>
            </Group>
            <Text c="dimmed">{text.claim}</Text>
            {signIn.error === null ? null : (
              <Alert color="red" role="alert" title={titleOf(signIn.error, text)}>
                {signIn.error instanceof ApiProblem ? signIn.error.detail : text.unreachable}
                {signIn.error instanceof ApiProblem && signIn.error.reason !== null ? (
                  <Text size="sm" mt="xs">
                    {signIn.error.reason}
                  </Text>
                ) : null}
              </Alert>
            )}
            <TextInput
              label={text.login}
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              value={login}
              onChange={(event) => setLogin(event.currentTarget.value)}
            />
            <PasswordInput
              label={text.password}
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": text.showPassword, tabIndex: 0 }}
            />
            <Button type="submit" loading={signIn.isPending} fullWidth>
              {text.button}
            </Button>
            <Button variant="transparent" size="compact-sm" onClick={() => setForgotten(true)}>
              {text.forgotten}
            </Button>
            <Text size="sm" c="dimmed">
              {text.firstTime}
            </Text>
            <Button
              variant="transparent"
              size="compact-sm"
              lang={language === "de" ? "en" : "de"}
              onClick={() => setLanguage(language === "de" ? "en" : "de")}
            >
              {text.otherLanguage}
            </Button>
          </Stack>
        </form>
      </Card>
    </main>
  );
}

function titleOf(error: Error, text: (typeof texts)["de"]): string {
  return error instanceof ApiProblem ? error.title : text.unreachableTitle;
}

const texts = {
  de: {
    title: "Anmelden",
    claim: "Das Eingangsbuch für Leads.",
    login: "E-Mail-Adresse",
    password: "Passwort",
    showPassword: "Passwort zeigen oder verbergen",
    button: "Anmelden",
    forgotten: "Passwort vergessen?",
    firstTime:
      "Zum ersten Mal hier? Beim ersten Start zeigt der Server einen Einrichtungslink; alle weiteren Zugänge legt ein Admin an.",
    otherLanguage: "English",
    unreachableTitle: "Der Server antwortet nicht",
    unreachable: "Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  },
  en: {
    title: "Sign in",
    claim: "The ledger for leads.",
    login: "E-mail address",
    password: "Password",
    showPassword: "Show or hide the password",
    button: "Sign in",
    forgotten: "Forgotten your password?",
    firstTime:
      "Here for the first time? The server shows a set-up link at its first start; an admin makes all other accounts.",
    otherLanguage: "Deutsch",
    unreachableTitle: "The server does not answer",
    unreachable: "Check the connection and try again.",
  },
};
