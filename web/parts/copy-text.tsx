// Text to take away: an address, a key, a piece of code.
import { Button, Group, Text } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useId } from "react";
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
          onClick={() => clipboard.copy(value)}
          aria-label={`${text.copy}: ${label}`}
        >
          <span aria-live="polite">{clipboard.copied ? text.copied : text.copy}</span>
        </Button>
      </Group>
      <pre className={classes.code} tabIndex={0} role="group" aria-labelledby={id}>
        {value}
      </pre>
    </div>
  );
}

const texts = { de: { copy: "Kopieren", copied: "Kopiert" }, en: { copy: "Copy", copied: "Copied" } };
