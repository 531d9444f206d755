// The fields of a form, from what the server says of them; those that most people never need are shown on demand.
import { Stack } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { FormField } from "../../api/types.ts";
import { useTexts } from "../../language/language.tsx";
import { fieldsInView, textOf } from "./draft.ts";
import type { Draft, DraftValue, FieldInView, Stored } from "./draft.ts";
import type { FieldProblems } from "./field-problems.ts";
import { Field } from "./field.tsx";
import classes from "./form.module.css";

export interface FormFieldsProps {
  readonly fields: readonly FormField[];
  readonly draft: Draft;
  readonly problems: FieldProblems;
  readonly stored: Stored;
  readonly isNew: boolean;
  /** Stands below a field, by its name. */
  readonly below?: Readonly<Record<string, ReactNode>> | undefined;
  readonly onChange: (name: string, value: DraftValue) => void;
}

export function FormFields({
  fields,
  draft,
  problems,
  stored,
  isNew,
  below = {},
  onChange,
}: FormFieldsProps) {
  const text = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  const inView = fieldsInView(fields, draft);
  const advanced = inView.filter(({ isAdvanced }) => isAdvanced);
  const hasProblem = advanced.some(({ field }) => problems.byField[field.name] !== undefined);
  const shown = (each: FieldInView) => (
    <div key={each.field.name} className={each.parent === null ? undefined : classes.inner}>
      <Field
        field={each.field}
        value={draft[each.field.name]}
        problems={problems.byField[each.field.name] ?? []}
        stored={stored[each.field.name] ?? []}
        client={textOf(draft["client"])}
        isNew={isNew}
        isRemovable={!isNew && each.parent === null}
        onChange={(value) => onChange(each.field.name, value)}
      />
      {below[each.field.name]}
    </div>
  );
  return (
    <Stack gap="lg">
      {inView.filter(({ isAdvanced }) => !isAdvanced).map(shown)}
      {advanced.length === 0 ? null : (
        <details
          className={classes.advanced}
          open={isOpen || hasProblem}
          onToggle={(event) => setOpen(event.currentTarget.open)}
        >
          <summary>{text.advanced}</summary>
          <Stack gap="lg" mt="md">
            {advanced.map(shown)}
          </Stack>
        </details>
      )}
    </Stack>
  );
}

const texts = { de: { advanced: "Weitere Einstellungen" }, en: { advanced: "More settings" } };
