// Orders a bulk action: how many it will be about, why, and how fast; then shows how it goes.
import { NumberInput, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { call } from "../api/client.ts";
import { useFormat } from "../language/format.ts";
import { useTexts } from "../language/language.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import type { EntryFilter } from "./entry-filter.ts";
import type { EntryAction } from "./operation-words.ts";

export interface Order {
  readonly action: EntryAction;
  /** As POST /operations takes it. */
  readonly filter: EntryFilter;
  /** Refused payloads alone: settling them means discarding them. */
  readonly discards: boolean;
}

interface OrderDialogProps {
  readonly order: Order;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function OrderDialog({ order, isOpen, onClose }: OrderDialogProps) {
  const text = useTexts(texts);
  const { count } = useFormat();
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [rate, setRate] = useState<number | string>("");
  const { action, filter, discards } = order;
  const isLimited = action === "dlq.retry" && typeof rate === "number";
  const preview = useQuery({
    queryKey: ["entries", "preview", action, filter],
    queryFn: () => call("POST /operations/preview", { body: { action, filter } }),
    enabled: isOpen,
    // Each time that the dialog opens it counts anew.
    staleTime: 0,
  });
  const ordering = useMutation({
    mutationFn: (reason: string) =>
      call("POST /operations", {
        body: { action, filter, reason, ...(isLimited ? { rate_per_second: rate } : {}) },
      }),
    onSuccess: (operation) => {
      void queries.invalidateQueries({ queryKey: ["operations"] });
      navigate(`/attention/operations/${operation.operation_id}`);
    },
  });
  const words = discards && action === "dlq.resolve" ? text.discard : text[action];
  return (
    <ReasonDialog
      title={words.title}
      explanation={
        <Stack gap="sm">
          <Text role="status" mih="1.6em">
            {preview.data === undefined
              ? text.counting
              : words.about(preview.data.total, count(preview.data.total))}
          </Text>
          <Text size="sm" c="dimmed">
            {words.consequence}
          </Text>
          {action === "dlq.retry" ? (
            <NumberInput
              label={text.rate}
              description={text.rateWhy}
              value={rate}
              onChange={setRate}
              min={1}
              max={1_000_000}
              allowDecimal={false}
              hideControls
            />
          ) : null}
        </Stack>
      }
      button={words.button}
      isDangerous={action === "dlq.dead" || (discards && action === "dlq.resolve")}
      isOpen={isOpen}
      isPending={ordering.isPending}
      error={ordering.error ?? preview.error}
      onConfirm={(reason) => ordering.mutate(reason)}
      onClose={() => {
        ordering.reset();
        onClose();
      }}
    />
  );
}

const texts = {
  de: {
    counting: "Wird gezählt …",
    rate: "Höchstens so viele je Sekunde (freiwillig)",
    rateWhy: "Schont ein Ziel, das gerade erst wieder da ist. Leer: so schnell es geht.",
    "dlq.retry": {
      title: "Erneut zustellen",
      about: (total: number, number: string) =>
        total === 1 ? "1 Klärfall wird erneut zugestellt." : `${number} Klärfälle werden erneut zugestellt.`,
      consequence:
        "Was wieder scheitert, bleibt Klärfall. Ein Ziel, das die Nummer der Zustellung prüft, erkennt, was es schon hat.",
      button: "Erneut zustellen",
    },
    "dlq.resolve": {
      title: "Als erledigt markieren",
      about: (total: number, number: string) =>
        total === 1
          ? "1 Klärfall wird als erledigt markiert."
          : `${number} Klärfälle werden als erledigt markiert.`,
      consequence: "Es wird nichts mehr gesendet. Die Leads gelten als von Hand erledigt.",
      button: "Als erledigt markieren",
    },
    discard: {
      title: "Verwerfen",
      about: (total: number, number: string) =>
        total === 1 ? "1 Eingang wird verworfen." : `${number} Eingänge werden verworfen.`,
      consequence:
        "Daraus werden keine Leads; gezählt bleibt alles als „unlesbar“. Die Daten bleiben im Protokoll.",
      button: "Verwerfen",
    },
    "dlq.take_in": {
      title: "Als eigene Leads annehmen",
      about: (total: number, number: string) =>
        total === 1
          ? "Aus 1 Klärfall wird ein eigener Lead."
          : `Aus ${number} Klärfällen werden eigene Leads.`,
      consequence:
        "Jeder bekommt eine eigene Nummer, gilt als eingegangen, als er kam, und geht an die Ziele seiner Quelle. Die ersten Leads bleiben, wie sie sind.",
      button: "Als eigene Leads annehmen",
    },
    "dlq.deliver_change": {
      title: "Als Änderungen zustellen",
      about: (total: number, number: string) =>
        total === 1
          ? "1 Klärfall gilt als neuester Stand seines Leads."
          : `${number} Klärfälle gelten als neuester Stand ihrer Leads.`,
      consequence:
        "Die Ziele erhalten die neuen Daten unter der Nummer des Leads mit dem Zusatz „:r1“, „:r2“ …; von mehreren zu einem Lead gilt der letzte. Der Stand der Leads ändert sich nicht.",
      button: "Als Änderungen zustellen",
    },
    "dlq.dead": {
      title: "Nicht mehr zustellen",
      about: (total: number, number: string) =>
        total === 1
          ? "1 Klärfall wird abgeschlossen, ohne zuzustellen."
          : `${number} Klärfälle werden abgeschlossen, ohne zuzustellen.`,
      consequence:
        "Es wird nichts mehr gesendet, und die Leads bleiben gescheitert. Später lassen sie sich trotzdem noch erneut zustellen.",
      button: "Nicht mehr zustellen",
    },
  },
  en: {
    counting: "Counting …",
    rate: "At most so many a second (optional)",
    rateWhy: "Spares a destination that has just come back. Empty: as fast as it goes.",
    "dlq.retry": {
      title: "Deliver again",
      about: (total: number, number: string) =>
        total === 1 ? "1 case is delivered again." : `${number} cases are delivered again.`,
      consequence:
        "What fails once more goes on needing attention. A destination that checks the number of a delivery recognises what it has already.",
      button: "Deliver again",
    },
    "dlq.resolve": {
      title: "Mark as settled",
      about: (total: number, number: string) =>
        total === 1 ? "1 case is marked as settled." : `${number} cases are marked as settled.`,
      consequence: "Nothing more is sent. The leads count as settled by hand.",
      button: "Mark as settled",
    },
    discard: {
      title: "Discard",
      about: (total: number, number: string) =>
        total === 1 ? "1 request is discarded." : `${number} requests are discarded.`,
      consequence: "They become no leads and stay counted as unreadable. The data stay in the log.",
      button: "Discard",
    },
    "dlq.take_in": {
      title: "Take in as leads of their own",
      about: (total: number, number: string) =>
        total === 1 ? "1 case becomes a lead of its own." : `${number} cases become leads of their own.`,
      consequence:
        "Each gets an id of its own, counts as received when it came, and goes to the destinations of its source. The first leads stay as they are.",
      button: "Take in as leads of their own",
    },
    "dlq.deliver_change": {
      title: "Deliver as changes",
      about: (total: number, number: string) =>
        total === 1
          ? "1 case is the newest state of its lead."
          : `${number} cases are the newest state of their leads.`,
      consequence:
        "Destinations get the new data under the lead's id followed by “:r1”, “:r2” …; of several of one lead the last one holds. The state of the leads does not change.",
      button: "Deliver as changes",
    },
    "dlq.dead": {
      title: "Give up",
      about: (total: number, number: string) =>
        total === 1 ? "1 case is given up." : `${number} cases are given up.`,
      consequence:
        "Nothing more is sent, and the leads stay failed. They can still be delivered again later.",
      button: "Give up",
    },
  },
};
