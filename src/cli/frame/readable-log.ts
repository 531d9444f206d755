// The log for people who sit at the terminal: one short line per event instead of JSON.
import type { LogLevel as Threshold } from "../../config/environment.ts";
import type { Log, LogLevel } from "../../domain/node/log.ts";
import { printable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** `14:05:09 warn  delivery_failed destination=crm`; the time is the machine's own. */
export function createReadableLog(
  terminal: Pick<Terminal, "note" | "paintNote">,
  threshold: Threshold,
  now: () => Date = () => new Date(),
): Log {
  return (level, event, fields = {}) => {
    if (severity[level] < severity[threshold]) return;
    const time = now().toTimeString().slice(0, 8);
    const details = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [`${name}=${printable(shown(value))}`],
    );
    const label = terminal.paintNote(colours[level], level.padEnd(5));
    terminal.note([terminal.paintNote("dim", time), label, event, ...details].join(" "));
  };
}

function shown(value: string | number | boolean): string {
  const text = String(value);
  return /\s/.test(text) ? JSON.stringify(text) : text;
}

const severity: Readonly<Record<Threshold, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  warn: 3,
  error: 4,
  fatal: 5,
  silent: 6,
};

const colours = { debug: "dim", info: "green", warn: "yellow", error: "red" } as const satisfies Record<
  LogLevel,
  string
>;
