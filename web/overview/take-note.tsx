// The button with which a person takes note of a setback of the database: its alarm ends, and nothing comes back by it.
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

export function TakeNote({ setbackId }: { readonly setbackId: number }) {
  const text = useTexts(texts);
  const mayTakeNote = useMay("system.read");
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const note = useMutation({
    mutationFn: () =>
      call("POST /database/setbacks/:setback_id/acknowledge", { params: { setback_id: String(setbackId) } }),
    onSuccess: () => {
      setOpen(false);
      return queries.invalidateQueries({ queryKey: ["overview"] });
    },
  });
  if (!mayTakeNote) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
        {text.button}
      </Button>
      <ReasonDialog
        title={text.title}
        explanation={text.explanation}
        button={text.button}
        asksReason={false}
        isOpen={isOpen}
        isPending={note.isPending}
        error={note.error}
        onConfirm={() => note.mutate()}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

const texts = {
  de: {
    button: "Zur Kenntnis nehmen",
    title: "Rückfall der Datenbank zur Kenntnis nehmen?",
    explanation:
      "Die Meldung endet damit; zurück kommt dadurch nichts. Tun Sie es erst, wenn noch einmal gesendet ist, was fehlt. Wer es war, steht im Protokoll.",
  },
  en: {
    button: "Take note",
    title: "Take note that the database had gone back?",
    explanation:
      "That ends the alarm, and brings nothing back. Do it when what is missing has been sent again. The log says who did it.",
  },
};
