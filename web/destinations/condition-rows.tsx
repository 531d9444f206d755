// A condition as rows: which field, how it is compared, and with what; in groups of which all must hold, or one.
import { ActionIcon, Button, Group, NativeSelect, TagsInput, Text, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTexts } from "../language/language.tsx";
import type { BodyPlace } from "../sources-and-destinations/map-draft.ts";
import { PointerInput } from "../sources-and-destinations/pointer-input.tsx";
import { groupDepthMax, groupWords, noGroup, noRow, rowWords } from "./condition-draft.ts";
import type { GroupDraft, GroupWord, PartDraft, RowDraft, RowWord } from "./condition-draft.ts";
import classes from "./condition.module.css";

interface Shared {
  /** Fields of the lead that is shown. */
  readonly places: readonly BodyPlace[];
  /** Where each part stands in the condition: `when.all[1]`. */
  readonly placeOf: ReadonlyMap<PartDraft, string>;
  /** Of the part that the lead does not meet; null: it meets all, or there is none. */
  readonly unmet: string | null;
  readonly problemsAt: (place: string) => readonly string[];
}

interface GroupProps extends Shared {
  readonly group: GroupDraft;
  /** 1: the condition as a whole. */
  readonly depth: number;
  /** Names it for who cannot see where it stands: `2.1`; empty: the whole. */
  readonly number: string;
  readonly onChange: (group: GroupDraft) => void;
  /** Absent: the whole. */
  readonly onRemove?: () => void;
}

export function ConditionGroup({ group, depth, number, onChange, onRemove, ...shared }: GroupProps) {
  const text = useTexts(texts);
  const put = (parts: readonly PartDraft[]): void => onChange({ ...group, parts });
  const numberOf = (index: number): string => (number === "" ? `${index + 1}` : `${number}.${index + 1}`);
  return (
    <fieldset className={depth === 1 ? classes.whole : classes.group} aria-label={text.groupName(number)}>
      {depth === 1 && group.parts.length === 0 ? <Text size="sm">{text.everyLead}</Text> : null}
      {depth > 1 || group.parts.length > 1 || group.word !== "all" ? (
        <div className={classes.head}>
          <NativeSelect
            aria-label={text.joined(number)}
            data={groupWords.map((value) => ({ value, label: text.groupWords[value] }))}
            value={group.word}
            onChange={(event) => onChange({ ...group, word: event.currentTarget.value as GroupWord })}
          />
          {onRemove === undefined ? null : (
            <ActionIcon variant="default" size="lg" aria-label={text.removeGroup(number)} onClick={onRemove}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          )}
        </div>
      ) : null}
      <ul className={classes.parts}>
        {group.parts.map((part, index) => {
          const own = {
            ...shared,
            number: numberOf(index),
            onRemove: () => put(group.parts.filter((_, place) => place !== index)),
          };
          return (
            <li key={index}>
              {part.kind === "row" ? (
                <Row {...own} row={part} onChange={(changed) => put(group.parts.with(index, changed))} />
              ) : (
                <ConditionGroup
                  {...own}
                  group={part}
                  depth={depth + 1}
                  onChange={(changed) => put(group.parts.with(index, changed))}
                />
              )}
            </li>
          );
        })}
      </ul>
      <Group gap="xs">
        <Button
          variant="default"
          size={depth === 1 ? "sm" : "compact-sm"}
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => put([...group.parts, noRow])}
        >
          {text.addRow}
        </Button>
        {depth >= groupDepthMax ? null : (
          <Button
            variant="subtle"
            size={depth === 1 ? "sm" : "compact-sm"}
            onClick={() => put([...group.parts, { ...noGroup, word: "any", parts: [noRow, noRow] }])}
          >
            {text.addGroup}
          </Button>
        )}
      </Group>
    </fieldset>
  );
}

interface RowProps extends Shared {
  readonly row: RowDraft;
  readonly number: string;
  readonly onChange: (row: RowDraft) => void;
  readonly onRemove: () => void;
}

