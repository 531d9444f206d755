// Copies a short text and says so.
import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTexts } from "../language/language.tsx";

interface CopyButtonProps {
  readonly label: string;
  readonly value: string;
  readonly isSmall?: boolean;
}

export function CopyButton({ label, value, isSmall = false }: CopyButtonProps) {
  const text = useTexts(texts);
  const { copied, error, copy } = useClipboard();
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <Button
      variant="default"
      size={isSmall ? "compact-xs" : "sm"}
      mih={24}
      leftSection={<Icon size={15} aria-hidden />}
      onClick={() => copy(value)}
    >
      <span aria-live="polite">{copied ? text.copied : error === null ? label : text.failed}</span>
    </Button>
  );
}

const texts = {
  de: { copied: "Kopiert", failed: "Kopieren geht hier nur über https" },
  en: { copied: "Copied", failed: "Copying needs https here" },
};
