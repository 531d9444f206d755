// The data of a log entry, shown when it is asked for.
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { LogEntry } from "../api/types.ts";
import { eventName } from "../language/event-names.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { JsonView } from "../ui/json-view.tsx";

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
      <Dialog isOpen={isOpen} onClose={close} title={eventName(event.event_type, language)} isWide>
        <JsonView label={`${event.event_type} · ${text.entry(event.event_id)}`} value={event.payload} />
      </Dialog>
    </>
  );
}

const texts = {
  de: { show: "Zeigen", entry: (id: number) => `Eintrag ${id}` },
  en: { show: "Show", entry: (id: number) => `entry ${id}` },
};
