// The exit codes of every command: the one place where they are defined.
import type { Texts } from "./language.ts";

export const exitCodes = {
  ok: 0,
  /** Something was not found, was refused, or a check failed. */
  failed: 1,
  /** Wrong usage, environment, configuration or key. */
  usage: 2,
  /** The database cannot be reached or used. */
  database: 3,
  /** It would have switched something off, and nobody has said yes: nothing was done. */
  unconfirmed: 3,
  /** Another LeadLedger has the data folder, or another program the port. */
  inUse: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a shell reports for a process that was interrupted (128 + the number of the signal). */
export const interruptedExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** For the end of every help text. */
export const exitCodesText: Texts = {
  en: "Exit codes: 0 done, 1 failed or not found, 2 usage or configuration,\n  3 database, or --yes is missing, 4 folder or port in use",
  de: "Rückgabewerte: 0 erledigt, 1 gescheitert oder nicht gefunden,\n  2 Aufruf oder Konfiguration, 3 Datenbank, oder --yes fehlt,\n  4 Ordner oder Port belegt",
};
