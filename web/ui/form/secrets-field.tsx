// Several secrets that are valid at once, each with an end if one likes. They take the place of those that there are.
import { ActionIcon, Button, Fieldset, Input, PasswordInput, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTexts } from "../../language/language.tsx";
import type { SecretRow } from "./draft.ts";
import { DayField } from "../day-field.tsx";
import type { FieldProps } from "./field-props.ts";
import classes from "./form.module.css";
import { HelpText } from "./help-text.tsx";

export function SecretsField({ field, value, problems, isNew, onChange }: FieldProps) {
  const text = useTexts(texts);
  const rows = value?.kind === "secrets" ? value.rows : [];
  const keep = (kept: readonly SecretRow[]): void => onChange({ kind: "secrets", rows: kept });
  const change = (changed: SecretRow): void =>
    keep(rows.map((row) => (row.id === changed.id ? changed : row)));
  const add = (): void =>
    keep([...rows, { id: Math.max(-1, ...rows.map(({ id }) => id)) + 1, value: "", notAfter: "" }]);
  return (
    <Fieldset
      legend={field.label}
      variant="unstyled"
      classNames={{ root: classes.group ?? "", legend: classes.legend ?? "" }}
    >
      <Stack gap="sm">
        <Text size="xs" c="dimmed">
          <HelpText>{field.help}</HelpText> {isNew ? null : text.replaces}
        </Text>
        {rows.map((row, index) => (
          <div key={row.id} className={classes.row}>
            <PasswordInput
              label={text.value(index + 1)}
              value={row.value}
              autoComplete="new-password"
              visibilityToggleButtonProps={{ "aria-label": text.show, tabIndex: 0 }}
              onChange={(event) => change({ ...row, value: event.currentTarget.value })}
            />
            <DayField
              label={text.notAfter}
              value={row.notAfter}
              onChange={(day) => change({ ...row, notAfter: day })}
            />
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={text.remove(index + 1)}
              onClick={() => keep(rows.filter(({ id }) => id !== row.id))}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </div>
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

const texts = {
  de: {
    replaces: "Sie treten an die Stelle aller bisherigen.",
    value: (number: number) => `${number}. Geheimnis`,
    notAfter: "Gültig bis (auf Wunsch)",
    show: "Zeigen oder verbergen",
    add: "Hinzufügen",
    remove: (number: number) => `${number}. Geheimnis wieder entfernen`,
  },
  en: {
    replaces: "They take the place of all that there are.",
    value: (number: number) => `Secret ${number}`,
    notAfter: "Valid until (if you like)",
    show: "Show or hide",
    add: "Add",
    remove: (number: number) => `Remove secret ${number} again`,
  },
};
