// A plain text field for JSON: with the lines' numbers, and beside it what is wrong, each with a way to the line.
import { Grid, Stack, Text } from "@mantine/core";
import { useId, useRef } from "react";
import type { RefObject } from "react";
import { useTexts } from "../language/language.tsx";
import classes from "./attention.module.css";
import { placeOf } from "./json-places.ts";
import type { JsonPlaces, Place, SyntaxFault } from "./json-places.ts";

/** What the source's schema says of a field. */
export interface FieldFault {
  /** JSON pointer; "" is the whole body. */
  readonly pointer: string;
  readonly message: string;
}

interface JsonEditorProps {
  readonly label: string;
  readonly value: string;
  /** Of the value. */
  readonly places: JsonPlaces;
  readonly faults: readonly FieldFault[];
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly onChange: (value: string) => void;
}

const linesMin = 10;
const lineRem = 1.35;

interface ShownFault {
  readonly at: Place | null;
  /** Where, for people. */
  readonly where: string;
  readonly message: string;
}

export function JsonEditor({ label, value, places, faults, field, onChange }: JsonEditorProps) {
  const text = useTexts(texts);
  const id = useId();
  const gutter = useRef<HTMLDivElement>(null);
  const shown = shownFaults(places, faults, text);
  const faulty = new Set(shown.map(({ at }) => at?.line));
  const lines = value.split("\n").length;
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Text component="label" htmlFor={id} fw={550} size="sm" mb={4} display="block">
          {label}
        </Text>
        <div
          className={classes.editor}
          style={{ height: `min(36rem, ${Math.max(linesMin, lines + 2) * lineRem}rem)` }}
        >
          <div className={classes.gutter} ref={gutter} aria-hidden>
            {Array.from({ length: lines }, (_, index) => (
              <div key={index} className={faulty.has(index + 1) ? classes.faulty : undefined}>
                {faulty.has(index + 1) ? "● " : ""}
                {index + 1}
              </div>
            ))}
          </div>
          <textarea
            id={id}
            ref={field}
            className={classes.text}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
            onScroll={({ currentTarget }) => {
              if (gutter.current !== null) gutter.current.scrollTop = currentTarget.scrollTop;
            }}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            wrap="off"
            aria-invalid={shown.length > 0}
            aria-describedby={`${id}-faults`}
          />
        </div>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap={6} id={`${id}-faults`}>
          <Text size="sm" fw={550}>
            {shown.length === 0 ? text.noFaults : text.faults(shown.length)}
          </Text>
          <ul className={classes.faults}>
            {shown.map(({ at, where, message }) => (
              <li key={`${where} ${message}`}>
                <button type="button" className={classes.fault} onClick={() => goTo(field.current, at)}>
                  <code>{where}</code>
                  <span>{message}</span>
                </button>
              </li>
            ))}
          </ul>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

/** Puts the cursor there, and the line into sight. */
export function goTo(field: HTMLTextAreaElement | null, at: Place | null): void {
  if (field === null) return;
  field.focus();
  if (at === null) return;
  field.setSelectionRange(at.offset, at.offset);
  const lineHeight = Number.parseFloat(getComputedStyle(field).lineHeight);
  field.scrollTop = Math.max(0, (at.line - 4) * lineHeight);
}

function shownFaults(
  places: JsonPlaces,
  faults: readonly FieldFault[],
  text: (typeof texts)["de"],
): readonly ShownFault[] {
  if (!places.ok)
    return [
      {
        at: places.at,
        where: text.place(places.at.line, places.at.column),
        message: text.syntax[places.fault],
      },
    ];
  return faults.map(({ pointer, message }) => {
    const at = placeOf(places.places, pointer);
    const line = at === null ? "" : `${text.line(at.line)}: `;
    return { at, where: `${line}${pointer === "" ? text.wholeBody : pointer}`, message };
  });
}

const texts = {
  de: {
    noFaults: "Als JSON lesbar",
    faults: (number: number) => (number === 1 ? "1 Fehler" : `${number} Fehler`),
    place: (line: number, column: number) => `Zeile ${line}, Spalte ${column}`,
    line: (line: number) => `Zeile ${line}`,
    wholeBody: "Alles zusammen",
    syntax: {
      value_expected:
        "Hier fehlt ein Wert: Text in Anführungszeichen, Zahl, true, false, null, { … } oder [ … ].",
      text_not_closed: "Der Text, der hier beginnt, hat kein schließendes Anführungszeichen.",
      character_not_allowed: "Dieses unsichtbare Zeichen ist in einem Text nicht erlaubt.",
      escape_wrong: "Nach dem umgekehrten Schrägstrich steht hier nichts Gültiges.",
      number_wrong:
        "Diese Zahl ist nicht richtig geschrieben: Ein Punkt trennt Nachkommastellen, führende Nullen gibt es nicht.",
      name_expected: "Hier fehlt ein Feldname in Anführungszeichen.",
      colon_expected: "Nach dem Feldnamen fehlt ein Doppelpunkt.",
      comma_or_end_expected: "Hier fehlt ein Komma oder die schließende Klammer.",
      more_behind_the_end: "Hinter dem Ende steht noch etwas.",
      too_deep: "Zu viele Ebenen ineinander.",
      not_an_object: "Ein Lead muss ein Objekt sein: { … }.",
    } satisfies Record<SyntaxFault, string>,
  },
  en: {
    noFaults: "Readable as JSON",
    faults: (number: number) => (number === 1 ? "1 fault" : `${number} faults`),
    place: (line: number, column: number) => `Line ${line}, column ${column}`,
    line: (line: number) => `Line ${line}`,
    wholeBody: "All together",
    syntax: {
      value_expected:
        "A value is missing here: a text in quotation marks, a number, true, false, null, { … } or [ … ].",
      text_not_closed: "The text that begins here has no closing quotation mark.",
      character_not_allowed: "This invisible character is not allowed in a text.",
      escape_wrong: "What follows the backslash here means nothing.",
      number_wrong:
        "This number is not written correctly: a point separates decimals, and there are no leading zeros.",
      name_expected: "A field's name in quotation marks is missing here.",
      colon_expected: "A colon is missing after the field's name.",
      comma_or_end_expected: "A comma or the closing bracket is missing here.",
      more_behind_the_end: "Something stands behind the end.",
      too_deep: "Too many levels within each other.",
      not_an_object: "A lead must be an object: { … }.",
    } satisfies Record<SyntaxFault, string>,
  },
};
