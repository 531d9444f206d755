// Makes an account; the answer is a link with which its owner sets their password.
import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import type { Role } from "../api/types.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { ClientsLimit } from "./clients-limit.tsx";
import { RoleChoice } from "./role-choice.tsx";
import { SetupLink } from "./setup-link.tsx";

interface NewUserProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function NewUser({ isOpen, onClose }: NewUserProps) {
  const text = useTexts(texts);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.title}>
      <NewUserForm onClose={onClose} />
    </Dialog>
  );
}

/** Inside of the dialog, so that each opening starts afresh. */
function NewUserForm({ onClose }: { readonly onClose: () => void }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("sales");
  const [clients, setClients] = useState<readonly string[] | null>(null);
  const making = useMutation({
    mutationFn: async () => {
      const user = await call("POST /users", {
        body: { login, display_name: name.trim(), role, clients, language },
      });
      await queries.invalidateQueries({ queryKey: ["users"] });
      const params = { user_id: user.user_id };
      if (await isInvited(params)) return null;
      return call("POST /users/:user_id/setup-links", { params });
    },
  });
  if (making.data !== undefined) {
    return (
      <Stack>
        {making.data === null ? (
          <Alert color="teal" role="status">
            {text.invited(login.trim())}
          </Alert>
        ) : (
          <SetupLink link={making.data} />
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>{text.done}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        making.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={text.name}
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={text.login}
          type="email"
          required
          withAsterisk={false}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <RoleChoice role={role} onChange={setRole} />
        <ClientsLimit clients={clients} onChange={setClients} />
        <Text size="sm" c="dimmed">
          {text.then}
        </Text>
        {making.error === null ? null : <ProblemAlert error={making.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button type="submit" loading={making.isPending}>
            {text.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** false: nothing can be sent, so that the link is shown. */
async function isInvited(params: { readonly user_id: number }): Promise<boolean> {
  try {
    return (await call("POST /users/:user_id/invitations", { params })).sent;
  } catch (error) {
    if (error instanceof ApiProblem && withoutMail.has(error.code)) return false;
    throw error;
  }
}

const withoutMail: ReadonlySet<string> = new Set(["mail_missing", "public_url_missing", "recipient_invalid"]);

const texts = {
  de: {
    invited: (login: string) =>
      `An ${login} ist eine Einladung mit einem Link unterwegs, mit dem die Person ihr Passwort festlegt.`,
    title: "Benutzer anlegen",
    name: "Name",
    login: "E-Mail-Adresse",
    then: "Danach bekommt die Person eine Einladung per E-Mail. Lässt sich keine senden, bekommen Sie einen Link, den Sie ihr schicken. Damit legt sie ihr Passwort fest.",
    cancel: "Abbrechen",
    make: "Anlegen",
    done: "Fertig",
  },
  en: {
    invited: (login: string) =>
      `An invitation is on its way to ${login}, with a link with which they set their password.`,
    title: "Add a user",
    name: "Name",
    login: "E-mail address",
    then: "Then that person gets an invitation by mail. Where none can be sent you get a link to send to them. With it they set their password.",
    cancel: "Cancel",
    make: "Add",
    done: "Done",
  },
};
