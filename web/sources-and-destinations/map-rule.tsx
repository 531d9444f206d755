// The inputs of one rule of a map: where it looks, and what becomes of what it finds.
import {
  ActionIcon,
  Autocomplete,
  Button,
  MultiSelect,
  NativeSelect,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconArrowRight, IconPlus, IconX } from "@tabler/icons-react";
import { targetTypes } from "../../src/domain/destinations/target-map.ts";
import { mapFormats } from "../../src/domain/leads/map-rules.ts";
import type { MapFormat } from "../../src/domain/leads/map-rules.ts";
import { useLanguage, useTexts } from "../language/language.tsx";
import { Details } from "../ui/details.tsx";
import type { BodyPlace, RuleDraft } from "./map-draft.ts";
import { formatWords } from "./map-words.ts";
import { PointerInput } from "./pointer-input.tsx";
import classes from "./map.module.css";

export interface MapRuleProps {
  /** What the member is called. */
  readonly label: string;
  readonly rule: RuleDraft;
  readonly places: readonly BodyPlace[];
  /** Of a destination: it may say a type, and that there must be something. */
  readonly isTarget?: true;
  /** Of a destination: what the receiver's field may hold, where that is a choice. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (rule: RuleDraft) => void;
}

export function MapRuleFields(props: MapRuleProps) {
  const { label, rule, onChange } = props;
  const text = useTexts(texts);
  switch (rule.kind) {
    case "auto":
      return null;
    case "json":
      return (
        <Textarea
          label={text.json}
          description={text.jsonHelp}
          value={rule.json}
          onChange={(event) => onChange({ ...rule, json: event.currentTarget.value })}
          autosize
          minRows={2}
          maxRows={12}
          spellCheck={false}
          ff="monospace"
        />
      );
    case "constant":
      return (
        <Stack gap="xs">
          <OptionInput
            label={text.constant(label)}
            value={rule.constant}
            options={props.options}
            onChange={(constant) => onChange({ ...rule, constant })}
          />
          {props.isTarget === true ? <TypeSelect {...props} /> : null}
        </Stack>
      );
    case "pointer":
      return (
        <Stack gap="xs">
          <PointerInput
            label={text.field}
            value={rule.pointers[0] ?? ""}
            places={props.places}
            onChange={(pointer) => onChange({ ...rule, pointers: [pointer, ...rule.pointers.slice(1)] })}
          />
          <Treatment {...props} />
        </Stack>
      );
    case "first":
    case "all":
    case "join":
      return (
        <Stack gap="xs">
          <PointerList {...props} />
          {rule.kind === "join" ? (
            <TextInput
              label={text.separator}
              value={rule.separator}
              onChange={(event) => onChange({ ...rule, separator: event.currentTarget.value })}
              maw="12rem"
            />
          ) : null}
          <Treatment {...props} />
        </Stack>
      );
  }
}

function PointerList({ rule, places, onChange }: MapRuleProps) {
  const text = useTexts(texts);
  const put = (pointers: readonly string[]): void => onChange({ ...rule, pointers });
  return (
    <Stack gap={6}>
      {rule.pointers.map((pointer, index) => (
        <div key={index} className={classes.listed}>
          <PointerInput
            label={text.fieldNumber(index + 1)}
            value={pointer}
            places={places}
            onChange={(typed) => put(rule.pointers.with(index, typed))}
          />
          {rule.pointers.length < 2 ? null : (
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={text.removeField(index + 1)}
              onClick={() => put(rule.pointers.filter((_, place) => place !== index))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          )}
        </div>
      ))}
      <div>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => put([...rule.pointers, ""])}
        >
          {text.addField}
        </Button>
      </div>
    </Stack>
  );
}

/** `format`, `table` and `default`, which most rules do without. */
function Treatment(props: MapRuleProps) {
  const { rule, isTarget, options = [], onChange } = props;
  const text = useTexts(texts);
  const { language } = useLanguage();
  const isUsed = rule.formats.length > 0 || rule.table.length > 0 || rule.fallback !== "" || rule.type !== "";
  return (
    <Details title={text.treatment} isOpenAtFirst={isUsed}>
      <Stack gap="sm">
        <MultiSelect
          label={text.format}
          data={mapFormats.map((value) => ({ value, label: formatWords[language][value] }))}
          value={[...rule.formats]}
          onChange={(chosen) => onChange({ ...rule, formats: chosen.filter(isFormat) })}
          clearable
        />
        <Table {...{ rule, options, onChange }} />
        <OptionInput
          label={text.fallback}
          value={rule.fallback}
          options={options}
          onChange={(fallback) => onChange({ ...rule, fallback })}
        />
        {isTarget === true ? <TypeSelect {...props} /> : null}
      </Stack>
    </Details>
  );
}

function TypeSelect({ rule, onChange }: MapRuleProps) {
  const text = useTexts(texts);
  return (
    <NativeSelect
      label={text.type}
      data={[
        { value: "", label: text.types.as_it_is },
        ...targetTypes.map((value) => ({ value, label: text.types[value] })),
      ]}
      value={rule.type}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        onChange({ ...rule, type: targetTypes.find((each) => each === chosen) ?? "" });
      }}
      maw="16rem"
    />
  );
}

