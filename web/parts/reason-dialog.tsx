// Asks once more before something is done, and why; the reason stays in the log.
import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { ProblemAlert } from "./problem-alert.tsx";

interface ReasonDialogProps {
  readonly title: string;
  /** What will happen. */
  readonly explanation: ReactNode;
  readonly button: string;
  readonly isDangerous?: boolean;
  /** false: no reason is asked for. */
  readonly asksReason?: boolean;
  readonly isOpen: boolean;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onConfirm: (reason: string) => void;
  readonly onClose: () => void;
}

export function ReasonDialog(props: ReasonDialogProps) {
  const {
    title,
    explanation,
    button,
    isDangerous = false,
    asksReason = true,
    isOpen,
    isPending,
    error,
  } = props;
  const text = useTexts(texts);
  const [reason, setReason] = useState("");
  return (
    <Modal
      opened={isOpen}
      onClose={props.onClose}
      title={title}
      closeButtonProps={{ "aria-label": text.close }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onConfirm(reason.trim());
        }}
      >
        <Stack>
          <Text component="div">{explanation}</Text>
          {asksReason ? (
            <Textarea
              label={text.reason}
              description={text.reasonWhy}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              required
              maxLength={2_000}
              autosize
              minRows={2}
              data-autofocus
            />
          ) : null}
          {error === null ? null : <ProblemAlert error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {text.cancel}
            </Button>
            <Button
              type="submit"
              loading={isPending}
              disabled={asksReason && reason.trim() === ""}
              {...(isDangerous ? { color: "red.9" } : {})}
            >
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const texts = {
  de: {
    reason: "Begründung",
    reasonWhy: "Sie bleibt im Protokoll stehen.",
    cancel: "Abbrechen",
    close: "Schließen",
  },
  en: { reason: "Reason", reasonWhy: "It stays in the log.", cancel: "Cancel", close: "Close" },
};
