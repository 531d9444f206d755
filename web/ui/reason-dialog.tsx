// Asks once more before something is done, and why; the reason stays in the log.
import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { useTexts } from "../language/language.tsx";
import { Dialog } from "./dialog.tsx";
import { ProblemAlert } from "./problem-alert.tsx";

interface ReasonFormProps {
  /** What will happen. */
  readonly explanation: ReactNode;
  readonly button: string;
  readonly isDangerous?: boolean;
  /** false: no reason is asked for. */
  readonly asksReason?: boolean;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onConfirm: (reason: string) => void;
  readonly onClose: () => void;
}

interface ReasonDialogProps extends ReasonFormProps {
  readonly title: string;
  readonly isOpen: boolean;
}

export function ReasonDialog({ title, isOpen, ...form }: ReasonDialogProps) {
  return (
    <Dialog isOpen={isOpen} onClose={form.onClose} title={title}>
      <ReasonForm {...form} />
    </Dialog>
  );
}

function ReasonForm(props: ReasonFormProps) {
  const { explanation, button, isDangerous = false, asksReason = true } = props;
  const { isPending, error, onConfirm, onClose } = props;
  const text = useTexts(texts);
  const [reason, setReason] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onConfirm(reason.trim());
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
          <Button variant="default" onClick={onClose}>
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
  );
}

const texts = {
  de: {
    reason: "Begründung",
    reasonWhy: "Sie bleibt im Protokoll stehen.",
    cancel: "Abbrechen",
  },
  en: { reason: "Reason", reasonWhy: "It stays in the log.", cancel: "Cancel" },
};
