// Replaces a secret by one that LeadLedger makes; for how long the old one is good beside it is chosen here.
import { Button, Group, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTexts } from "../language/language.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ProblemAlert } from "../ui/problem-alert.tsx";
import type { PartKind } from "./part-kind.ts";

const overlaps = ["7d", "1d", "30d", "0s"] as const;

interface RotateDialogProps {
  readonly kind: PartKind;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onConfirm: (overlap: string) => void;
  readonly onClose: () => void;
}

export function RotateDialog({ kind, isPending, error, onConfirm, onClose }: RotateDialogProps) {
  const text = useTexts(texts);
  const [overlap, setOverlap] = useState<string>(overlaps[0]);
  return (
    <Dialog isOpen onClose={onClose} title={text.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(overlap);
        }}
      >
        <Stack>
          <Text>{text.what[kind]}</Text>
          <Radio.Group
            label={text.overlap}
            description={text.overlapWhy[kind]}
            value={overlap}
            onChange={setOverlap}
          >
            <Stack gap="xs" mt="xs">
              {overlaps.map((each) => (
                <Radio key={each} value={each} label={text.overlaps[each]} />
              ))}
            </Stack>
          </Radio.Group>
          {error === null ? null : <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.cancel}
            </Button>
            <Button type="submit" loading={isPending}>
              {text.button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

const texts = {
  de: {
    title: "Geheimnis ersetzen",
    what: {
      sources:
        "LeadLedger erzeugt ein neues Geheimnis und zeigt es einmal. Hinterlegen Sie es beim Absender.",
      destinations:
        "LeadLedger erzeugt ein neues Geheimnis und zeigt es einmal. Hinterlegen Sie es beim Empfänger, der damit die Signaturen prüft.",
    },
    overlap: "Wie lange gilt das alte weiter?",
    overlapWhy: {
      sources: "So lange nimmt LeadLedger beide an, und es entsteht keine Lücke.",
      destinations: "So lange trägt jede Zustellung beide Signaturen, und es entsteht keine Lücke.",
    },
    overlaps: {
      "7d": "7 Tage",
      "1d": "1 Tag",
      "30d": "30 Tage",
      "0s": "Gar nicht: Es ist in falsche Hände geraten",
    },
    cancel: "Abbrechen",
    button: "Neues Geheimnis erzeugen",
  },
  en: {
    title: "Replace the secret",
    what: {
      sources: "LeadLedger makes a new secret and shows it once. Give it to the sender.",
      destinations:
        "LeadLedger makes a new secret and shows it once. Give it to the receiver, which checks signatures with it.",
    },
    overlap: "For how long does the old one stay valid?",
    overlapWhy: {
      sources: "That long LeadLedger takes both, and there is no gap.",
      destinations: "That long every delivery bears both signatures, and there is no gap.",
    },
    overlaps: {
      "7d": "7 days",
      "1d": "1 day",
      "30d": "30 days",
      "0s": "Not at all: it has fallen into the wrong hands",
    },
    cancel: "Cancel",
    button: "Make a new secret",
  },
};
