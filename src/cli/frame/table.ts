// Tables and records as text: aligned, made to fit the terminal, and safe to show whatever a sender put into them.
import Table from "cli-table3";
import type { Colour, Terminal } from "./terminal.ts";

export type Cell = string | number | null | { readonly text: string; readonly colour: Colour };

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Its text may be broken over several lines where the terminal is narrow; ids never are. */
  readonly wraps?: boolean;
}

/**
 * Writes rows under their titles. In a pipe every row is one line. Where even broken lines do not fit the terminal,
 * each row becomes a record of `title: value` lines.
 */
export function printTable(
  terminal: Pick<Terminal, "out" | "outColumns" | "paint">,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): void {
  const texts = rows.map((row) => columns.map((_, index) => textOf(row[index] ?? null)));
  const widths = fit(columns, texts, terminal.outColumns);
  if (widths === null) {
    rows.forEach((row, index) => {
      if (index > 0) terminal.out("");
      printRecord(
        terminal,
        columns.map(({ title }, column) => [title, row[column] ?? null]),
      );
    });
    return;
  }
  const paint = (cell: Cell, width: number): string =>
    wrap(textOf(cell), width)
      .map((line) => (isPainted(cell) ? terminal.paint(cell.colour, line) : line))
      .join("\n");
  const table = new Table({
    chars: borderless,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
    colWidths: [...widths],
    colAligns: columns.map(({ align = "left" }) => align),
  });
  table.push(columns.map(({ title }, index) => paint({ text: title, colour: "bold" }, widths[index] ?? 0)));
  for (const row of rows)
    table.push(columns.map((_, index) => paint(row[index] ?? null, widths[index] ?? 0)));
  const lines = table.toString().split("\n");
  terminal.out(lines.map((line) => line.trimEnd()).join("\n"));
}

/** `title: value` lines, the values aligned. Values that are null are left out. */
export function printRecord(
  terminal: Pick<Terminal, "out" | "outColumns" | "paint">,
  fields: readonly (readonly [string, Cell])[],
): void {
  const shown = fields.filter(([, cell]) => cell !== null && textOf(cell) !== "");
  const indent = Math.max(0, ...shown.map(([title]) => displayWidth(title))) + gutter.length;
  for (const [title, cell] of shown) {
    const width = terminal.outColumns === null ? Infinity : Math.max(16, terminal.outColumns - indent);
    const lines = wrap(textOf(cell), width).map((line) =>
      isPainted(cell) ? terminal.paint(cell.colour, line) : line,
    );
    terminal.out(
      `${terminal.paint("dim", title)}${" ".repeat(indent - displayWidth(title))}${lines.join(`\n${" ".repeat(indent)}`)}`,
    );
  }
}

/** One line that a terminal shows as it is: senders' control characters must not move the cursor or turn the text. */
export function printable(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\u{fffd}");
}

/** Lines of at most `width` columns, broken at spaces where there are any. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => pieces(each, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Columns that a text takes on a terminal: East Asian and emoji characters take two, combining ones none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

const gutter = "  ";
const narrowestColumn = 12;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const wide =
  /\p{Emoji_Presentation}|\u{fe0f}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const borderless = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: gutter,
};

function isPainted(cell: Cell): cell is { readonly text: string; readonly colour: Colour } {
  return typeof cell === "object" && cell !== null;
}

function textOf(cell: Cell): string {
  return printable(isPainted(cell) ? cell.text : String(cell ?? ""));
}

/** The width of each column, or null where the columns cannot be made narrow enough. */
function fit(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  available: number | null,
): readonly number[] | null {
  const widths = columns.map(({ title }, index) =>
    Math.max(1, displayWidth(title), ...rows.map((row) => displayWidth(row[index] ?? ""))),
  );
  if (available === null) return widths;
  const total = (): number =>
    widths.reduce((sum, width) => sum + width, gutter.length * (columns.length - 1));
  while (total() > available) {
    const shrinkable = columns.flatMap(({ wraps = false }, index) =>
      wraps && (widths[index] ?? 0) > narrowestColumn ? [index] : [],
    );
    const widest = shrinkable.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) return null;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** A word in pieces that fit. */
function pieces(word: string, width: number): string[] {
  if (displayWidth(word) <= width) return [word];
  const parts: string[] = [""];
  for (const { segment } of graphemes.segment(word)) {
    const last = parts.at(-1) ?? "";
    if (displayWidth(last + segment) <= width || last === "") parts[parts.length - 1] = last + segment;
    else parts.push(segment);
  }
  return parts;
}
