// What can be done to one case, as buttons: what the ledger allows in its state, and the reader's role.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconEdit, IconRefresh, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useHistoryState } from "wouter/use-browser-location";
import { call } from "../api/client.ts";
import { useErrorTexts } from "../ui/error-texts.ts";
import { useMay } from "../api/session.ts";
import type { Entry, ShownEntry } from "../api/types.ts";
import { ConflictActions } from "./conflict-actions.tsx";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";

type Verb = "retry" | "resolve" | "dead";

/** What the view before this one has done, to be said here. */
export type Done = Verb | "edit" | "discard";

interface EntryActionsProps {
  readonly entry: ShownEntry;
  readonly etag: string | null;
}

export function EntryActions({ entry, etag }: EntryActionsProps) {
  const text = useTexts(texts);
  const mayRetry = useMay("dlq.retry");
  const mayWork = useMay("dlq.work");
  const [verb, setVerb] = useState<Verb>("retry");
  const [isOpen, setOpen] = useState(false);
  const { obstacles, kind, dlq_id: id } = entry;
  const discards = kind === "refused";
  const givesUp = kind === "delivery" || kind === "replay";
  const work = useWork(entry, etag, () => setOpen(false));
  const ask = (wanted: Verb) => () => {
    work.reset();
    setVerb(wanted);
    setOpen(true);
  };
  const words = text.dialogs[verb === "resolve" && discards ? "discard" : verb];
  return (
    <Stack gap="sm">
      <DoneAlert entry={entry} />
      <Group gap="xs">
        {mayRetry && obstacles.retry === null ? (
          <Button leftSection={<IconRefresh size={17} aria-hidden />} onClick={ask("retry")}>
            {text.dialogs.retry.button}
          </Button>
        ) : null}
        {kind === "conflict" || obstacles.take_in === null ? <ConflictActions entry={entry} /> : null}
        {mayWork && obstacles.edit === null ? (
          <Button
            component={Link}
            href={`/attention/${id}/edit`}
            variant={discards ? "filled" : "default"}
            leftSection={<IconEdit size={17} aria-hidden />}
          >
            {discards ? text.correct : text.edit}
          </Button>
        ) : null}
        {mayWork && obstacles.close === null ? (
          <Button
            variant="default"
            leftSection={discards ? <IconX size={17} aria-hidden /> : <IconCheck size={17} aria-hidden />}
            onClick={ask("resolve")}
          >
            {discards ? text.dialogs.discard.button : text.dialogs.resolve.button}
          </Button>
        ) : null}
        {mayWork && obstacles.close === null && givesUp ? (
          <Button variant="subtle" color="red" ml="auto" onClick={ask("dead")}>
            {text.dialogs.dead.button}
          </Button>
        ) : null}
      </Group>
      <WhyNot entry={entry} />
      <ReasonDialog
        title={words.title}
        explanation={words.explanation}
        button={words.button}
        isDangerous={verb === "dead" || (verb === "resolve" && discards)}
        isOpen={isOpen}
        isPending={work.isPending}
        error={work.error}
        onConfirm={(reason) => work.mutate({ verb, reason })}
        onClose={() => setOpen(false)}
      />
    </Stack>
  );
}

function useWork(entry: ShownEntry, etag: string | null, onDone: () => void) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: ({ verb, reason }: { readonly verb: Verb; readonly reason: string }) =>
      call(`POST /dlq/:dlq_id/${verb}`, {
        params: { dlq_id: entry.dlq_id },
        body: { reason },
        ifMatch: etag,
      }),
    onSuccess: (worked, { verb }) => {
      onDone();
      const done: Done = verb === "resolve" && entry.kind === "refused" ? "discard" : verb;
      // A closed entry is tried again by a new one.
      navigate(`/attention/${worked.dlq_id}`, { state: { done }, replace: worked.dlq_id === entry.dlq_id });
    },
    // Of a refusal, too: what is shown is old then.
    onSettled: () => {
      for (const name of ["entry", "entries", "groups", "lead"])
        void queries.invalidateQueries({ queryKey: [name] });
    },
  });
}

function DoneAlert({ entry }: { readonly entry: Entry }) {
  const text = useTexts(texts);
  const state = useHistoryState<{ readonly done?: Done } | null>();
  const done = state?.done;
  if (done === undefined) return null;
  // What was sent and has failed meanwhile is told by the entry's state, not by what was ordered before.
  const message = done === "edit" && entry.kind === "refused" ? text.done.corrected : text.done[done];
  return (
    <Alert color="sea" role="status" icon={<IconCheck aria-hidden />}>
      {message}
    </Alert>
  );
}

/** Other buttons say what can be done. */
const silent: ReadonlySet<string> = new Set(["entry_refused", "entry_conflicting", "entry_being_tried"]);

