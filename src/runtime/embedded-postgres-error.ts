// What can be wrong with the embedded PostgreSQL, in words for the person who has to mend it.

import { isErrno } from "./data-folder.ts";

export type EmbeddedPostgresErrorCode =
  | "unsupported_platform"
  | "binaries_missing"
  | "binaries_unusable"
  | "no_server_account"
  | "permission_denied"
  | "disk_full"
  | "cluster_version"
  | "port_taken"
  | "memory_still_in_use"
  | "initialisation_failed"
  | "start_failed"
  | "start_timeout"
  | "database_not_stopped";

export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;
  constructor(code: EmbeddedPostgresErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "EmbeddedPostgresError";
    this.code = code;
  }
}

/** The way out that every one of these errors has. */
export const useOwnServer = "DATABASE_URL can name a PostgreSQL server (15 or newer) of your own instead.";

/**
 * Explains a failed PostgreSQL program by what it printed.
 * @param fallback the code where the output says nothing we know
 */
export function explainOutput(
  program: string,
  output: string,
  fallback: EmbeddedPostgresErrorCode,
): EmbeddedPostgresError {
  const known = explanations.find(({ pattern }) => pattern.test(output));
  const code = known?.code ?? fallback;
  const meaning = known?.meaning ?? `The embedded PostgreSQL could not be used. ${useOwnServer}`;
  return new EmbeddedPostgresError(code, `${meaning}\n${program} said: ${lastLines(output)}`);
}

/** Explains why a program could not even be started. */
export function explainSpawnFailure(program: string, error: unknown): EmbeddedPostgresError {
  if (isErrno(error, "ENOENT")) {
    return new EmbeddedPostgresError(
      "binaries_unusable",
      `${program} cannot run here: the embedded PostgreSQL needs the GNU C library (Alpine has musl). ${useOwnServer}`,
      error,
    );
  }
  const said = error instanceof Error ? error.message : String(error);
  return new EmbeddedPostgresError(
    "permission_denied",
    `${program} could not be started (${said}). ${rootNeedsCapabilities} ${useOwnServer}`,
    error,
  );
}

/** Explains a failed file operation in the data folder; other errors pass through. */
export function explainFileError(error: unknown, path: string): unknown {
  if (isErrno(error, "ENOSPC", "EDQUOT")) {
    return new EmbeddedPostgresError(
      "disk_full",
      `No space left for the embedded PostgreSQL in ${path}.`,
      error,
    );
  }
  if (isErrno(error, "EACCES", "EPERM", "EROFS", "EINVAL")) {
    return new EmbeddedPostgresError(
      "permission_denied",
      `The embedded PostgreSQL cannot use ${path} (${error.message}). Start LeadLedger as the user that ` +
        `made this folder, or name another one with LEADLEDGER_DATA_DIR. ${rootNeedsCapabilities}`,
      error,
    );
  }
  return error;
}

const rootNeedsCapabilities =
  "If it is root that starts LeadLedger, it needs the capabilities CHOWN, DAC_OVERRIDE, SETUID, SETGID and KILL, " +
  "because the server gets an account of its own; without them, start it as an ordinary user.";

interface Explanation {
  readonly pattern: RegExp;
  readonly code: EmbeddedPostgresErrorCode;
  readonly meaning: string;
}

const explanations: readonly Explanation[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|Check free disk space/,
    code: "disk_full",
    meaning:
      "The disk under the data folder is full. Make room and start again: nothing that was stored is lost.",
  },
  {
    pattern: /error while loading shared libraries|Library not loaded/,
    code: "binaries_unusable",
    meaning:
      "The embedded PostgreSQL was installed without its install scripts. Mend it with: npm rebuild --foreground-scripts",
  },
  {
    pattern: /could not look up effective user ID/,
    code: "no_server_account",
    meaning:
      "The user running LeadLedger has no entry in /etc/passwd, which PostgreSQL needs to make a database. " +
      "Start it as a user of the system (or, in a container, as root).",
  },
  {
    pattern: /Address already in use/,
    code: "port_taken",
    meaning: "Another program uses the port of the embedded PostgreSQL.",
  },
  {
    pattern: /pre-existing shared memory block|lock file "[^"]*" already exists/,
    code: "memory_still_in_use",
    meaning: "Processes of an earlier embedded PostgreSQL still use its data.",
  },
  {
    pattern: /Permission denied|Operation not permitted/,
    code: "permission_denied",
    meaning: "The embedded PostgreSQL may not use its data folder.",
  },
];

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-8).join("\n");
}
