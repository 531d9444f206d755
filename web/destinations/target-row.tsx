// One line in the editor of a destination's map: a field of the receiver's, its rule, and what a real lead gives by it.
import { ActionIcon, Autocomplete, Checkbox, NativeSelect, Text } from "@mantine/core";
import type { ComboboxParsedItem } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { writeExactly } from "../../src/domain/values/exact-json.ts";
import type { RemoteField, TargetPreview } from "../api/types.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { ofKind, ruleKinds } from "../sources-and-destinations/map-draft.ts";
import type { BodyPlace, RuleKind, TargetDraft } from "../sources-and-destinations/map-draft.ts";
import { MapRuleFields } from "../sources-and-destinations/map-rule.tsx";
import { ruleKindWords } from "../sources-and-destinations/map-words.ts";
import classes from "../sources-and-destinations/map.module.css";

interface TargetRowProps {
  /** From 1. */
  readonly number: number;
  readonly draft: TargetDraft;
  /** undefined: not tried yet. */
  readonly outcome: TargetPreview["targets"][number] | undefined;
  readonly places: readonly BodyPlace[];
  /** Fields that the receiver is known to have; none where it cannot be asked. */
  readonly offered: readonly RemoteField[];
  /** Said below the rule: what is wrong with the target at the receiver. */
  readonly warning?: ReactNode;
  readonly problems: readonly string[];
  readonly onChange: (draft: TargetDraft) => void;
  readonly onRemove: () => void;
}

export function TargetRow(props: TargetRowProps) {
  const { number, draft, outcome, places, offered, warning, problems, onChange, onRemove } = props;
  const { language } = useLanguage();
  const text = useTexts(texts);
  const { target, rule } = draft;
  const label = target === "" ? text.line(number) : target;
  const fieldAt = new Map(offered.map((field) => [field.target, field]));
  const field = fieldAt.get(target);
  return (
    <li className={classes.member} aria-label={label}>
      <Autocomplete
        aria-label={text.target(number)}
        placeholder="properties.email"
        value={target}
        description={field === undefined || field.label === target ? undefined : field.label}
        data={[...fieldAt.keys()]}
        filter={({ options, search }) => options.filter((option) => isFound(option, search, fieldAt))}
        limit={optionsMax}
        renderOption={({ option }) => <FieldOption field={fieldAt.get(option.value)} />}
        onChange={(typed) => onChange({ ...draft, target: typed })}
        spellCheck={false}
        autoCapitalize="off"
      />
      <NativeSelect
        className={classes.rule ?? ""}
        aria-label={text.ruleOf(label)}
        data={ruleKinds
          .filter((kind) => kind !== "auto")
          .map((value) => ({ value, label: ruleKindWords[language][value] }))}
        value={rule.kind}
        onChange={(event) =>
          onChange({ ...draft, rule: ofKind(rule, event.currentTarget.value as RuleKind) })
        }
        error={problems.length === 0 ? null : problems.join(" ")}
      />
      <div className={classes.listed}>
        <Outcome outcome={outcome} />
        <ActionIcon variant="default" size="lg" aria-label={text.remove(label)} onClick={onRemove}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <div className={classes.fields}>
        {warning}
        <MapRuleFields
          {...{ label, rule, places }}
          isTarget
          options={field?.options ?? []}
          onChange={(changed) => onChange({ ...draft, rule: changed })}
        />
        {rule.kind === "json" || rule.kind === "constant" ? null : (
          <Checkbox
            mt="xs"
            size="sm"
            label={text.required}
            checked={rule.isRequired}
            onChange={(event) =>
              onChange({ ...draft, rule: { ...rule, isRequired: event.currentTarget.checked } })
            }
          />
        )}
      </div>
    </li>
  );
}

/** By its name or by what people call it there. */
function isFound(
  option: ComboboxParsedItem,
  search: string,
  fieldAt: ReadonlyMap<string, RemoteField>,
): boolean {
  if (!("value" in option)) return false;
  const wanted = search.trim().toLowerCase();
  const { label = "" } = fieldAt.get(option.value) ?? {};
  return option.value.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted);
}

function FieldOption({ field }: { readonly field: RemoteField | undefined }) {
  const text = useTexts(texts);
  if (field === undefined) return null;
  const { target, label, type, required } = field;
  const about = [text.types[type], ...(required ? [text.isRequired] : [])].join(", ");
  return (
    <div className={classes.option}>
      <span>{label}</span>
      <Text component="span" size="xs" c="dimmed">
        {target === label ? about : `${target} · ${about}`}
      </Text>
    </div>
  );
}

const optionsMax = 100;

function Outcome({ outcome }: Pick<TargetRowProps, "outcome">) {
  const text = useTexts(texts);
  if (outcome === undefined) return <div className={classes.value} />;
  const { value, is_missing: isMissing } = outcome;
  if (value !== null)
    return (
      <Text size="sm" className={classes.value ?? ""}>
        {typeof value === "string" ? value : <code>{writeExactly(value)}</code>}
      </Text>
    );
  return (
    <Text size="sm" c={isMissing ? "red" : "dimmed"} className={classes.value ?? ""}>
      {isMissing ? text.missing : text.nothing}
    </Text>
  );
}

const texts = {
  de: {
    isRequired: "Pflichtfeld",
    types: {
      text: "Text",
      number: "Zahl",
      boolean: "ja oder nein",
      date: "Datum",
      time: "Zeitpunkt",
      choice: "Auswahl",
      choices: "Mehrfachauswahl",
      list: "Liste",
      other: "eigener Typ",
    },
    line: (number: number) => `Zeile ${number}`,
    target: (number: number) => `Zeile ${number}: Feld des Empfängers`,
    ruleOf: (label: string) => `Woher kommt: ${label}`,
    remove: (label: string) => `${label} weglassen`,
    required: "Pflicht: Ohne Inhalt wird der Lead nicht gesendet",
    missing: "fehlt: Dieser Lead würde nicht gesendet",
    nothing: "gibt bei diesem Lead nichts, bleibt weg",
  },
  en: {
    isRequired: "required there",
    types: {
      text: "text",
      number: "number",
      boolean: "yes or no",
      date: "date",
      time: "point in time",
      choice: "choice",
      choices: "several of a choice",
      list: "list",
      other: "a type of its own",
    },
    line: (number: number) => `Line ${number}`,
    target: (number: number) => `Line ${number}: field of the receiver`,
    ruleOf: (label: string) => `Where from: ${label}`,
    remove: (label: string) => `Leave out ${label}`,
    required: "Required: without content the lead is not sent",
    missing: "missing: this lead would not be sent",
    nothing: "gives nothing in this lead, is left out",
  },
};
