// Sets up a client like another; then says the secrets, this once, and what is still missing.
import { Alert, Anchor, Button, Code, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { call } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import { useTexts } from "../language/language.tsx";
import { pathOf } from "../sources-and-destinations/part-kind.ts";
import type { PartKind } from "../sources-and-destinations/part-kind.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";

interface NewClientProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Names of clients that there are; "": what names none. */
  readonly templates: readonly string[];
}

export function NewClient({ isOpen, onClose, templates }: NewClientProps) {
  const text = useTexts(texts);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text.title}>
      <NewClientForm onClose={onClose} templates={templates} />
    </Dialog>
  );
}

function NewClientForm({ onClose, templates }: Omit<NewClientProps, "isOpen">) {
  const text = useTexts(texts);
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [label, setLabel] = useState("");
  const [from, setFrom] = useState(templates.at(-1) ?? "");
  const making = useMutation({
    mutationFn: () =>
      call("POST /clients", {
        body: { name, label: label === "" ? null : label, from: from === "" ? null : from },
      }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["sources"] }),
        queries.invalidateQueries({ queryKey: ["destinations"] }),
      ]),
  });
  if (making.data !== undefined) {
    return (
      <Stack>
        <Made kind="sources" parts={making.data.sources} />
        <Made kind="destinations" parts={making.data.destinations} />
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
          description={text.nameHelp}
          required
          withAsterisk={false}
          maxLength={63}
          placeholder="moebel-bonn"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={text.label}
          maxLength={80}
          placeholder="Möbel Bonn"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <NativeSelect
          label={text.from}
          description={text.fromHelp}
          data={templates.map((value) => ({ value, label: value === "" ? text.none : value }))}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
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

interface MadeProps {
  readonly kind: PartKind;
  readonly parts: Answer<"POST /clients">["sources"];
}

function Made({ kind, parts }: MadeProps) {
  const text = useTexts(texts);
  return parts.map(({ name, secret, gaps }) => (
    <Alert key={name} color={gaps.length === 0 ? "green" : "yellow"}>
      <Anchor component={Link} href={pathOf(kind, name)} fw={600} underline="always">
        {name}
      </Anchor>
      {secret === undefined ? null : (
        <Text size="sm">
          {text.secret} <Code>{secret}</Code>
        </Text>
      )}
      {gaps.length === 0 ? null : <Text size="sm">{text.gaps(gaps.join(", "))}</Text>}
    </Alert>
  ));
}

const texts = {
  de: {
    title: "Kunden wie einen anderen einrichten",
    name: "Name",
    nameHelp: "Kurz, ohne Umlaute und Leerzeichen; daraus werden die Namen der Quellen und Ziele.",
    label: "Anzeigename",
    from: "Wie",
    fromHelp:
      "Quellen und Ziele dieses Kunden werden noch einmal angelegt. Adressen, Token und Geheimnisse anderer werden nicht übernommen.",
    none: "ohne Kunden",
    cancel: "Abbrechen",
    make: "Anlegen",
    done: "Fertig",
    secret: "Geheimnis, wird nur jetzt gezeigt:",
    gaps: (list: string) => `Angehalten, bis Sie angeben: ${list}`,
  },
  en: {
    title: "Set up a client like another",
    name: "Name",
    nameHelp: "Short, without umlauts and spaces; the names of sources and destinations are made of it.",
    label: "Display name",
    from: "Like",
    fromHelp:
      "This client's sources and destinations are made once more. Addresses, tokens and secrets of others are not copied.",
    none: "no client",
    cancel: "Cancel",
    make: "Add",
    done: "Done",
    secret: "Secret, shown this once:",
    gaps: (list: string) => `Paused until you give: ${list}`,
  },
};
