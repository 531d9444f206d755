// What the parts of the program tell the log: one structured line per operation, named like its audit event.

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Never a payload, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

/** What an unknown error says, for a log line. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
