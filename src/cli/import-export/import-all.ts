// leadledger import --all: the archive of a whole installation into an empty database.
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { readArchive, readArchiveHead } from "../../exchange/archive.ts";
import type { ArchiveHead } from "../../exchange/archive.ts";
import { ArchiveError, writeInstallation } from "../../ledger/import-export/archive-rows.ts";
import type { ArchiveFault, ArchivePiece } from "../../ledger/import-export/archive-rows.ts";
import { alignSqlRoles } from "../../ledger/accounts/sql-roles.ts";
import { deriveKeys, parseRootKey } from "../../runtime/keys.ts";
import type { Environment } from "../../config/environment.ts";
import { printJson } from "../frame/command.ts";
import type { CommandContext, CommonOptions } from "../frame/command.ts";
import { environmentOf, withInstallation } from "../frame/command-installation.ts";
import { exitCodes } from "../frame/exit-codes.ts";
import type { ExitCode } from "../frame/exit-codes.ts";
import { unreadableFile } from "../frame/file-trouble.ts";
import type { Texts } from "../frame/language.ts";
import { withProgress } from "../frame/progress.ts";

export async function importAll(
  context: CommandContext,
  file: string,
  { json }: CommonOptions,
): Promise<ExitCode> {
  const refused = (texts: Texts, code: ExitCode = exitCodes.failed): ExitCode => {
    const { terminal, say } = context;
    terminal.note(terminal.paintNote("red", `${say({ en: "Error", de: "Fehler" })}: ${say(texts)}`));
    return code;
  };
  const trouble = await unreadableFile(file);
  if (trouble !== null) return refused(trouble);
  const head = await readArchiveHead(createReadStream(file));
  if (head === null) return refused(noArchiveText(file));
  const environment = environmentOf(context);
  if (environment === null) return exitCodes.usage;
  // Before anything is opened: a new data folder would get a key of its own.
  const fault = keyFault(head, environment);
  if (fault !== null) return refused(fault, exitCodes.usage);

  return withInstallation(context, async ({ installation: { database, keys } }) => {
    if (keys.fingerprint !== head.key_fingerprint)
      return refused(otherKeyText(head, keys.fingerprint), exitCodes.usage);
    const read = { rows: 0 };
    try {
      const rows = await withProgress(
        context.terminal,
        () => `${context.say({ en: "Reading in", de: "Einlesen" })}: ${read.rows}`,
        () => writeInstallation(database, context.actor, counting(readArchive(createReadStream(file)), read)),
      );
      // The archive brought its own reporting time zone.
      await alignSqlRoles(database).catch(() => undefined);
      if (json === true) printJson(context, { file, rows });
      else sayRows(context, rows);
      return exitCodes.ok;
    } catch (error) {
      if (error instanceof ArchiveError) return refused(faultText(error.fault, head));
      throw error;
    }
  });
}

async function* counting(
  pieces: AsyncIterable<ArchivePiece>,
  read: { rows: number },
): AsyncGenerator<ArchivePiece, void> {
  for await (const piece of pieces) {
    if (piece.kind === "rows") read.rows += piece.rows.length;
    yield piece;
  }
}

function sayRows({ terminal, say }: CommandContext, rows: Readonly<Record<string, number>>): void {
  for (const [table, count] of Object.entries(rows)) if (count > 0) terminal.out(`${table}: ${count}`);
  terminal.note(
    say({
      en: "Read in and verified: checksum, numbers of rows, digests of all events. `leadledger kpi rebuild` must change nothing; `leadledger serve` starts the node.",
      de: "Eingelesen und geprüft: Prüfsumme, Zeilenzahlen, Prüfwerte aller Ereignisse. `leadledger kpi rebuild` darf nichts ändern; `leadledger serve` startet den Knoten.",
    }),
  );
}

/** null: the key is the right one, or only opening the database tells. */
function keyFault(head: ArchiveHead, { rootKeyHex, databaseUrl, dataDir }: Environment): Texts | null {
  const root = rootKeyHex === null ? null : parseRootKey(rootKeyHex);
  if (root !== null) {
    const here = deriveKeys(root).fingerprint;
    return here === head.key_fingerprint ? null : otherKeyText(head, here);
  }
  return databaseUrl !== null || existsSync(join(dataDir, "key")) ? null : otherKeyText(head, null);
}

function otherKeyText({ key_fingerprint: fingerprint }: ArchiveHead, here: string | null): Texts {
  return {
    en: `The secrets in this archive are encrypted under another LEADLEDGER_KEY (fingerprint ${fingerprint}${here === null ? "" : `, here ${here}`}), and people are found by it. Set LEADLEDGER_KEY to the key of the installation that the archive came from: its environment has it, or the file \`key\` in its data folder. Then read the archive into a database, or a data folder, that has not been used before. Nothing was changed.`,
    de: `Die Geheimnisse in diesem Archiv sind mit einem anderen LEADLEDGER_KEY verschlüsselt (Fingerabdruck ${fingerprint}${here === null ? "" : `, hier ${here}`}), und Personen werden über ihn gefunden. Setzen Sie LEADLEDGER_KEY auf den Hauptschlüssel der Installation, aus der das Archiv stammt: Er steht in deren Umgebung oder in der Datei \`key\` ihres Datenordners. Lesen Sie das Archiv dann in eine Datenbank oder einen Datenordner ein, die noch nicht benutzt wurden. Es wurde nichts verändert.`,
  };
}

function noArchiveText(file: string): Texts {
  return {
    en: `${file} is no archive of \`leadledger export --all\`, is damaged at its beginning, or was written by a later LeadLedger. Nothing was changed.`,
    de: `${file} ist kein Archiv von \`leadledger export --all\`, am Anfang beschädigt oder von einem späteren LeadLedger geschrieben. Es wurde nichts verändert.`,
  };
}

function faultText(fault: ArchiveFault, { version }: ArchiveHead): Texts {
  switch (fault.kind) {
    case "not_empty":
      return {
        en: `This database is in use: ${fault.table} has rows. An archive is read into an empty one. Nothing was changed.`,
        de: `Diese Datenbank wird schon benutzt: ${fault.table} hat Zeilen. Ein Archiv wird in eine leere eingelesen. Es wurde nichts verändert.`,
      };
    case "other_schema":
      return {
        en: `The archive was written by LeadLedger ${version}, whose tables are not those of this version (${[...fault.missing, ...fault.unknown].join(", ")}). Read it in with the version that wrote it, then start this one on the same database. Nothing was changed.`,
        de: `Das Archiv schrieb LeadLedger ${version}, dessen Tabellen nicht die dieser Version sind (${[...fault.missing, ...fault.unknown].join(", ")}). Lesen Sie es mit der Version ein, die es geschrieben hat, und starten Sie dann diese auf derselben Datenbank. Es wurde nichts verändert.`,
      };
    case "digests_differ":
      return {
        en: `${fault.events} events do not match their digests, the first is ${fault.firstEventId}: they were changed before the archive was written. Nothing was changed here.`,
        de: `${fault.events} Ereignisse passen nicht zu ihren Prüfwerten, das erste ist ${fault.firstEventId}. Diese Ereignisse wurden verändert, bevor das Archiv geschrieben wurde. Hier wurde nichts verändert.`,
      };
    case "damaged":
      return {
        en: `The archive is damaged (${fault.what}). Nothing was changed; fetch the file again.`,
        de: `Das Archiv ist beschädigt (${fault.what}). Es wurde nichts verändert; holen Sie die Datei noch einmal.`,
      };
  }
}
