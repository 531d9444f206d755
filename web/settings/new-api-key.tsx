// Makes a key; it is shown once.
import { Alert, Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { Role } from "../api/types.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { endOfDay } from "../language/zoned-day.ts";
import { CopyText } from "../ui/copy-text.tsx";
import { DayField } from "../ui/day-field.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { ClientsLimit } from "./clients-limit.tsx";
import { RoleChoice } from "./role-choice.tsx";

interface NewApiKeyProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function NewApiKey({ isOpen, onClose }: NewApiKeyProps) {
  const text = useTexts(texts);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.title}>
      <NewApiKeyForm onClose={onClose} />
    </Dialog>
  );
}

/** Inside of the dialog, so that each opening starts afresh and no key stays in memory. */
function NewApiKeyForm({ onClose }: { readonly onClose: () => void }) {
  const text = useTexts(texts);
  const { timezone } = useFormat();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [clients, setClients] = useState<readonly string[] | null>(null);
  const [lastDay, setLastDay] = useState("");
  const making = useMutation({
    mutationFn: () =>
      call("POST /api-keys", {
        body: { name, role, clients, expires_at: lastDay === "" ? null : endOfDay(lastDay, timezone) },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["api-keys"] }),
  });
  if (making.data !== undefined) {
    return (
      <Stack>
        <Alert color="teal" role="status">
          {text.once}
        </Alert>
        <CopyText label={text.key} value={making.data.key} />
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
          description={text.nameExample}
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <RoleChoice role={role} onChange={setRole} />
        <ClientsLimit clients={clients} onChange={setClients} />
        <DayField label={text.lastDay} description={text.lastDayWhat} value={lastDay} onChange={setLastDay} />
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

const texts = {
  de: {
    title: "API-Schlüssel erstellen",
    name: "Wofür",
    nameExample: "z. B. Auswertung in Excel",
    lastDay: "Letzter Tag",
    lastDayWhat: "Leer: gültig, bis er widerrufen wird.",
    cancel: "Abbrechen",
    make: "Erstellen",
    done: "Fertig",
    once: "Kopieren Sie den API-Schlüssel jetzt: Er wird nur dieses eine Mal gezeigt.",
    key: "API-Schlüssel",
  },
  en: {
    title: "Make an API key",
    name: "What for",
    nameExample: "such as reports in a spreadsheet",
    lastDay: "Last day",
    lastDayWhat: "Empty: valid until it is revoked.",
    cancel: "Cancel",
    make: "Make",
    done: "Done",
    once: "Copy the key now: it is shown only this once.",
    key: "Key",
  },
};
