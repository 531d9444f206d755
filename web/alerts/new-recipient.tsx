// Adds somebody who is told of alerts.
import { Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import type { Answer } from "../api/client.ts";
import { ApiProblem } from "../api/problem.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { draftOf } from "../ui/form/draft.ts";
import { noProblems, problemsByField } from "../ui/form/field-problems.ts";
import { bodyOfNew } from "../ui/form/form-body.ts";
import { FormFields } from "../ui/form/form-fields.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";

type Kind = Answer<"GET /alert-recipients">["kinds"][number];

export function NewRecipient({
  kinds,
  onDone,
}: {
  readonly kinds: readonly Kind[];
  readonly onDone: () => void;
}) {
  const text = useTexts(texts);
  const [chosen, setChosen] = useState(
    kinds.find(({ kind }) => kind === "email")?.kind ?? kinds[0]?.kind ?? "",
  );
  const kind = kinds.find((each) => each.kind === chosen);
  return (
    <Stack maw={560} gap="lg">
      <div>
        <Text size="sm" fw={500} mb={4}>
          {text.channel}
        </Text>
        <SegmentedControl
          fullWidth
          orientation="vertical"
          value={chosen}
          onChange={setChosen}
          data={kinds.map(({ kind: value, label }) => ({ value, label }))}
        />
      </div>
      {kind === undefined ? null : <RecipientForm key={kind.kind} kind={kind} onDone={onDone} />}
    </Stack>
  );
}

function RecipientForm({
  kind: { kind, fields },
  onDone,
}: {
  readonly kind: Kind;
  readonly onDone: () => void;
}) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [draft, setDraft] = useState(() => ({
    ...draftOf(fields, null),
    language: { kind: "text", text: language } as const,
  }));
  const saving = useMutation({
    mutationFn: () => call("POST /alert-recipients", { body: { name, kind, ...bodyOfNew(fields, draft) } }),
    onSuccess: () => {
      onDone();
      return queries.invalidateQueries({ queryKey: ["alerts"] });
    },
  });
  const names = [...fields.map((field) => field.name), "name"];
  const problems =
    saving.error instanceof ApiProblem ? problemsByField(saving.error.problems, names) : noProblems;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Stack gap="lg">
        <TextInput
          label={text.name}
          description={text.nameHelp}
          required
          value={name}
          error={problems.byField["name"]?.join(" ")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <FormFields
          {...{ fields, draft, problems }}
          stored={{}}
          isNew
          onChange={(member, value) => setDraft({ ...draft, [member]: value })}
        />
        {saving.error === null || Object.keys(problems.byField).length > 0 ? null : (
          <ProblemAlert error={saving.error} />
        )}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {text.save}
          </Button>
          <Button variant="default" onClick={onDone}>
            {text.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const texts = {
  de: {
    channel: "Kanal",
    name: "Name",
    nameHelp: "Wie der Empfänger heißt: Buchstaben ohne Umlaute, Ziffern, Punkt, Unter- und Bindestrich.",
    save: "Anlegen",
    cancel: "Abbrechen",
  },
  en: {
    channel: "Channel",
    name: "Name",
    nameHelp: "What the recipient is called: letters, digits, dot, underscore and dash.",
    save: "Add",
    cancel: "Cancel",
  },
};
