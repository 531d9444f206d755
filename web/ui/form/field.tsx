// One field of a form, by its type.
import { Checkbox, PasswordInput, Radio, Stack, Switch, TextInput, Textarea } from "@mantine/core";
import type { FormField } from "../../api/types.ts";
import { useTexts } from "../../language/language.tsx";
import { DestinationsField } from "./destinations-field.tsx";
import { textOf } from "./draft.ts";
import type { FieldProps } from "./field-props.ts";
import classes from "./form.module.css";
import { HeadersField } from "./headers-field.tsx";
import { HelpText } from "./help-text.tsx";
import { SecretsField } from "./secrets-field.tsx";

export function Field(props: FieldProps) {
  switch (props.field.type) {
    case "secret":
      return <SecretField {...props} />;
    case "boolean":
      return <FlagField {...props} />;
    case "choice":
    case "alternatives":
      return <ChoiceField {...props} />;
    case "json":
      return <LongField {...props} isCode />;
    case "long_text":
      return <LongField {...props} isCode={false} />;
    case "headers":
    case "parameters":
      return <HeadersField {...props} />;
    case "secrets":
      return <SecretsField {...props} />;
    case "destinations":
      return <DestinationsField {...props} />;
    case "text":
    case "texts":
    case "url":
    case "number":
    case "duration":
    case "durations":
      return <TextField {...props} />;
  }
}

function TextField(props: FieldProps) {
  const { field, value, stored, isNew, onChange } = props;
  const text = useTexts(texts);
  const [kept] = stored;
  return (
    <TextInput
      {...commonOf(props)}
      description={
        <>
          <HelpText>{field.help}</HelpText> {hintOf(field, text)}{" "}
          {kept === undefined ? null : text.kept(kept)}
        </>
      }
      value={textOf(value)}
      onChange={(event) => onChange({ kind: "text", text: event.currentTarget.value })}
      placeholder={field.example ?? ""}
      disabled={field.fixed && !isNew}
      classNames={
        field.type === "number" || field.type === "duration" ? { wrapper: classes.short ?? "" } : {}
      }
      inputMode={field.type === "number" ? "numeric" : field.type === "url" ? "url" : "text"}
    />
  );
}

/** How it is written, where nobody would guess. */
function hintOf({ type, rules: { format, min, max } }: FormField, text: (typeof texts)["de"]): string {
  const range = min === undefined || max === undefined ? "" : text.range(String(min), String(max));
  if (type === "duration") return `${text.duration} ${range}`;
  if (type === "durations") return `${text.durations} ${range}`;
  return type === "number" || format === "size" ? range : "";
}

function SecretField(props: FieldProps) {
  const { field, value, stored, isRemovable, onChange } = props;
  const text = useTexts(texts);
  const isRemoved = value?.kind === "removed";
  return (
    <Stack gap="xs">
      <PasswordInput
        {...commonOf(props)}
        value={textOf(value)}
        onChange={(event) => onChange({ kind: "text", text: event.currentTarget.value })}
        autoComplete="new-password"
        disabled={isRemoved}
        visibilityToggleButtonProps={{ "aria-label": text.showSecret, tabIndex: 0 }}
        placeholder={stored.length > 0 && isRemovable ? text.unchanged : ""}
      />
      {isRemovable && stored.length > 0 ? (
        <Checkbox
          label={text.removeSecret(field.label)}
          checked={isRemoved}
          onChange={(event) =>
            onChange(event.currentTarget.checked ? { kind: "removed" } : { kind: "text", text: "" })
          }
        />
      ) : null}
    </Stack>
  );
}

function FlagField(props: FieldProps) {
  const { value, onChange } = props;
  const { label, description, error } = commonOf(props);
  return (
    <Switch
      {...{ label, description, error }}
      checked={value?.kind === "flag" && value.isOn}
      onChange={(event) => onChange({ kind: "flag", isOn: event.currentTarget.checked })}
    />
  );
}

function ChoiceField(props: FieldProps) {
  const { field, value, onChange } = props;
  return (
    <Radio.Group
      {...{ ...commonOf(props), required: false }}
      value={textOf(value)}
      onChange={(text) => onChange({ kind: "text", text })}
    >
      <Stack gap="xs" mt="xs">
        {field.options.map((option) => (
          <Radio
            key={option.value}
            value={option.value}
            label={option.label}
            description={<HelpText>{option.help}</HelpText>}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function LongField({ isCode, ...props }: FieldProps & { readonly isCode: boolean }) {
  const { value, onChange } = props;
  return (
    <Textarea
      {...commonOf(props)}
      value={textOf(value)}
      onChange={(event) => onChange({ kind: "text", text: event.currentTarget.value })}
      autosize
      minRows={3}
      maxRows={20}
      {...(isCode ? { spellCheck: false, ff: "monospace" } : {})}
    />
  );
}

function commonOf({ field, problems, isNew }: FieldProps) {
  return {
    label: field.label,
    description: <HelpText>{field.help}</HelpText>,
    error: problems.length === 0 ? null : problems.join(" "),
    required: field.required && isNew,
  };
}

const texts = {
  de: {
    duration: "Zahl mit Einheit: 500ms, 10s, 5m, 2h, 1d.",
    durations: "Zahlen mit Einheit, durch Komma getrennt: 1s, 5m, 2h, 1d.",
    range: (min: string, max: string) => `Von ${min} bis ${max}.`,
    kept: (shown: string) => `Gespeichert ist eine Adresse bei ${shown}; leer lassen, um sie zu behalten.`,
    showSecret: "Zeigen oder verbergen",
    unchanged: "unverändert",
    removeSecret: (label: string) => `${label} entfernen`,
  },
  en: {
    duration: "A number with a unit: 500ms, 10s, 5m, 2h, 1d.",
    durations: "Numbers with units, separated by commas: 1s, 5m, 2h, 1d.",
    range: (min: string, max: string) => `From ${min} to ${max}.`,
    kept: (shown: string) => `An address at ${shown} is stored; leave this empty to keep it.`,
    showSecret: "Show or hide",
    unchanged: "unchanged",
    removeSecret: (label: string) => `Remove: ${label}`,
  },
};
