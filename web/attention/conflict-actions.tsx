// What can be done with data that came under the key of another lead: a lead of their own, or a change of that lead.
import { Button, Text } from "@mantine/core";
import { IconEdit, IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { call } from "../api/client.ts";
import { useMay } from "../api/session.ts";
import type { ShownEntry } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

type Action = "take-in" | "deliver-change";

export function ConflictActions({ entry }: { readonly entry: ShownEntry }) {
  const text = useTexts(texts);
  const mayWork = useMay("dlq.work");
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [action, setAction] = useState<Action>("take-in");
  const [isOpen, setOpen] = useState(false);
  const settling = useMutation({
    mutationFn: (reason: string) =>
      call(`POST /dlq/:dlq_id/${action}`, { params: { dlq_id: entry.dlq_id }, body: { reason } }),
    onSuccess: ({ run_id: runId }) => navigate(`/leads/${runId}`),
    onSettled: () => {
      for (const name of ["entry", "entries", "groups", "lead"])
        void queries.invalidateQueries({ queryKey: [name] });
    },
  });
  const { take_in: notTaken, deliver_change: notChanged } = entry.obstacles;
  if (!mayWork) return null;
  const ask = (wanted: Action) => () => {
    settling.reset();
    setAction(wanted);
    setOpen(true);
  };
  const words = text[action];
  return (
    <>
      {notTaken === null ? (
        <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={ask("take-in")}>
          {text["take-in"].button}
        </Button>
      ) : null}
      {notChanged === null ? (
        <Button
          variant="default"
          leftSection={<IconEdit size={17} aria-hidden />}
          onClick={ask("deliver-change")}
        >
          {text["deliver-change"].button}
        </Button>
      ) : null}
      <ReasonDialog
        title={words.button}
        explanation={<Text size="sm">{words.explanation}</Text>}
        button={words.button}
        isOpen={isOpen}
        isPending={settling.isPending}
        error={settling.error}
        onConfirm={(reason) => settling.mutate(reason)}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

const texts = {
  de: {
    "take-in": {
      button: "Als eigenen Lead annehmen",
      explanation:
        "Aus diesen Daten wird ein eigener Lead mit eigener Nummer, eingegangen, als sie kamen. Er geht an die Ziele seiner Quelle; der erste Lead bleibt, wie er ist.",
    },
    "deliver-change": {
      button: "Als Änderung zustellen",
      explanation:
        "Diese Daten gelten von jetzt an für den Lead, dem die Kennung gehört. Die Ziele erhalten sie als Änderung: unter der Nummer des Leads mit dem Zusatz „:r1“, „:r2“ … Der Stand des Leads ändert sich nicht.",
    },
  },
  en: {
    "take-in": {
      button: "Take in as a lead of its own",
      explanation:
        "These data become a lead of their own with an id of its own, received when they came. It goes to the destinations of its source; the first lead stays as it is.",
    },
    "deliver-change": {
      button: "Deliver as a change",
      explanation:
        "From now on these data hold for the lead that has the key. Destinations get them as a change: under the lead's id followed by “:r1”, “:r2” … The state of the lead does not change.",
    },
  },
};