interface OptionInputProps {
  readonly label: string;
  readonly value: string;
  readonly options?: MapRuleProps["options"];
  readonly placeholder?: string;
  /** Its name is for screen readers alone. */
  readonly isBare?: true;
  readonly onChange: (value: string) => void;
}

/** A text; where the receiver's field is a choice, its options are offered under the names that people know. */
function OptionInput({ label, value, options = [], placeholder, isBare, onChange }: OptionInputProps) {
  const labels = new Map(options.map((option) => [option.value, option.label]));
  const named = isBare === true ? { "aria-label": label } : { label };
  return (
    <Autocomplete
      {...named}
      value={value}
      placeholder={placeholder ?? ""}
      data={[...labels.keys()]}
      limit={optionsMax}
      onChange={onChange}
      renderOption={({ option }) => (
        <div className={classes.option}>
          <span>{labels.get(option.value)}</span>
          <Text component="span" size="xs" c="dimmed">
            {option.value}
          </Text>
        </div>
      )}
    />
  );
}

function Table({ rule, options = [], onChange }: Pick<MapRuleProps, "rule" | "options" | "onChange">) {
  const text = useTexts(texts);
  const put = (table: RuleDraft["table"]): void => onChange({ ...rule, table });
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{text.table}</legend>
      <Stack gap={6}>
        {rule.table.map((row, index) => (
          <div key={index} className={classes.row}>
            <TextInput
              aria-label={text.from(index + 1)}
              placeholder={text.fromExample}
              value={row.from}
              onChange={(event) => put(rule.table.with(index, { ...row, from: event.currentTarget.value }))}
            />
            <IconArrowRight size={16} aria-hidden />
            <OptionInput
              isBare
              label={text.to(index + 1)}
              placeholder={text.toExample}
              value={row.to}
              options={options}
              onChange={(to) => put(rule.table.with(index, { ...row, to }))}
            />
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={text.removeRow(index + 1)}
              onClick={() => put(rule.table.filter((_, place) => place !== index))}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => put([...rule.table, { from: "", to: "" }])}
          >
            {text.addRow}
          </Button>
        </div>
      </Stack>
    </fieldset>
  );
}

function isFormat(text: string): text is MapFormat {
  return (mapFormats as readonly string[]).includes(text);
}

const optionsMax = 50;

const texts = {
  de: {
    field: "Feld",
    fieldNumber: (number: number) => `${number}. Feld`,
    addField: "Noch ein Feld",
    removeField: (number: number) => `${number}. Feld weglassen`,
    separator: "Dazwischen steht",
    constant: (label: string) => `${label} ist immer`,
    treatment: "Umformen, übersetzen, Ersatz",
    format: "Umformen",
    table: "Übersetzen (was nicht aufgeführt ist, bleibt)",
    from: (number: number) => `Zeile ${number}: gesendet`,
    to: (number: number) => `Zeile ${number}: wird zu`,
    fromExample: "1",
    toExample: "Herr",
    addRow: "Zeile hinzufügen",
    removeRow: (number: number) => `Zeile ${number} weglassen`,
    fallback: "Wenn nichts da ist",
    type: "Typ",
    types: {
      as_it_is: "wie es ist",
      text: "Text",
      number: "Zahl",
      boolean: "ja oder nein",
      json: "JSON",
      list: "Liste",
    },
    json: "Regel",
    jsonHelp: "Wie in leadledger.yaml, als JSON.",
  },
  en: {
    field: "Field",
    fieldNumber: (number: number) => `Field ${number}`,
    addField: "Another field",
    removeField: (number: number) => `Leave out field ${number}`,
    separator: "Between them stands",
    constant: (label: string) => `${label} is always`,
    treatment: "Reshape, translate, default",
    format: "Reshape",
    table: "Translate (what is not listed stays)",
    from: (number: number) => `Row ${number}: sent`,
    to: (number: number) => `Row ${number}: becomes`,
    fromExample: "1",
    toExample: "Mr",
    addRow: "Add a row",
    removeRow: (number: number) => `Leave out row ${number}`,
    fallback: "Where there is nothing",
    type: "Type",
    types: {
      as_it_is: "as it is",
      text: "text",
      number: "number",
      boolean: "yes or no",
      json: "JSON",
      list: "list",
    },
    json: "Rule",
    jsonHelp: "As in leadledger.yaml, written as JSON.",
  },
};
