// One's own name, language and password.
import { Alert, Button, PasswordInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { useChangeSession, useSession } from "../api/session.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { roleNames } from "../language/role-names.ts";
import { Card } from "../ui/card.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { SettingsPage } from "./settings-page.tsx";

const formWidth = 440;

export default function OwnAccount() {
  const text = useTexts(texts);
  const { user } = useSession();
  return (
    <SettingsPage part="own">
      {user === null ? (
        <Alert color="blue">{text.withoutAccount}</Alert>
      ) : (
        <>
          <NameAndLanguage login={user.login} name={user.display_name} />
          <Password />
        </>
      )}
    </SettingsPage>
  );
}

function NameAndLanguage({ login, name }: { readonly login: string; readonly name: string }) {
  const text = useTexts(texts);
  const roles = useTexts(roleNames);
  const { role } = useSession();
  const { language, setLanguage } = useLanguage();
  const [typed, setTyped] = useState(name);
  const change = useChangeSession();
  return (
    <Card title={text.person}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ display_name: typed.trim() });
        }}
      >
        <Stack maw={formWidth}>
          <Text>
            {login} · {roles[role]}
          </Text>
          <TextInput
            label={text.name}
            value={typed}
            required
            withAsterisk={false}
            maxLength={200}
            autoComplete="name"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <div>
            <Text size="sm" fw={550} id="language-label">
              {text.language}
            </Text>
            <SegmentedControl
              aria-labelledby="language-label"
              value={language}
              data={[
                { value: "de", label: "Deutsch" },
                { value: "en", label: "English" },
              ]}
              onChange={(chosen) => {
                setLanguage(chosen);
                change.mutate({ language: chosen });
              }}
            />
          </div>
          {change.error === null ? null : <ProblemAlert error={change.error} />}
          <Saved isSaved={change.isSuccess} text={text.saved} />
          <Button type="submit" loading={change.isPending} disabled={typed.trim() === "" || typed === name}>
            {text.save}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function Password() {
  const text = useTexts(texts);
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const change = useMutation({
    mutationFn: () =>
      call("PUT /session/password", { body: { current_password: current, new_password: wanted } }),
    onSuccess: () => {
      setCurrent("");
      setWanted("");
    },
  });
  return (
    <Card title={text.password}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack maw={formWidth}>
          <PasswordInput
            label={text.current}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": text.show, tabIndex: 0 }}
          />
          <PasswordInput
            label={text.wanted}
            description={text.rules}
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": text.show, tabIndex: 0 }}
          />
          {change.error === null ? null : <ProblemAlert error={change.error} />}
          <Saved isSaved={change.isSuccess} text={text.passwordSaved} />
          <Button type="submit" loading={change.isPending} disabled={current === "" || wanted === ""}>
            {text.change}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function Saved({ isSaved, text }: { readonly isSaved: boolean; readonly text: string }) {
  return (
    <Text role="status" size="sm" c="var(--good)" mih={isSaved ? undefined : 0}>
      {isSaved ? text : ""}
    </Text>
  );
}

const texts = {
  de: {
    withoutAccount:
      "Sie benutzen einen API-Schlüssel oder die Kommandozeile; dazu gehört kein Konto mit Namen und Passwort.",
    person: "Person",
    name: "Name",
    language: "Sprache",
    save: "Speichern",
    saved: "Gespeichert.",
    password: "Passwort ändern",
    current: "Bisheriges Passwort",
    wanted: "Neues Passwort",
    rules: "Mindestens 12 Zeichen. Alle anderen Anmeldungen mit diesem Konto enden.",
    show: "Passwort zeigen oder verbergen",
    change: "Passwort ändern",
    passwordSaved: "Das neue Passwort gilt ab sofort.",
  },
  en: {
    withoutAccount: "You use an API key or the command line; there is no account with a name and a password.",
    person: "Person",
    name: "Name",
    language: "Language",
    save: "Save",
    saved: "Saved.",
    password: "Change the password",
    current: "Password so far",
    wanted: "New password",
    rules: "At least 12 characters. Everything else that is signed in with this account is signed out.",
    show: "Show or hide the password",
    change: "Change the password",
    passwordSaved: "The new password holds from now on.",
  },
};
