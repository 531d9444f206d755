// What an exception means for the person at the terminal: a sentence, and the exit code that goes with it.
import { MigrationError } from "../ledger/migrate.ts";
import { isLedgerRule, ledgerRuleText, sqlState } from "../ledger/postgres-error.ts";
import { SqlRoleError } from "../ledger/sql-roles.ts";
import { DataFolderError } from "../runtime/data-folder.ts";
import { EmbeddedPostgresError } from "../runtime/embedded-postgres-error.ts";
import { KeyError } from "../runtime/keys.ts";
import { TlsError } from "../runtime/tls-files.ts";
import type { ExitCode } from "./exit-codes.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Language, Texts } from "./language.ts";

export interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
  /** Nothing that we know: a mistake in the program, whose stack helps to find it. */
  readonly unexpected: boolean;
}

/** `place` names the database without credentials: `db.example:5432/leadledger`. */
export function explainFailure(error: unknown, language: Language, place: string | null = null): Failure {
  const said = error instanceof Error ? error.message : String(error);
  const known = (exitCode: ExitCode, message = said): Failure => ({
    exitCode,
    message: message.trim(),
    unexpected: false,
  });
  if (error instanceof KeyError) return known(exitCodes.usage, inGerman(error.code, said, language));
  if (error instanceof TlsError) return known(exitCodes.usage, inGerman(error.code, said, language));
  if (error instanceof DataFolderError) {
    const inUse = error.code === "data_folder_in_use";
    return known(inUse ? exitCodes.inUse : exitCodes.usage, inGerman(error.code, said, language));
  }
  if (error instanceof EmbeddedPostgresError || error instanceof MigrationError) {
    return known(exitCodes.database, inGerman(error.code, said, language));
  }
  if (error instanceof SqlRoleError) return known(exitCodes.failed, inGerman(error.code, said, language));
  if (isLedgerRule(error)) return known(exitCodes.failed, ledgerRuleText(error));
  if (isUnreachable(error)) {
    return known(exitCodes.database, unreachableText(place, reasonOf(error))[language]);
  }
  return { exitCode: exitCodes.failed, message: said, unexpected: true };
}

/** `host:port/database` of a connection URI, without what must not be shown; null where there is no URI. */
export function databasePlace(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === "" ? "" : `:${port}`}${pathname}`;
}

const connectionCodes = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
  ...["EPIPE", "DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED"],
  ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "ERR_TLS_CERT_ALTNAME_INVALID"],
]);
// Connection, authorisation, unknown database, no rights at all, shutting down, out of resources.
const connectionStates = /^(?:08|28|3D|57P|53)/;
const connectionMessages =
  /timeout exceeded when trying to connect|timeout expired|Connection terminated|server does not support SSL|SCRAM|password must be a string/;

/** Everything that stands between this process and a session on the database. */
function isUnreachable(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return connectionStates.test(state);
  if (!(error instanceof Error)) return false;
  if ("syscall" in error && error.syscall === "listen") return false;
  if ("code" in error && typeof error.code === "string" && connectionCodes.has(error.code)) return true;
  return connectionMessages.test(error.message);
}

// What node throws when several addresses were tried has no message of its own.
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") {
    return error.errors
      .map((each: unknown) => (each instanceof Error ? each.message : String(each)))
      .join(", ");
  }
  return error instanceof Error ? error.message : String(error);
}

function unreachableText(place: string | null, reason: string): Texts {
  const where = place === null ? "" : ` ${place}`;
  return {
    en: `The database${where} cannot be reached: ${reason}. Is it running, and is DATABASE_URL right?`,
    de: `Die Datenbank${where} ist nicht erreichbar: ${reason}. Läuft sie, und stimmt DATABASE_URL?`,
  };
}

const germanTexts: Readonly<Record<string, string>> = {
  key_required:
    "Zu DATABASE_URL gehört LEADLEDGER_KEY: 32 zufällige Bytes als 64 Hexadezimalziffern, zum Beispiel von „openssl rand -hex 32“. Bewahren Sie den Schlüssel so sicher auf wie die Datenbank; alle Knoten benutzen denselben.",
  key_malformed:
    "LEADLEDGER_KEY muss aus 64 Hexadezimalziffern bestehen, zum Beispiel von „openssl rand -hex 32“.",
  key_differs:
    "Diese Datenbank gehört zu einem anderen LEADLEDGER_KEY. Starten Sie mit dem Schlüssel, mit dem sie angelegt wurde; mit einem anderen sind gespeicherte Geheimnisse unlesbar. Es wurde nichts verändert.",
  data_folder_in_use: "Ein anderes LeadLedger benutzt diesen Datenordner.",
  database_newer_than_code:
    "Diese Datenbank stammt von einem neueren LeadLedger. Starten Sie dieses oder ein späteres; es wurde nichts verändert.",
  database_too_old: "LeadLedger braucht PostgreSQL 15 oder neuer. Es wurde nichts verändert.",
  database_not_utf8: "LeadLedger braucht eine Datenbank mit der Kodierung UTF8. Es wurde nichts verändert.",
  disk_full: "Die Platte unter dem Datenordner ist voll. Was gespeichert war, ist nicht verloren.",
  tls_file_unreadable: "Eine Datei für TLS lässt sich nicht lesen.",
  tls_certificate_malformed: "LEADLEDGER_TLS_CERT nennt keine Datei mit einem Zertifikat im PEM-Format.",
  tls_key_malformed:
    "LEADLEDGER_TLS_KEY nennt keine Datei mit einem privaten Schlüssel im PEM-Format, oder er hat eine Passphrase.",
  tls_key_differs: "Der Schlüssel in LEADLEDGER_TLS_KEY gehört nicht zum Zertifikat in LEADLEDGER_TLS_CERT.",
  sql_role_not_allowed:
    "Die Rollen für SQL fehlen in der Datenbank oder dürfen zu viel, und LeadLedger darf sie nicht selbst ändern.",
};

/** What their German sentences leave nothing out of. */
const withoutParticulars = new Set(["key_required", "key_malformed"]);

/** The German sentence with the original below it, where that has particulars (path, process, version, SQL). */
function inGerman(code: string, said: string, language: Language): string {
  const german = language === "de" ? germanTexts[code] : undefined;
  if (german === undefined) return said;
  if (withoutParticulars.has(code)) return german;
  return `${german}\n(${said})`;
}
