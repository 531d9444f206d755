// Headers, or parameters of an address, with their values. Values that are stored are never shown: an empty one stays as it is.
import { ActionIcon, Button, Fieldset, Input, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTexts } from "../../language/language.tsx";
import type { HeaderRow } from "./draft.ts";
import type { FieldProps } from "./field-props.ts";
import classes from "./form.module.css";
import { HelpText } from "./help-text.tsx";

export function HeadersField({ field, value, problems, onChange }: FieldProps) {
  const text = useTexts(texts)[field.type === "parameters" ? "parameters" : "headers"];
  const rows = value?.kind === "headers" ? value.rows : [];
  const change = (changed: HeaderRow): void =>
    onChange({ kind: "headers", rows: rows.map((row) => (row.id === changed.id ? changed : row)) });
  const drop = (id: number): void => onChange({ kind: "headers", rows: rows.filter((row) => row.id !== id) });
  const add = (): void => {
    const id = Math.max(-1, ...rows.map((row) => row.id)) + 1;
    const row = { id, name: "", value: "", isStored: false, isRemoved: false };
    onChange({ kind: "headers", rows: [...rows, row] });
  };
  return (
    <Fieldset
      legend={field.label}
      variant="unstyled"
      classNames={{ root: classes.group ?? "", legend: classes.legend ?? "" }}
    >
      <Stack gap="sm" align="stretch">
        <Text size="xs" c="dimmed">
          <HelpText>{field.help}</HelpText>
        </Text>
        {rows.map((row, index) => (
          <HeaderInputs
            key={row.id}
            row={row}
            number={index + 1}
            words={text}
            onChange={change}
            onDrop={() => (row.isStored ? change({ ...row, isRemoved: !row.isRemoved }) : drop(row.id))}
          />
        ))}
        {problems.length === 0 ? null : <Input.Error role="alert">{problems.join(" ")}</Input.Error>}
        <div>
          <Button variant="default" size="xs" leftSection={<IconPlus size={16} />} onClick={add}>
            {text.add}
          </Button>
        </div>
      </Stack>
    </Fieldset>
  );
}

interface HeaderInputsProps {
  readonly row: HeaderRow;
  readonly number: number;
  readonly words: PairWords;
  readonly onChange: (row: HeaderRow) => void;
  readonly onDrop: () => void;
}

function HeaderInputs({ row, number, words, onChange, onDrop }: HeaderInputsProps) {
  const text = useTexts(texts);
  const name = row.name === "" ? String(number) : row.name;
  return (
    <div className={classes.row}>
      <TextInput
        aria-label={words.name(number)}
        placeholder={words.example}
        value={row.name}
        disabled={row.isStored}
        classNames={row.isRemoved ? { input: classes.removed ?? "" } : {}}
        onChange={(event) => onChange({ ...row, name: event.currentTarget.value })}
      />
      <PasswordInput
        aria-label={text.value(name)}
        placeholder={row.isStored ? (row.isRemoved ? text.removed : text.unchanged) : text.valueHint}
        value={row.value}
        disabled={row.isRemoved}
        autoComplete="off"
        visibilityToggleButtonProps={{ "aria-label": text.show, tabIndex: 0 }}
        onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
      />
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={row.isRemoved ? words.keep(name) : words.remove(name)}
        onClick={onDrop}
      >
        {row.isRemoved ? <IconArrowBackUp size={17} /> : <IconTrash size={17} />}
      </ActionIcon>
    </div>
  );
}

interface PairWords {
  readonly example: string;
  readonly name: (number: number) => string;
  readonly add: string;
  readonly remove: (name: string) => string;
  readonly keep: (name: string) => string;
}

const texts = {
  de: {
    value: (name: string) => `Wert von ${name}`,
    valueHint: "Wert",
    unchanged: "unverändert",
    removed: "wird entfernt",
    show: "Zeigen oder verbergen",
    headers: {
      example: "X-Team",
      name: (number: number) => `Name des ${number}. Headers`,
      add: "Header hinzufügen",
      remove: (name: string) => `Header ${name} entfernen`,
      keep: (name: string) => `Header ${name} behalten`,
    },
    parameters: {
      example: "campaign",
      name: (number: number) => `Name des ${number}. Parameters`,
      add: "Parameter hinzufügen",
      remove: (name: string) => `Parameter ${name} entfernen`,
      keep: (name: string) => `Parameter ${name} behalten`,
    },
  },
  en: {
    value: (name: string) => `Value of ${name}`,
    valueHint: "Value",
    unchanged: "unchanged",
    removed: "will be removed",
    show: "Show or hide",
    headers: {
      example: "X-Team",
      name: (number: number) => `Name of header ${number}`,
      add: "Add a header",
      remove: (name: string) => `Remove the header ${name}`,
      keep: (name: string) => `Keep the header ${name}`,
    },
    parameters: {
      example: "campaign",
      name: (number: number) => `Name of parameter ${number}`,
      add: "Add a parameter",
      remove: (name: string) => `Remove the parameter ${name}`,
      keep: (name: string) => `Keep the parameter ${name}`,
    },
  },
};
