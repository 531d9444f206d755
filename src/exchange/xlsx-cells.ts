// Cells of a worksheet (ECMA-376 part 1, section 18.3.1.4): typed, and texts in line, so that nothing has to be kept.
import type { Cell } from "./export-cells.ts";

/** Places in the list of formats of `stylesXml`. */
export const cellStyles = { general: 0, header: 1, time: 2, date: 3 } as const;

/** Excel's own limit for a cell; what is longer would make it call the file damaged. */
const cellCharactersMax = 32_767;
const exactDigitsMax = 15;
const millisecondsPerDay = 86_400_000;
/** 1970-01-01 in Excel's count of days. */
const epochSerial = 25_569;

export function cellXml(reference: string, cell: Cell | null): string {
  if (cell === null) return "";
  const { kind, text } = cell;
  switch (kind) {
    case "text":
    case "json":
      return textXml(reference, text);
    case "number":
      return isExact(text) ? `<c r="${reference}"><v>${text}</v></c>` : textXml(reference, text);
    case "boolean":
      return `<c r="${reference}" t="b"><v>${text === "true" ? 1 : 0}</v></c>`;
    case "time":
    case "date":
      return `<c r="${reference}" s="${cellStyles[kind]}"><v>${serialOf(text)}</v></c>`;
  }
}

/** A text is a text, whatever it begins with: it never becomes a formula. */
export function textXml(reference: string, text: string, style: number = cellStyles.general): string {
  const fitting = text.length <= cellCharactersMax ? text : `${text.slice(0, cellCharactersMax - 1)}…`;
  return `<c r="${reference}" s="${style}" t="inlineStr"><is>${textRuns(fitting)}</is></c>`;
}

/**
 * What only looks like an escape (`_x000D_`) is cut after its first underline into two runs of text, since an escape is
 * one only within a run. The standard's own way, `_x005F_x000D_`, is shown as it stands by readers that take inline
 * strings for plain XML (openpyxl, and pandas with it).
 */
function textRuns(text: string): string {
  const pieces = text.split(/(?<=_)(?=x[0-9A-Fa-f]{4}_)/);
  const [only = ""] = pieces;
  if (pieces.length <= 1) return textElement(only);
  return pieces.map((piece) => `<r>${textElement(piece)}</r>`).join("");
}

function textElement(text: string): string {
  return `<t xml:space="preserve">${escaped(text)}</t>`;
}

/** `A`, …, `Z`, `AA`, … */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

/** Excel calculates with doubles and shows 15 digits. */
function isExact(number: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(number) && number.replaceAll(/\D/g, "").length <= exactDigitsMax;
}

/** Of a local time `2026-11-25 23:00:12`, or a day. */
function serialOf(text: string): number {
  const [day = "", time = "00:00:00"] = text.split(" ");
  return Date.parse(`${day}T${time}Z`) / millisecondsPerDay + epochSerial;
}

// What XML 1.0 cannot hold is written as _xHHHH_ (ST_Xstring, section 22.9.2.19). A carriage return it can hold, but only
// as a reference: as it stands, every parser of XML makes it a line feed (XML 1.0, section 2.11).
const special = /[&<>\u0000-\u0008\u000B-\u001F\uFFFE\uFFFF]/g;
const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

function escaped(text: string): string {
  return text.replaceAll(special, escapedCharacter).replaceAll(loneSurrogate, escapedCharacter);
}

function escapedCharacter(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case "\r":
      return "&#13;";
    default:
      return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
  }
}
