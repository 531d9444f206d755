// An expert's expression in place of a map, and why it gives nothing of the lead that is shown.
import { Anchor, Stack, Text, Textarea } from "@mantine/core";
import { useMay } from "../api/session.ts";
import type { TargetPreview } from "../api/types.ts";
import { useTexts } from "../language/language.tsx";
import { State } from "../ui/state.tsx";
import classes from "./condition.module.css";

interface ExpressionInputProps {
  readonly expression: string;
  readonly preview: TargetPreview | null;
  readonly problems: readonly string[];
  readonly onChange: (expression: string) => void;
}

export function ExpressionInput({ expression, preview, problems, onChange }: ExpressionInputProps) {
  const text = useTexts(texts);
  const mayWrite = useMay("expressions.write");
  const fault = problems.length > 0 || expression.trim() === "" ? null : (preview?.fault ?? null);
  return (
    <Stack gap={6}>
      <Textarea
        label={text.label}
        description={mayWrite ? text.help : text.readOnly}
        placeholder={'{ "name": lead.first_name & " " & lead.last_name }'}
        value={expression}
        readOnly={!mayWrite}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={problems.length === 0 ? null : problems.join(" ")}
        autosize
        minRows={6}
        maxRows={30}
        spellCheck={false}
        classNames={{ input: classes.code ?? "" }}
      />
      {fault === null ? null : (
        <State tone={fault.is_masking ? "quiet" : "bad"}>
          {fault.is_masking ? text.masked : fault.detail}
        </State>
      )}
      <Text size="sm" c="dimmed">
        <Anchor href="https://docs.jsonata.org" target="_blank" rel="noreferrer">
          {text.language}
        </Anchor>
      </Text>
    </Stack>
  );
}

const texts = {
  de: {
    label: "Ausdruck (JSONata)",
    help: "Sein Ergebnis, ein Objekt oder eine Liste, wird gesendet. Er sieht die Zustellung, wie sie in der Vorschau steht: lead.email, data.…",
    readOnly: "Ändern darf ihn nur ein Administrator.",
    masked: "Ergibt nur deshalb nichts, weil Personendaten hier verdeckt sind. Lassen Sie sie zeigen.",
    language: "Die Sprache JSONata",
  },
  en: {
    label: "Expression (JSONata)",
    help: "Its result, an object or a list, is sent. It sees the delivery as the preview shows it: lead.email, data.…",
    readOnly: "Only an administrator may change it.",
    masked: "It gives nothing only because person data is masked here. Have it shown.",
    language: "The language JSONata",
  },
};
