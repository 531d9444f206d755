// What can be done to many cases at once, as buttons; only what makes sense for their kinds and states.
import { Button, Group } from "@mantine/core";
import { IconCheck, IconEdit, IconPlus, IconRefresh, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { useMay } from "../api/session.ts";
import { useTexts } from "../language/language.tsx";
import type { Kind } from "./cause.tsx";
import { OrderDialog } from "./order-dialog.tsx";
import type { EntryFilter } from "./entry-filter.ts";
import type { EntryAction } from "./operation-words.ts";

interface BulkActionsProps {
  readonly filter: EntryFilter;
  /** null: any. */
  readonly kind: Kind | null;
  /** They belong to no source yet, and can be taken in once one of them lists their page. */
  readonly areUnrouted?: boolean;
  /** Only closed ones: all that can be done is to try them again. */
  readonly areClosed?: boolean;
  /** Of a group: „Alle …". */
  readonly isAll?: boolean;
  /** What is meant, read aloud after the button's own words. */
  readonly about: string;
  /** Further buttons, before the one that ends it all. */
  readonly children?: ReactNode;
}

export function BulkActions({
  filter,
  kind,
  areUnrouted = false,
  areClosed = false,
  isAll = false,
  about,
  children,
}: BulkActionsProps) {
  const text = useTexts(texts);
  const mayWork = useMay("dlq.work");
  const [action, setAction] = useState<EntryAction>("dlq.retry");
  const [isOpen, setOpen] = useState(false);
  if (!mayWork) return children;
  const isSendable = kind === null || kind === "delivery" || kind === "replay" || kind === "manual";
  const discards = kind === "refused";
  const isConflict = kind === "conflict";
  const ask = (wanted: EntryAction) => () => {
    setAction(wanted);
    setOpen(true);
  };
  const words = isAll ? text.all : text.some;
  return (
    <>
      <Group gap="xs" flex={1}>
        {isSendable && kind !== "manual" ? (
          <Button
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={ask("dlq.retry")}
            aria-label={`${words.retry}: ${about}`}
          >
            {words.retry}
          </Button>
        ) : null}
        {isConflict || areUnrouted ? (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={ask("dlq.take_in")}
            aria-label={`${words.takeIn}: ${about}`}
          >
            {words.takeIn}
          </Button>
        ) : null}
        {isConflict ? (
          <Button
            variant="default"
            leftSection={<IconEdit size={16} aria-hidden />}
            onClick={ask("dlq.deliver_change")}
            aria-label={`${words.deliverChange}: ${about}`}
          >
            {words.deliverChange}
          </Button>
        ) : null}
        {areClosed ? null : (
          <Button
            variant="default"
            leftSection={discards ? <IconX size={16} aria-hidden /> : <IconCheck size={16} aria-hidden />}
            onClick={ask("dlq.resolve")}
            aria-label={`${discards ? words.discard : words.resolve}: ${about}`}
          >
            {discards ? words.discard : words.resolve}
          </Button>
        )}
        {children}
        {isSendable && !areClosed ? (
          <Button
            variant="subtle"
            color="red"
            ml="auto"
            onClick={ask("dlq.dead")}
            aria-label={`${words.giveUp}: ${about}`}
          >
            {words.giveUp}
          </Button>
        ) : null}
      </Group>
      <OrderDialog order={{ action, filter, discards }} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}

const texts = {
  de: {
    all: {
      retry: "Alle erneut zustellen",
      resolve: "Alle als erledigt markieren",
      discard: "Alle verwerfen",
      takeIn: "Alle als eigene Leads annehmen",
      deliverChange: "Alle als Änderungen zustellen",
      giveUp: "Alle nicht mehr zustellen",
    },
    some: {
      retry: "Erneut zustellen",
      resolve: "Als erledigt markieren",
      discard: "Verwerfen",
      takeIn: "Als eigenen Lead annehmen",
      deliverChange: "Als Änderung zustellen",
      giveUp: "Nicht mehr zustellen",
    },
  },
  en: {
    all: {
      retry: "Deliver all again",
      resolve: "Mark all as settled",
      discard: "Discard all",
      takeIn: "Take all in as leads of their own",
      deliverChange: "Deliver all as changes",
      giveUp: "Give all up",
    },
    some: {
      retry: "Deliver again",
      resolve: "Mark as settled",
      discard: "Discard",
      takeIn: "Take in as a lead of its own",
      deliverChange: "Deliver as a change",
      giveUp: "Give up",
    },
  },
};
