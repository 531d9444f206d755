// The log: one JSON line per event on stderr. Fields are names and numbers that the program chose; payloads and secrets
// are never among them.
import pino from "pino";
import type { Log, LogFields, LogLevel } from "../domain/node/log.ts";

/** `level` as pino names them; `silent` writes nothing. */
export function createLogger(level: string, node: string): Log {
  const logger = pino(
    { level, base: { node }, timestamp: pino.stdTimeFunctions.isoTime, messageKey: "event" },
    pino.destination({ fd: 2, sync: true }),
  );
  return (logLevel: LogLevel, event: string, fields?: LogFields) => {
    if (logger.isLevelEnabled(logLevel)) logger[logLevel]({ ...fields }, event);
  };
}