/** Of what is open but cannot be sent: why. */
function WhyNot({ entry }: { readonly entry: ShownEntry }) {
  const text = useTexts(texts);
  const explain = useErrorTexts();
  const code = entry.obstacles.retry;
  if (code === null || silent.has(code)) return null;
  const known = code in text.whyNot ? text.whyNot[code as keyof typeof text.whyNot] : explain(code)?.title;
  if (known === undefined) return null;
  return (
    <Text size="sm" c="dimmed">
      {known}
    </Text>
  );
}

const texts = {
  de: {
    edit: "Bearbeiten und zustellen",
    correct: "Berichtigen",
    dialogs: {
      retry: {
        title: "Erneut zustellen",
        explanation: "Der Lead wird jetzt noch einmal gesendet. Scheitert es wieder, bleibt er Klärfall.",
        button: "Erneut zustellen",
      },
      resolve: {
        title: "Als erledigt markieren",
        explanation:
          "Es wird nichts mehr gesendet. Der Lead gilt als von Hand erledigt, zum Beispiel weil er das Ziel auf anderem Weg erreicht hat.",
        button: "Als erledigt markieren",
      },
      discard: {
        title: "Verwerfen",
        explanation:
          "Aus diesen Daten wird kein Lead. Diese bleiben als „unlesbar“ gezählt und im Protokoll aufbewahrt.",
        button: "Verwerfen",
      },
      dead: {
        title: "Nicht mehr zustellen",
        explanation:
          "Es wird nichts mehr gesendet, und der Lead bleibt gescheitert. Später lässt er sich trotzdem noch erneut zustellen.",
        button: "Nicht mehr zustellen",
      },
    },
    done: {
      retry: "Zur Zustellung gegeben. Der Stand hier ändert sich, sobald das Ziel geantwortet hat.",
      edit: "Geändert und zur Zustellung gegeben. Der Stand hier ändert sich, sobald das Ziel geantwortet hat.",
      corrected: "Berichtigt: Daraus ist ein Lead geworden, der jetzt zugestellt wird.",
      resolve: "Als erledigt markiert.",
      discard: "Verworfen.",
      dead: "Wird nicht mehr zugestellt.",
    },
    whyNot: {
      entry_without_destination: "Zustellen lässt er sich nicht: Er nennt keinen Lead oder kein Ziel.",
      entry_reopened_already: "Er wurde schon erneut versucht: Den neuen Klärfall finden Sie unten.",
      another_entry_open:
        "Zu diesem Lead und Ziel ist schon ein anderer Klärfall offen: Sie finden ihn unten.",
      delivery_under_way: "Der Lead ist schon auf dem Weg zu diesem Ziel.",
      destination_removed:
        "Zustellen lässt er sich nicht: Das Ziel ist nicht mehr eingerichtet. Richten Sie es wieder ein, oder erledigen Sie ihn von Hand.",
      destination_is_external:
        "LeadLedger sendet an dieses Ziel nichts: Ihr eigenes Programm holt sich, was zu tun ist.",
    },
  },
  en: {
    edit: "Edit and deliver",
    correct: "Correct",
    dialogs: {
      retry: {
        title: "Deliver again",
        explanation: "The lead is sent once more now. If it fails again, it goes on needing attention.",
        button: "Deliver again",
      },
      resolve: {
        title: "Mark as settled",
        explanation:
          "Nothing more is sent. The lead counts as settled by hand, for example because it reached the destination in another way.",
        button: "Mark as settled",
      },
      discard: {
        title: "Discard",
        explanation: "These data become no lead. They stay counted as unreadable and kept in the log.",
        button: "Discard",
      },
      dead: {
        title: "Give up",
        explanation:
          "Nothing more is sent, and the lead stays failed. It can still be delivered again later.",
        button: "Give up",
      },
    },
    done: {
      retry: "Handed over to delivery. The state here changes as soon as the destination has answered.",
      edit: "Changed and handed over to delivery. The state here changes as soon as the destination has answered.",
      corrected: "Corrected: it is a lead now, and is being delivered.",
      resolve: "Marked as settled.",
      discard: "Discarded.",
      dead: "Given up.",
    },
    whyNot: {
      entry_without_destination: "It cannot be delivered: it names no lead or no destination.",
      entry_reopened_already: "It was tried again already: you find the new case below.",
      another_entry_open: "Another case of this lead and destination is open: you find it below.",
      delivery_under_way: "The lead is on its way to this destination already.",
      destination_removed:
        "It cannot be delivered: the destination is not configured any more. Put it back, or settle this by hand.",
      destination_is_external:
        "LeadLedger sends nothing to this destination: your own program takes up what there is to do.",
    },
  },
};
