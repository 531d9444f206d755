// The page behind the link of a request to confirm: a button, because mail programs follow links by themselves.
import { Alert, Button, Card, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";
import classes from "../shell/shell.module.css";
import { usePageTitle } from "../ui/page.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";

export default function ConfirmAlerts() {
  const text = useTexts(texts);
  usePageTitle(text.title);
  const asked = new URLSearchParams(window.location.search);
  const name = asked.get("recipient") ?? "";
  return (
    <div className={classes.signIn}>
      <Card className={classes.signInCard} padding="xl" radius="lg">
        <Stack gap="md">
          <Title order={1} size="h3">
            {text.title}
          </Title>
          <Text>{text.what(name)}</Text>
          <CodeForm name={name} code={asked.get("code") ?? ""} />
        </Stack>
      </Card>
    </div>
  );
}

export function CodeForm({ name, code: first }: { readonly name: string; readonly code: string }) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [code, setCode] = useState(first);
  const confirming = useMutation({
    mutationFn: () => call("POST /alert-recipients/:name/confirm", { params: { name }, body: { code } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["alerts"] }),
  });
  if (confirming.isSuccess)
    return (
      <Alert color="teal" role="status">
        {text.confirmed}
      </Alert>
    );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        confirming.mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={text.code}
          value={code}
          autoComplete="off"
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        {confirming.error === null ? null : <ProblemAlert error={confirming.error} />}
        <Button type="submit" loading={confirming.isPending} disabled={code.trim() === ""}>
          {text.confirm}
        </Button>
      </Stack>
    </form>
  );
}

const texts = {
  de: {
    title: "Empfänger bestätigen",
    what: (name: string) =>
      `LeadLedger soll dem Empfänger „${name}“ Alarme melden. Bestätigen Sie, dass seine Nachrichten ankommen.`,
    code: "Code aus der Nachricht",
    confirm: "Bestätigen",
    confirmed: "Bestätigt: Alarme kommen von jetzt an hier an.",
  },
  en: {
    title: "Confirm a recipient",
    what: (name: string) =>
      `LeadLedger is to tell alerts to the recipient “${name}”. Confirm that its messages arrive.`,
    code: "Code of the message",
    confirm: "Confirm",
    confirmed: "Confirmed: from now on alerts arrive there.",
  },
};
