// Why a command failed, where nothing else has a code for it: what lies between this process, the database and the network.
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";

export const commandFailures = {
  database_unreachable: explained("unaffected", "operator", {
    en: [
      "The command does not reach the database",
      "The database does not run, is somewhere else, or does not let this command in. A LeadLedger that is running goes on taking leads.",
      "Look whether the database runs and whether DATABASE_URL is right. The message says what the attempt was answered with.",
    ],
    de: [
      "Der Befehl erreicht die Datenbank nicht",
      "Die Datenbank läuft nicht, ist woanders oder lässt diesen Befehl nicht hinein. Ein LeadLedger, das läuft, nimmt weiter Leads an.",
      "Sehen Sie nach, ob die Datenbank läuft und ob DATABASE_URL stimmt. Die Meldung sagt, was der Versuch ergab.",
    ],
  }),
  server_unreachable: explained("unchanged", "caller", {
    en: [
      "The LeadLedger at --url does not answer",
      "There is nothing at this address, or a firewall stands in between.",
      "Check the address, and whether that LeadLedger runs: its `/health` must answer in a browser.",
    ],
    de: [
      "Das LeadLedger unter --url antwortet nicht",
      "Unter dieser Adresse ist nichts, oder eine Firewall steht dazwischen.",
      "Prüfen Sie die Adresse, und ob jenes LeadLedger läuft: Sein `/health` muss im Browser antworten.",
    ],
  }),
  file_unusable: explained("unaffected", "caller", {
    en: [
      "A file that the command needs cannot be read or written",
      "It is not there, is a folder, its permissions forbid it, or its disk is full. The message names it.",
      "Look at its path, its permissions and the room on its disk; then call the command again.",
    ],
    de: [
      "Eine Datei, die der Befehl braucht, lässt sich nicht lesen oder schreiben",
      "Es gibt sie nicht, sie ist ein Ordner, die Rechte erlauben es nicht, oder der Datenträger ist voll. Die Meldung nennt sie.",
      "Sehen Sie nach Pfad, Rechten und freiem Platz; rufen Sie den Befehl dann noch einmal auf.",
    ],
  }),
  port_in_use: explained("not_running", "operator", {
    en: [
      "The port is in use",
      "Another program, or a LeadLedger that runs already, listens where this one wants to listen.",
      "End the other one, or give this one another port with PORT.",
    ],
    de: [
      "Der Port ist belegt",
      "Ein anderes Programm oder ein LeadLedger, das schon läuft, ist dort erreichbar, wo dieses es sein will.",
      "Beenden Sie das andere, oder geben Sie diesem mit PORT einen anderen Port.",
    ],
  }),
  address_unusable: explained("not_running", "operator", {
    en: [
      "LeadLedger cannot listen at this address",
      "HOST names an address that this machine does not have, or PORT one that ordinary users may not use (below 1024).",
      "Set HOST to an address of this machine, 127.0.0.1 for example, and PORT to 8080 for example.",
    ],
    de: [
      "LeadLedger kann unter dieser Adresse nicht erreichbar sein",
      "HOST nennt eine Adresse, die dieser Rechner nicht hat, oder PORT eine Nummer, die gewöhnliche Benutzer nicht verwenden dürfen (unter 1024).",
      "Setzen Sie HOST auf eine Adresse dieses Rechners, zum Beispiel 127.0.0.1, und PORT zum Beispiel auf 8080.",
    ],
  }),
  configuration_unwritable: explained("not_running", "operator", {
    en: [
      "The first configuration cannot be written",
      "There is no leadledger.yaml yet, and LeadLedger may not make one in this folder.",
      "Start in a folder in which you may write, or name another place with LEADLEDGER_CONFIG.",
    ],
    de: [
      "Die erste Konfiguration lässt sich nicht schreiben",
      "Es gibt noch keine leadledger.yaml, und LeadLedger darf in diesem Ordner keine anlegen.",
      "Starten Sie in einem Ordner, in den Sie schreiben dürfen, oder nennen Sie mit LEADLEDGER_CONFIG einen anderen Ort.",
    ],
  }),
} as const satisfies Record<string, Explained>;

export type CommandFailure = keyof typeof commandFailures;