function Row({ row, number, places, placeOf, unmet, problemsAt, onChange, onRemove }: RowProps) {
  const text = useTexts(texts);
  const place = placeOf.get(row) ?? "";
  const problems = place === "" ? [] : problemsAt(place);
  const isUnmet = place !== "" && (unmet === place || unmet === `${place}.not`);
  return (
    <div className={classes.row} role="group" aria-label={text.rowName(number)}>
      <PointerInput
        label={text.field}
        value={row.pointer}
        places={places}
        onChange={(pointer) => onChange({ ...row, pointer })}
      />
      <NativeSelect
        label={text.comparison}
        data={rowWords.map((value) => ({ value, label: text.rowWords[value] }))}
        value={row.word}
        onChange={(event) => onChange({ ...row, word: event.currentTarget.value as RowWord })}
      />
      <Value {...{ row, onChange }} />
      <ActionIcon
        className={classes.remove ?? ""}
        variant="default"
        size="lg"
        aria-label={text.removeRow(number)}
        onClick={onRemove}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
      {problems.length === 0 && !isUnmet ? null : (
        <Text size="sm" c={problems.length === 0 ? "dimmed" : "red"} className={classes.said ?? ""}>
          {problems.length === 0 ? text.unmet : problems.join(" ")}
        </Text>
      )}
    </div>
  );
}

function Value({ row, onChange }: Pick<RowProps, "row" | "onChange">) {
  const text = useTexts(texts);
  switch (row.word) {
    case "exists":
    case "missing":
      return <div />;
    case "in":
    case "not_in":
      return (
        <TagsInput
          label={text.values}
          placeholder={text.valuesHelp}
          value={row.values.map((value) => value.text)}
          onChange={(typed) => onChange({ ...row, values: typed.map((each) => valueOf(row, each)) })}
          splitChars={[",", ";"]}
          acceptValueOnBlur
        />
      );
    default: {
      const isPattern = row.word === "matches" || row.word === "not_matches";
      return (
        <TextInput
          label={isPattern ? text.pattern : text.value}
          value={row.values[0]?.text ?? ""}
          onChange={(event) => onChange({ ...row, values: [{ text: event.currentTarget.value }] })}
          spellCheck={false}
          placeholder={isPattern ? "@example\\.com$" : ""}
          classNames={{ input: isPattern ? (classes.code ?? "") : "" }}
        />
      );
    }
  }
}

/** What was there before stays what it was. */
function valueOf({ values }: RowDraft, typed: string): RowDraft["values"][number] {
  return values.find(({ text }) => text === typed) ?? { text: typed };
}

const texts = {
  de: {
    everyLead: "Noch kein Vergleich: Das Ziel bekommt jeden Lead.",
    groupName: (number: string) => (number === "" ? "Bedingung" : `Gruppe ${number}`),
    rowName: (number: string) => `Vergleich ${number}`,
    joined: (number: string) => (number === "" ? "Wie verbunden" : `Gruppe ${number}: wie verbunden`),
    removeGroup: (number: string) => `Gruppe ${number} entfernen`,
    removeRow: (number: string) => `Vergleich ${number} entfernen`,
    addRow: "Vergleich hinzufügen",
    addGroup: "Gruppe hinzufügen",
    field: "Feld",
    comparison: "Vergleich",
    value: "Wert",
    values: "Werte",
    valuesHelp: "Wert, Eingabetaste",
    pattern: "Muster",
    unmet: "bei diesem Lead nicht erfüllt",
    groupWords: {
      all: "Alle davon müssen gelten",
      any: "Mindestens eines davon muss gelten",
      none: "Keines davon darf gelten",
      not_all: "Nicht alle davon dürfen gelten",
    },
    rowWords: {
      equals: "ist",
      not_equals: "ist nicht",
      in: "ist eines von",
      not_in: "ist keines von",
      matches: "passt zum Muster",
      not_matches: "passt nicht zum Muster",
      exists: "ist ausgefüllt",
      missing: "ist leer oder fehlt",
    },
  },
  en: {
    everyLead: "No comparison yet: the destination gets every lead.",
    groupName: (number: string) => (number === "" ? "Condition" : `Group ${number}`),
    rowName: (number: string) => `Comparison ${number}`,
    joined: (number: string) => (number === "" ? "How they are joined" : `Group ${number}: how it is joined`),
    removeGroup: (number: string) => `Remove group ${number}`,
    removeRow: (number: string) => `Remove comparison ${number}`,
    addRow: "Add a comparison",
    addGroup: "Add a group",
    field: "Field",
    comparison: "Comparison",
    value: "Value",
    values: "Values",
    valuesHelp: "value, Enter",
    pattern: "Pattern",
    unmet: "not met by this lead",
    groupWords: {
      all: "All of these must hold",
      any: "At least one of these must hold",
      none: "None of these may hold",
      not_all: "Not all of these may hold",
    },
    rowWords: {
      equals: "is",
      not_equals: "is not",
      in: "is one of",
      not_in: "is none of",
      matches: "fits the pattern",
      not_matches: "does not fit the pattern",
      exists: "is filled in",
      missing: "is empty or missing",
    },
  },
};
