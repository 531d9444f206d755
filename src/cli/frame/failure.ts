// What an exception means for the person at the terminal: a sentence, and the exit code that goes with it.
import { errorCatalogue } from "../../domain/errors/error-catalogue.ts";
import type { ErrorCode } from "../../domain/errors/error-catalogue.ts";
import type { CommandFailure } from "../../explanations/command-failures.ts";
import { databaseObstacleTexts } from "../../explanations/database-obstacles.ts";
import { embeddedDatabaseFailures } from "../../explanations/embedded-database-failures.ts";
import { startFailures } from "../../explanations/start-failures.ts";
import { isAnswerOverdue } from "../../ledger/connection/cancel-statement.ts";
import { CommitsHangError } from "../../ledger/connection/commit-check.ts";
import { CommitInDoubtError } from "../../ledger/connection/commit-in-doubt.ts";
import { LockHeldError } from "../../ledger/connection/held-lock.ts";
import { databaseObstacle } from "../../ledger/connection/database-obstacle.ts";
import { DatabaseUrlError } from "../../ledger/connection/database-url.ts";
import { MigrationError } from "../../ledger/migrate.ts";
import { isLedgerRule, ledgerRuleText, sqlState } from "../../ledger/connection/postgres-error.ts";
import { UnsuitableSettingsError } from "../../ledger/connection/session.ts";
import { SqlRoleError } from "../../ledger/accounts/sql-role-error.ts";
import { DataFolderError } from "../../runtime/data-folder.ts";
import { EmbeddedPostgresError } from "../../runtime/embedded-postgres-error.ts";
import { KeyError } from "../../runtime/keys.ts";
import { TlsError } from "../../runtime/tls-files.ts";
import type { ExitCode } from "./exit-codes.ts";
import { exitCodes } from "./exit-codes.ts";
import { fileTrouble } from "./file-trouble.ts";
import type { Language, Texts } from "./language.ts";

export interface Failure {
  readonly exitCode: ExitCode;
  /** For `leadledger explain`. */
  readonly code: string;
  readonly message: string;
  /** Nothing that we know: a mistake in the program, whose stack helps to find it. */
  readonly unexpected: boolean;
}

const unreachable = "database_unreachable" satisfies CommandFailure;
const fileUnusable: CommandFailure = "file_unusable";
const unexpected: ErrorCode = "internal_error";
const locked = "database_locked" satisfies ErrorCode;

/** `place` names the database without credentials: `db.example:5432/leadledger`. */
export function explainFailure(error: unknown, language: Language, place: string | null = null): Failure {
  const said = error instanceof Error ? error.message : String(error);
  const known = (exitCode: ExitCode, code: string, message: string): Failure => ({
    exitCode,
    code,
    unexpected: false,
    message: message.trim(),
  });
  const notStarted = (exitCode: ExitCode, code: StartCode): Failure =>
    known(exitCode, code, language === "de" ? inGerman(code, said) : said);
  if (error instanceof KeyError) return notStarted(exitCodes.usage, error.code);
  if (error instanceof TlsError) return notStarted(exitCodes.usage, error.code);
  if (error instanceof DataFolderError) {
    const inUse = error.code === "data_folder_in_use";
    return notStarted(inUse ? exitCodes.inUse : exitCodes.usage, error.code);
  }
  if (error instanceof EmbeddedPostgresError || error instanceof MigrationError) {
    return notStarted(exitCodes.database, error.code);
  }
  if (error instanceof UnsuitableSettingsError || error instanceof CommitsHangError) {
    return notStarted(exitCodes.database, error.code);
  }
  if (error instanceof CommitInDoubtError) {
    const { title, happened, todo } = errorCatalogue.commit_unconfirmed[language];
    return known(exitCodes.database, error.code, `${title}. ${happened} ${todo}`);
  }
  const obstacle = databaseObstacle(error);
  if (error instanceof LockHeldError || obstacle === locked) {
    const { title, detail } = errorCatalogue.database_locked[language];
    return known(exitCodes.database, locked, `${title}. ${detail}\n(${said})`);
  }
  if (error instanceof SqlRoleError) return notStarted(exitCodes.failed, error.code);
  if (isLedgerRule(error)) return known(exitCodes.failed, sqlState(error) ?? "", ledgerRuleText(error));
  if (error instanceof DatabaseUrlError) {
    return known(exitCodes.usage, error.code, obstacleText(error.code, language, null, said));
  }
  if (obstacle === unreachable) {
    const message = unreachableText(place, reasonOf(error))[language];
    return known(exitCodes.database, unreachable, message);
  }
  if (obstacle !== null) {
    return known(exitCodes.database, obstacle, obstacleText(obstacle, language, place, reasonOf(error)));
  }
  const file = fileTrouble(error);
  if (file !== null) return known(exitCodes.failed, fileUnusable, file[language]);
  return { exitCode: exitCodes.failed, code: unexpected, message: said, unexpected: true };
}

/** `host:port/database` of a connection URI, without what must not be shown; null where there is no URI. */
export function databasePlace(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === "" ? "" : `:${port}`}${pathname}`;
}

// What node throws when several addresses were tried has no message of its own; the driver's says little.
function reasonOf(error: unknown): string {
  if (isAnswerOverdue(error)) return "it does not answer in time, or does not finish a commit";
  if (error instanceof AggregateError && error.message === "") {
    return error.errors
      .map((each: unknown) => (each instanceof Error ? each.message : String(each)))
      .join(", ");
  }
  return error instanceof Error ? error.message : String(error);
}

/** What the catalogue says, with what the database or the driver said below it. */
function obstacleText(
  code: keyof typeof databaseObstacleTexts,
  language: Language,
  place: string | null,
  reason: string,
): string {
  const { title, happened, todo } = databaseObstacleTexts[code][language];
  return `${title}${place === null ? "" : ` (${place})`}. ${happened} ${todo}\n(${reason})`;
}

/** The last line of what a command says about a failure: where more is explained. */
export function codeText(code: string): string {
  return `Code: ${code} (leadledger explain ${code})`;
}

function unreachableText(place: string | null, reason: string): Texts {
  const where = place === null ? "" : ` ${place}`;
  return {
    en: `The database${where} cannot be reached: ${reason}. Is it running, and is DATABASE_URL right?`,
    de: `Die Datenbank${where} ist nicht erreichbar: ${reason}. Läuft sie, und stimmt DATABASE_URL?`,
  };
}

const startTexts = { ...startFailures, ...embeddedDatabaseFailures };

type StartCode = keyof typeof startTexts;

/** What their German texts leave nothing out of. */
const withoutParticulars = new Set<StartCode>(["key_required", "key_malformed"]);

/** What the catalogue says, with the original below it where that has particulars (path, process, version, SQL). */
function inGerman(code: StartCode, said: string): string {
  const { title, happened, todo } = startTexts[code].de;
  const text = `${title}. ${happened} ${todo}`;
  return withoutParticulars.has(code) ? text : `${text}\n(${said})`;
}
