// The table that the long suite ends with: a row per fault, with what was promised in it and what was kept.
import { appendFile, readFile } from "node:fs/promises";

export interface FaultRow {
  readonly fault: string;
  readonly rounds: number;
  /** Answers that said that the lead is kept. */
  readonly acknowledged: number;
  /** Acknowledged, but neither in the ledger nor resolvable to the run that it repeats; null: not counted. */
  readonly lost: number | null;
  readonly doubled: number | null;
  /** Deliveries that the destination took more than once. */
  readonly deliveredTwice: number | null;
  readonly refusedWith5xx: number;
  /** One per round: until a lead goes into the ledger again and everything acknowledged is there. */
  readonly recoveriesMs: readonly number[];
  readonly note: string;
  readonly state: "held" | "failed" | "skipped";
}

/** Rows come from several processes, so each is one line of a file. */
export function appendFaultRow(path: string, row: FaultRow): Promise<void> {
  return appendFile(path, `${JSON.stringify(row)}\n`);
}

export async function readFaultRows(path: string): Promise<FaultRow[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as FaultRow);
}

/** As text, with a line of titles. */
export function faultTable(rows: readonly FaultRow[]): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ of }) => of(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0, columns[column]?.isNumber === true))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
  readonly of: (row: FaultRow) => string;
}

const columns: readonly Column[] = [
  { title: "fault", of: ({ fault }) => fault },
  number("rounds", ({ rounds }) => rounds),
  number("acknowledged", ({ acknowledged }) => acknowledged),
  number("lost", ({ lost }) => lost),
  number("doubled", ({ doubled }) => doubled),
  number("delivered twice", ({ deliveredTwice }) => deliveredTwice),
  number("refused 5xx", ({ refusedWith5xx }) => refusedWith5xx),
  { title: "recovery ms (median/max)", isNumber: true, of: ({ recoveriesMs }) => recoveryText(recoveriesMs) },
  {
    title: "",
    of: ({ state, note }) => [state === "held" ? "" : state.toUpperCase(), note].join(" ").trim(),
  },
];

function number(title: string, of: (row: FaultRow) => number | null): Column {
  return { title, isNumber: true, of: (row) => (of(row) ?? "?").toLocaleString("en-GB") };
}

function recoveryText(recoveriesMs: readonly number[]): string {
  const sorted = recoveriesMs.map(Math.round).toSorted((a, b) => a - b);
  const [median, most] = [sorted[sorted.length >> 1], sorted.at(-1)];
  return median === undefined || most === undefined ? "–" : `${median} / ${most}`;
}

function pad(text: string, width: number, isNumber: boolean): string {
  return isNumber ? text.padStart(width) : text.padEnd(width);
}
