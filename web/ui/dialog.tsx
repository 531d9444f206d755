// A dialog above the page. Its content is made anew at every opening, so that nothing typed or shown before is left in it.
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly isWide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, isOpen, isWide = false, onClose, children }: DialogProps) {
  const text = useTexts(texts);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      size={isWide ? "lg" : "md"}
      closeButtonProps={{ "aria-label": text.close }}
    >
      {children}
    </Modal>
  );
}

const texts = { de: { close: "Schließen" }, en: { close: "Close" } };
