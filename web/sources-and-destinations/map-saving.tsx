// Saves a map, or says what is to be written into leadledger.yaml.
import { Alert, Button, Group, Stack } from "@mantine/core";
import { Link, useLocation } from "wouter";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import { useTexts } from "../language/language.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import { pathOf } from "./part-kind.ts";
import type { PartKind } from "./part-kind.ts";
import { useChangePart } from "./part-queries.ts";

interface MapSavingProps {
  readonly kind: PartKind;
  readonly part: { readonly name: string; readonly managed_by: string };
  readonly version: string | null;
  /** Its members, as they are changed. */
  readonly change: object;
  /** What a person writes into the file, by its members; null: nothing. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly isChanged: boolean;
}

export function MapSaving({ kind, part, version, change, written, isChanged }: MapSavingProps) {
  const text = useTexts(texts);
  const [, navigate] = useLocation();
  const saving = useChangePart(kind, part.name);
  if (part.managed_by === "file") {
    const lines = Object.entries(written).filter(([, value]) => value !== null);
    return (
      <Alert color="blue" title={text.fromFile[kind]}>
        <Stack gap="xs">
          {text.fromFileHow}
          {lines.map(([member, value]) => (
            <CopyText key={member} label={text.copy} value={`${member}: ${writeExactly(value)}`} />
          ))}
        </Stack>
      </Alert>
    );
  }
  return (
    <Stack gap="sm">
      {saving.error === null ? null : <ProblemAlert error={saving.error} />}
      <Group>
        <Button
          disabled={!isChanged}
          loading={saving.isPending}
          onClick={() =>
            saving.mutate(
              { does: "change", ifMatch: version, json: writeExactly(change) },
              { onSuccess: () => navigate(pathOf(kind, part.name)) },
            )
          }
        >
          {text.save}
        </Button>
        <Button component={Link} href={pathOf(kind, part.name)} variant="default">
          {text.cancel}
        </Button>
      </Group>
    </Stack>
  );
}

const texts = {
  de: {
    save: "Speichern",
    cancel: "Abbrechen",
    fromFile: {
      sources: "Diese Quelle steht in leadledger.yaml",
      destinations: "Dieses Ziel steht in leadledger.yaml",
    },
    fromFileHow: "Ausprobieren können Sie hier alles; eintragen müssen Sie es dort.",
    copy: "Diese Zeile",
  },
  en: {
    save: "Save",
    cancel: "Cancel",
    fromFile: {
      sources: "This source stands in leadledger.yaml",
      destinations: "This destination stands in leadledger.yaml",
    },
    fromFileHow: "You can try everything here; it must be written there.",
    copy: "This line",
  },
};
