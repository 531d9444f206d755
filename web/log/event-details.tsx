// The data of a log entry, shown when it is asked for.
import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { LogEntry } from "../api/types.ts";
import { eventName } from "../language/event-names.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { JsonView } from "../parts/json-view.tsx";

export function EventDetails({ event }: { readonly event: LogEntry }) {
  const text = useTexts(texts);
  const { language } = useLanguage();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        onClick={open}
        aria-label={`${text.show}: ${text.entry(event.event_id)}`}
      >
        {text.show}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={eventName(event.event_type, language)}
        size="lg"
        closeButtonProps={{ "aria-label": text.close }}
      >
        <JsonView label={`${event.event_type} · ${text.entry(event.event_id)}`} value={event.payload} />
      </Modal>
    </>
  );
}

const texts = {
  de: { show: "Zeigen", entry: (id: number) => `Eintrag ${id}`, close: "Schließen" },
  en: { show: "Show", entry: (id: number) => `entry ${id}`, close: "Close" },
};
