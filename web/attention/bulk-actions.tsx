// What can be done to many cases at once, as buttons; only what makes sense for their kinds and states.
import { Button, Group } from "@mantine/core";
import { IconCheck, IconRefresh, IconX } from "@tabler/icons-react";
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
      giveUp: "Alle nicht mehr zustellen",
    },
    some: {
      retry: "Erneut zustellen",
      resolve: "Als erledigt markieren",
      discard: "Verwerfen",
      giveUp: "Nicht mehr zustellen",
    },
  },
  en: {
    all: {
      retry: "Deliver all again",
      resolve: "Mark all as settled",
      discard: "Discard all",
      giveUp: "Give all up",
    },
    some: { retry: "Deliver again", resolve: "Mark as settled", discard: "Discard", giveUp: "Give up" },
  },
};
