// Why LeadLedger or one of its commands does not start: keys, certificates, the data folder, the database's version.
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";
import type { CommitsHangError } from "../ledger/connection/commit-check.ts";
import type { MigrationTrouble } from "../ledger/migrate.ts";
import type { SqlRoleError } from "../ledger/accounts/sql-role-error.ts";
import type { UnsuitableSettingsError } from "../ledger/connection/session.ts";
import type { DataFolderErrorCode } from "../runtime/data-folder.ts";
import type { KeyErrorCode } from "../runtime/keys.ts";
import type { TlsTrouble } from "../runtime/tls-files.ts";

export type StartFailure =
  | KeyErrorCode
  | TlsTrouble
  | DataFolderErrorCode
  | MigrationTrouble
  | SqlRoleError["code"]
  | UnsuitableSettingsError["code"]
  | CommitsHangError["code"];

export const startFailures = {
  key_required: explained("not_running", "operator", {
    en: [
      "LEADLEDGER_KEY is missing",
      "With a database of your own, LeadLedger needs a key under which it encrypts secrets and finds people.",
      "Make one with `openssl rand -hex 32` and set it as LEADLEDGER_KEY. Keep it as safe as the database; all nodes use the same. If there was one before, use that one.",
    ],
    de: [
      "LEADLEDGER_KEY fehlt",
      "Mit einer eigenen Datenbank (DATABASE_URL) braucht LeadLedger einen Hauptschlüssel, mit dem es Geheimnisse verschlüsselt und Personen findet.",
      "Erzeugen Sie einen mit `openssl rand -hex 32`, und setzen Sie ihn als LEADLEDGER_KEY. Bewahren Sie ihn so sicher auf wie die Datenbank; alle Knoten benutzen denselben. Gab es schon einen, nehmen Sie diesen.",
    ],
  }),
  key_malformed: explained("not_running", "operator", {
    en: [
      "LEADLEDGER_KEY is not a key",
      "The key has the wrong length, or contains other characters than digits and the letters a to f. Mostly it was copied incompletely.",
      "LEADLEDGER_KEY must be 64 hexadecimal digits, made by `openssl rand -hex 32` for example. Copy it again completely.",
    ],
    de: [
      "LEADLEDGER_KEY ist kein Hauptschlüssel",
      "Er hat die falsche Länge oder enthält andere Zeichen als Ziffern und die Buchstaben a bis f. Meist wurde er unvollständig kopiert.",
      "LEADLEDGER_KEY muss aus 64 Hexadezimalziffern bestehen, zum Beispiel von `openssl rand -hex 32`. Kopieren Sie ihn noch einmal vollständig.",
    ],
  }),
  key_file_damaged: explained("not_running", "operator", {
    en: [
      "The key's file in the data folder is damaged",
      "The file `key` in the data folder does not contain a whole key. Without it the stored secrets cannot be read.",
      "Fetch the file `key` from the backup of the data folder. Do not delete anything before that.",
    ],
    de: [
      "Die Datei mit dem Hauptschlüssel im Datenordner ist beschädigt",
      "Die Datei `key` im Datenordner enthält keinen vollständigen Hauptschlüssel. Ohne ihn sind die gespeicherten Geheimnisse unlesbar.",
      "Holen Sie die Datei `key` aus der Sicherung des Datenordners. Löschen Sie vorher nichts.",
    ],
  }),
  key_differs: explained("not_running", "operator", {
    en: [
      "This database belongs to another LEADLEDGER_KEY",
      "The database was made with a different key than the one with which LeadLedger is being started. With this one, stored secrets could not be read. Nothing was changed.",
      "Start with the key with which the database was made. It is in the environment of the other nodes, or in your backup.",
    ],
    de: [
      "Diese Datenbank gehört zu einem anderen LEADLEDGER_KEY",
      "Die Datenbank wurde mit einem anderen Hauptschlüssel angelegt als dem, mit dem LeadLedger gerade startet. Mit diesem wären gespeicherte Geheimnisse unlesbar. Es wurde nichts verändert.",
      "Starten Sie mit dem Hauptschlüssel, mit dem die Datenbank angelegt wurde. Er steht in der Umgebung der anderen Knoten oder in Ihrer Sicherung.",
    ],
  }),
  secret_format_unknown: explained("not_running", "operator", {
    en: [
      "A stored secret has an unknown format",
      "A password of a source or a destination was stored by a newer LeadLedger than this one.",
      "Start the newer version again.",
    ],
    de: [
      "Ein gespeichertes Geheimnis hat ein unbekanntes Format",
      "Ein Kennwort einer Quelle oder eines Ziels wurde von einem neueren LeadLedger gespeichert als diesem.",
      "Starten Sie wieder die neuere Version.",
    ],
  }),
  secret_unreadable: explained("not_running", "operator", {
    en: [
      "A stored secret cannot be read",
      "A password of a source or a destination was stored under a different key, or is damaged.",
      "Start with the right LEADLEDGER_KEY. If it is the right one, set the secret of the source or destination anew.",
    ],
    de: [
      "Ein gespeichertes Geheimnis ist unlesbar",
      "Ein Kennwort einer Quelle oder eines Ziels wurde mit einem anderen Hauptschlüssel gespeichert, oder es ist beschädigt.",
      "Starten Sie mit dem richtigen LEADLEDGER_KEY. Ist es der richtige, legen Sie das Geheimnis der Quelle oder des Ziels neu fest.",
    ],
  }),
  tls_file_unreadable: explained("not_running", "operator", {
    en: [
      "A file for TLS cannot be read",
      "LeadLedger does not find the certificate or its key, or may not read the file.",
      "Check the paths in LEADLEDGER_TLS_CERT and LEADLEDGER_TLS_KEY, and the rights of the user who runs LeadLedger.",
    ],
    de: [
      "Eine Datei für TLS lässt sich nicht lesen",
      "LeadLedger findet das Zertifikat oder dessen privaten Schlüssel nicht oder darf die Datei nicht lesen.",
      "Prüfen Sie die Pfade in LEADLEDGER_TLS_CERT und LEADLEDGER_TLS_KEY und die Rechte des Benutzers, unter dem LeadLedger läuft.",
    ],
  }),
  tls_certificate_malformed: explained("not_running", "operator", {
    en: [
      "LEADLEDGER_TLS_CERT names no certificate",
      "The file is there, but there is no certificate in PEM format in it.",
      "Name the file that begins with `-----BEGIN CERTIFICATE-----`.",
    ],
    de: [
      "LEADLEDGER_TLS_CERT nennt kein Zertifikat",
      "Die Datei ist da, aber darin steht kein Zertifikat im PEM-Format.",
      "Nennen Sie die Datei, die mit `-----BEGIN CERTIFICATE-----` beginnt.",
    ],
  }),
  tls_key_malformed: explained("not_running", "operator", {
    en: [
      "LEADLEDGER_TLS_KEY names no private key",
      "The file is there, but there is no private key in PEM format in it, or the key has a passphrase.",
      "Name the file that belongs to the certificate, without a passphrase.",
    ],
    de: [
      "LEADLEDGER_TLS_KEY nennt keinen privaten Schlüssel",
      "Die Datei ist da, aber darin steht kein privater Schlüssel im PEM-Format, oder er hat eine Passphrase.",
      "Nennen Sie die Datei, die zum Zertifikat gehört, ohne Passphrase.",
    ],
  }),
  tls_key_differs: explained("not_running", "operator", {
    en: [
      "Certificate and key do not belong together",
      "The key in LEADLEDGER_TLS_KEY is that of another certificate. Mostly only one of the two files was renewed.",
      "Name the two files that were made together.",
    ],
    de: [
      "Zertifikat und privater Schlüssel gehören nicht zusammen",
      "Der private Schlüssel in LEADLEDGER_TLS_KEY ist der eines anderen Zertifikats. Meist wurde nur eine der beiden Dateien erneuert.",
      "Nennen Sie die beiden Dateien, die zusammen entstanden sind.",
    ],
  }),
  data_folder_in_use: explained("unaffected", "operator", {
    en: [
      "Another LeadLedger uses this data folder",
      "A LeadLedger runs on this folder already. Two on the same folder would get in each other's way.",
      "Nothing, if that one should run. Otherwise stop it first, or give this one a folder of its own with LEADLEDGER_DATA_DIR.",
    ],
    de: [
      "Ein anderes LeadLedger benutzt diesen Datenordner",
      "Auf diesem Ordner läuft schon ein LeadLedger. Zwei auf demselben kämen einander in die Quere.",
      "Nichts, wenn jenes laufen soll. Sonst halten Sie es zuerst an, oder geben Sie diesem mit LEADLEDGER_DATA_DIR einen eigenen Ordner.",
    ],
  }),
  data_folder_unusable: explained("not_running", "operator", {
    en: [
      "The data folder cannot be used",
      "LeadLedger may not write into its data folder, or there is a file where the folder should be.",
      "It must be a folder that belongs to the user who runs LeadLedger. LEADLEDGER_DATA_DIR names another one.",
    ],
    de: [
      "Der Datenordner ist nicht benutzbar",
      "LeadLedger darf in seinen Datenordner nicht schreiben, oder an seiner Stelle steht eine Datei.",
      "Es muss ein Ordner sein, der dem Benutzer gehört, unter dem LeadLedger läuft. LEADLEDGER_DATA_DIR nennt einen anderen.",
    ],
  }),
  disk_full: explained("not_running", "operator", {
    en: [
      "The disk under the data folder is full",
      "There is no room left for the database that comes with LeadLedger. What was stored is not lost.",
      "Make room on the disk, and start again.",
    ],
    de: [
      "Die Platte unter dem Datenordner ist voll",
      "Für die mitgelieferte Datenbank ist kein Platz mehr. Was gespeichert war, ist nicht verloren.",
      "Schaffen Sie Platz auf der Platte, und starten Sie neu.",
    ],
  }),
  database_newer_than_code: explained("not_running", "operator", {
    en: [
      "This database was made by a newer LeadLedger",
      "The database knows things that this version of LeadLedger does not. Nothing was changed.",
      "Start the version that was used last, or a later one.",
    ],
    de: [
      "Diese Datenbank stammt von einem neueren LeadLedger",
      "Die Datenbank enthält, was diese Version von LeadLedger noch nicht kennt. Es wurde nichts verändert.",
      "Starten Sie die zuletzt benutzte Version oder eine spätere.",
    ],
  }),
  older_node_running: explained("not_running", "operator", {
    en: [
      "An older LeadLedger is still running on this database",
      "This version changes what the older one needs, so it waits until no older node is at work. Leads go on being taken in by the older nodes. Nothing was changed.",
      "Stop all older nodes, and start this one again: it changes the database as soon as nobody has been at work for a few seconds. In an orchestrator, let all old instances end before new ones start.",
    ],
    de: [
      "Ein älteres LeadLedger läuft noch auf dieser Datenbank",
      "Diese Version verändert, was die ältere braucht. Sie wartet deshalb, bis kein älterer Knoten mehr arbeitet. Die älteren Knoten nehmen weiter Leads an. Es wurde nichts verändert.",
      "Beenden Sie alle älteren Knoten und starten Sie diesen neu: Er stellt die Datenbank um, sobald ein paar Sekunden lang niemand mehr arbeitet. In einem Orchestrator müssen alle alten Instanzen enden, bevor neue starten.",
    ],
  }),
  database_too_old: explained("not_running", "operator", {
    en: [
      "The PostgreSQL server is too old",
      "LeadLedger needs PostgreSQL 15 or newer. Nothing was changed.",
      "Use a newer server, or the database that comes with LeadLedger: without DATABASE_URL.",
    ],
    de: [
      "Der PostgreSQL-Server ist zu alt",
      "LeadLedger braucht PostgreSQL 15 oder neuer. Es wurde nichts verändert.",
      "Nehmen Sie einen neueren Server oder die mitgelieferte Datenbank: ohne DATABASE_URL.",
    ],
  }),
  database_not_utf8: explained("not_running", "operator", {
    en: [
      "The database does not store all letters",
      "The database was not made with the encoding UTF8, so it could not hold every name. Nothing was changed.",
      "Make a database with the encoding UTF8, and name it in DATABASE_URL.",
    ],
    de: [
      "Die Datenbank speichert nicht alle Buchstaben",
      "Die Datenbank wurde nicht mit der Kodierung UTF8 angelegt und könnte nicht jeden Namen aufnehmen. Es wurde nichts verändert.",
      "Legen Sie eine Datenbank mit der Kodierung UTF8 an, und nennen Sie sie in DATABASE_URL.",
    ],
  }),
  schema_internal_foreign: explained("not_running", "operator", {
    en: [
      "The database has a schema `internal` that belongs to something else",
      "LeadLedger keeps its own tables in a schema named `internal`. There is one already, made by another program or by a person. Nothing was changed.",
      "Give LeadLedger a database of its own, or have the other schema renamed: `ALTER SCHEMA internal RENAME TO …`. If it is empty and nobody needs it: `DROP SCHEMA internal`.",
    ],
    de: [
      "In der Datenbank gibt es schon ein fremdes Schema `internal`",
      "LeadLedger hat seine eigenen Tabellen in einem Schema namens `internal`. Eines dieses Namens ist schon da, von einem anderen Programm oder von Hand angelegt. Es wurde nichts verändert.",
      "Geben Sie LeadLedger eine eigene Datenbank, oder lassen Sie das andere Schema umbenennen: `ALTER SCHEMA internal RENAME TO …`. Ist es leer und braucht es niemand: `DROP SCHEMA internal`.",
    ],
  }),
  schema_bi_foreign: explained("not_running", "operator", {
    en: [
      "The database has a schema `bi` in which LeadLedger may create nothing",
      "LeadLedger makes its views for BI tools in the schemas `bi` and `bi_client`. There is one already, made by another program or by a person, and LeadLedger's role has no right to add to it. Nothing was changed.",
      "The message names the statement for an administrator: `GRANT USAGE, CREATE ON SCHEMA bi TO … WITH GRANT OPTION`. What is in it stays as it is. Or have it renamed: `ALTER SCHEMA bi RENAME TO …`.",
    ],
    de: [
      "In der Datenbank gibt es ein Schema `bi`, in dem LeadLedger nichts anlegen darf",
      "LeadLedger legt seine Sichten für BI-Werkzeuge in den Schemas `bi` und `bi_client` an. Eines dieses Namens ist schon da, von einem anderen Programm oder von Hand angelegt, und die Rolle von LeadLedger darf dort nichts hinzufügen. Es wurde nichts verändert.",
      "Die Meldung nennt die Anweisung für einen Administrator: `GRANT USAGE, CREATE ON SCHEMA bi TO … WITH GRANT OPTION`. Was darin liegt, bleibt, wie es ist. Oder lassen Sie es umbenennen: `ALTER SCHEMA bi RENAME TO …`.",
    ],
  }),
  schema_internal_missing: explained("not_running", "operator", {
    en: [
      "LeadLedger's schema `internal` is missing in the database",
      "The tables in the schema `public` are there, those in `internal` are not. Mostly a dump was made or restored of one schema only. Nothing was changed.",
      "Restore a dump of the whole database (`pg_dump` without `-n` and `-t`) into an empty one.",
    ],
    de: [
      "In der Datenbank fehlt das Schema `internal` von LeadLedger",
      "Die Tabellen im Schema `public` sind da, die im Schema `internal` nicht. Meist wurde nur ein einzelnes Schema gesichert oder zurückgespielt. Es wurde nichts verändert.",
      "Spielen Sie die Sicherung der ganzen Datenbank (`pg_dump` ohne `-n` und `-t`) in eine leere ein.",
    ],
  }),
  database_commits_hang: explained("not_running", "operator", {
    en: [
      "The database finishes no commit",
      "The database answers, but what is written into it is never done: mostly because it waits for a standby server that is not there (`synchronous_standby_names`).",
      "Bring the standby back, or let an administrator take it out of synchronous_standby_names. A LeadLedger that has been in contact with this database before starts all the same, and keeps leads on disk.",
    ],
    de: [
      "Die Datenbank schließt keinen Commit ab",
      "Die Datenbank antwortet, aber was in sie geschrieben wird, wird nicht fertig: meist, weil sie auf einen Standby-Server wartet, der nicht da ist (`synchronous_standby_names`).",
      "Bringen Sie den Standby-Server zurück, oder lassen Sie ihn von einem Administrator aus synchronous_standby_names nehmen. Ein LeadLedger, das mit dieser Datenbank schon Kontakt hatte, startet trotzdem und hebt Leads auf der Platte auf.",
    ],
  }),
  database_settings_unsuitable: explained("not_running", "operator", {
    en: [
      "The database sets what LeadLedger cannot work with",
      "For the server, the database or the role something is set with which leads would be lost, counted wrongly or delivered twice. LeadLedger sets it otherwise for itself where it may; here it may not, or a connection pooler forgets it. Nothing was changed.",
      "Let an administrator of the database run the SQL that the message shows. With a pooler, let it make new connections afterwards.",
    ],
    de: [
      "In der Datenbank ist etwas eingestellt, womit LeadLedger nicht arbeiten kann",
      "Für den Server, die Datenbank oder die Rolle gilt eine Einstellung, mit der Leads verloren gingen, falsch gezählt oder doppelt zugestellt würden. Wo LeadLedger darf, stellt es das für sich selbst anders ein; hier darf es das nicht, oder ein Verbindungs-Pooler vergisst es wieder. Es wurde nichts verändert.",
      "Lassen Sie einen Administrator der Datenbank das SQL ausführen, das die Meldung zeigt. Steht ein Pooler dazwischen, muss er danach neue Verbindungen aufbauen.",
    ],
  }),
  sql_role_not_allowed: explained("unaffected", "operator", {
    en: [
      "The roles for SQL are missing in the database, or may do too much",
      "To look into the database with other programs there are roles with few rights. LeadLedger may not make or change them itself.",
      "Let an administrator of the database run the SQL that the message shows, once.",
    ],
    de: [
      "Die Rollen für SQL fehlen in der Datenbank oder dürfen zu viel",
      "Damit andere Programme in die Datenbank sehen können, gibt es Rollen mit wenigen Rechten. LeadLedger darf sie nicht selbst anlegen oder ändern.",
      "Lassen Sie einen Administrator der Datenbank einmal das SQL ausführen, das die Meldung zeigt.",
    ],
  }),
} as const satisfies Record<StartFailure, Explained>;
