// Where a command writes to: results on stdout, messages on stderr, and what each of the two can show.

export type Colour = "red" | "green" | "yellow" | "bold" | "dim";

export interface Terminal {
  /** A result, on stdout; a line break is added. */
  out(text: string): void;
  /** A message, on stderr; a line break is added. */
  note(text: string): void;
  /** As it is, on stderr: for progress that overwrites itself. */
  noteRaw(text: string): void;
  /** Columns of the terminal that stdout is; null where it is none (a pipe, a file). */
  readonly outColumns: number | null;
  /** Whether stderr is a terminal. */
  readonly noteIsTerminal: boolean;
  /** Colours `text` for stdout, if stdout shows colours. */
  paint(colour: Colour, text: string): string;
  /** The same for stderr. */
  paintNote(colour: Colour, text: string): string;
}

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Colours only on a terminal, and not with NO_COLOR (https://no-color.org) or TERM=dumb. */
export function createTerminal(
  stdout: Stream,
  stderr: Stream,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const colourful = (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  const painter = (stream: Stream) => (colour: Colour, text: string) =>
    colourful && stream.isTTY === true ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
  return {
    out: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    noteRaw: (text) => void stderr.write(text),
    outColumns: stdout.isTTY === true ? (stdout.columns ?? defaultColumns) : null,
    noteIsTerminal: stderr.isTTY === true && env.TERM !== "dumb",
    paint: painter(stdout),
    paintNote: painter(stderr),
  };
}

const defaultColumns = 80;
const codes: Readonly<Record<Colour, number>> = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 };
