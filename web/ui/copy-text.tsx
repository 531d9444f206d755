// Text to take away: an address, a key, a piece of code.
import { Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useId, useRef } from "react";
import { useTexts } from "../language/language.tsx";
import classes from "./parts.module.css";

interface CopyTextProps {
  readonly label: string;
  readonly value: string;
}

export function CopyText({ label, value }: CopyTextProps) {
  const text = useTexts(texts);
  const clipboard = useClipboard();
  const id = useId();
  const shown = useRef<HTMLPreElement>(null);
  // Browsers give the clipboard to https and to this machine alone; elsewhere the text is marked, to be copied by hand.
  const copy = (): void => {
    clipboard.copy(value);
    if (!window.isSecureContext && shown.current !== null) getSelection()?.selectAllChildren(shown.current);
  };
  const done = clipboard.copied ? text.copied : clipboard.error === null ? text.copy : text.marked;
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={550} id={id}>
          {label}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={clipboard.copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          onClick={copy}
        >
          <span aria-live="polite">{done}</span>
          <VisuallyHidden>{label}</VisuallyHidden>
        </Button>
      </Group>
      <pre className={classes.code} tabIndex={0} role="group" aria-labelledby={id} ref={shown}>
        {value}
      </pre>
    </div>
  );
}

const texts = {
  de: { copy: "Kopieren", copied: "Kopiert", marked: "Markiert: jetzt Strg+C" },
  en: { copy: "Copy", copied: "Copied", marked: "Selected: now Ctrl+C" },
};
