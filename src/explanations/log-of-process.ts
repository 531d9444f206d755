// Warnings and errors of the log about the database and the process itself.
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";
import type { TroubleEvent } from "../domain/node/log.ts";
import type { DeliveryEvent } from "./log-of-delivery.ts";
import type { IntakeEvent } from "./log-of-intake.ts";

export const processEventTexts = {
  configuration_refused: explained("unaffected", "operator", {
    en: [
      "leadledger.yaml was not applied",
      "The file would have switched off all its sources or all its destinations; or leads of one client of an agency would have gone to another. In the first case it is mostly empty or cut off: the disk was full, or a template was not filled. LeadLedger goes on with what was applied last.",
      "Restore the file. If all of them are meant to go, write the section as `{}` (`destinations: {}`), or run `leadledger apply --yes`.",
    ],
    de: [
      "leadledger.yaml wurde nicht angewendet",
      "Die Datei hätte alle ihre Quellen oder alle ihre Ziele abgeschaltet; oder Leads eines Kunden einer Agentur wären an einen anderen gegangen. Im ersten Fall ist sie meist leer oder abgeschnitten: Die Platte war voll, oder eine Vorlage wurde nicht ausgefüllt. LeadLedger arbeitet mit dem weiter, was zuletzt angewendet wurde.",
      "Stellen Sie die Datei wieder her. Sollen wirklich alle wegfallen, schreiben Sie den Abschnitt als `{}` (`destinations: {}`), oder rufen Sie `leadledger apply --yes` auf.",
    ],
  }),
  database_connection_lost: explained("unaffected", "nobody", {
    en: [
      "A connection to the database broke off",
      "One of several connections ended while it had nothing to do. LeadLedger makes a new one when it needs one.",
      "Nothing. If it happens often, look at the network in between, and whether the database is restarted.",
    ],
    de: [
      "Eine Verbindung zur Datenbank riss ab",
      "Eine von mehreren Verbindungen endete, während sie nichts zu tun hatte. LeadLedger baut eine neue auf, wenn es sie braucht.",
      "Nichts. Geschieht es oft, prüfen Sie das Netz dazwischen und ob die Datenbank neu gestartet wird.",
    ],
  }),
  database_lost: explained("on_disk", "operator", {
    en: [
      "The database is out of reach",
      "From this moment the database takes nothing. Leads are taken all the same and kept on disk; nothing is delivered meanwhile.",
      "Look whether the database runs, has room on its disk and free connections. `database_found` in the log says that it is back.",
    ],
    de: [
      "Die Datenbank ist nicht mehr erreichbar",
      "Von diesem Augenblick an nimmt die Datenbank nichts mehr an. Leads werden trotzdem angenommen und auf der Platte aufbewahrt; zugestellt wird so lange nichts.",
      "Sehen Sie nach, ob die Datenbank läuft, Platz auf ihrer Platte und freie Verbindungen hat. `database_found` im Log sagt, dass sie wieder da ist.",
    ],
  }),
  sql_roles_not_aligned: explained("unaffected", "operator", {
    en: [
      "The roles for SQL were left as they are",
      "At its start LeadLedger brings the rights and the time zone of the roles for psql and BI tools up to date. This time it could not. Leads are not affected.",
      "Run `leadledger doctor`: it says what is to be done. Mostly somebody holds a lock, and the next start does it.",
    ],
    de: [
      "Die Rollen für SQL blieben, wie sie sind",
      "Beim Start bringt LeadLedger Rechte und Zeitzone der Rollen für psql und BI-Werkzeuge auf den neuesten Stand. Diesmal ging das nicht. Leads sind nicht betroffen.",
      "Führen Sie `leadledger doctor` aus: Es sagt, was zu tun ist. Meist hält jemand eine Sperre, und der nächste Start holt es nach.",
    ],
  }),
  database_went_back: explained("accepted_perhaps_gone", "operator", {
    en: [
      "The database no longer has what it had before",
      "A backup was restored, or a standby took over that did not have everything yet. Leads that were confirmed in between are missing in LeadLedger, although their senders count them as delivered; some may have reached their destination. `since` says from when on, `events_max` how many log entries, and so leads, at most.",
      "Compare with the senders and the destinations what came between `since` and `until`, and have it sent again under the same keys. If the old database is still there, bring its leads over by export and import. Then acknowledge it: `leadledger db setbacks` shows the number, `leadledger db acknowledge <number>`.",
    ],
    de: [
      "Die Datenbank hat nicht mehr, was sie schon hatte",
      "Eine Sicherung wurde eingespielt, oder ein Standby hat übernommen, der noch nicht alles hatte. Leads, die dazwischen bestätigt wurden, fehlen in LeadLedger, obwohl ihre Absender sie für eingeliefert halten; manche haben ihr Ziel vielleicht erreicht. `since` sagt, ab wann; `events_max`, wie viele Protokolleinträge und damit höchstens wie viele Leads.",
      "Vergleichen Sie mit den Absendern und den Zielen, was zwischen `since` und `until` kam, und lassen Sie es mit denselben Schlüsseln noch einmal senden. Gibt es die alte Datenbank noch, holen Sie ihre Leads durch Export und Import herüber. Bestätigen Sie es danach: `leadledger db setbacks` zeigt die Nummer, dann `leadledger db acknowledge <Nummer>`.",
    ],
  }),
  leader_write_refused: explained("unaffected", "nobody", {
    en: [
      "A node wanted to do a common task that another one has taken over",
      "Of several LeadLedgers one counts and tidies up. This one believed that it was still its turn, and was stopped in time.",
      "Nothing: the other one does it.",
    ],
    de: [
      "Ein Knoten wollte eine gemeinsame Aufgabe erledigen, die ein anderer übernommen hat",
      "Von mehreren LeadLedgern zählt eines und räumt auf. Dieses glaubte, noch an der Reihe zu sein, und wurde rechtzeitig gebremst.",
      "Nichts: Das andere erledigt es.",
    ],
  }),
  dead_mans_switch_silent: explained("unaffected", "operator", {
    en: [
      "The dead man's switch is silent",
      "The address that is called while all works is not called, because something does not work: taking leads (`intake`), a commit (`database`), sending (`delivery`, `deliveries_stopped`); or it did not take the call (`address`).",
      "Mend what is named. It calls again within seconds; whoever waits for the call ends the alarm then.",
    ],
    de: [
      "Der Totmannschalter schweigt",
      "Die Adresse, die aufgerufen wird, solange alles geht, wird nicht aufgerufen, weil etwas nicht geht: Annehmen (`intake`), Schreiben (`database`), Senden (`delivery`, `deliveries_stopped`); oder sie nahm den Aufruf nicht an (`address`).",
      "Beheben Sie, was genannt ist. Der Aufruf folgt dann binnen Sekunden wieder, und wer auf ihn wartet, beendet den Alarm.",
    ],
  }),
  leadership_lost: explained("unaffected", "nobody", {
    en: [
      "Another node does the common tasks now",
      "Of several LeadLedgers one counts and tidies up. This one has lost that task, because it was stopped, frozen or cut off.",
      "Nothing. If it happens often, look whether the machine is overloaded.",
    ],
    de: [
      "Ein anderer Knoten erledigt jetzt die gemeinsamen Aufgaben",
      "Von mehreren LeadLedgern zählt eines und räumt auf. Dieses hat die Aufgabe verloren, weil es angehalten, eingefroren oder abgeschnitten war.",
      "Nichts. Geschieht es oft, prüfen Sie, ob der Rechner überlastet ist.",
    ],
  }),
  password_mail_failed: explained("unaffected", "operator", {
    en: [
      "A link for a new password could not be sent",
      "Somebody asked for a new password, and the mail with the link did not go out. They were told what everybody is told, and wait for it.",
      "`code` says why. Send a test mail under Settings, Mail, and mend what it complains about; an administrator can make a link meanwhile.",
    ],
    de: [
      "Ein Link für ein neues Passwort ließ sich nicht senden",
      "Jemand hat ein neues Passwort verlangt, und die E-Mail mit dem Link ging nicht hinaus. Gesagt wurde dasselbe wie allen; nun wird darauf gewartet.",
      "`code` sagt, warum. Senden Sie unter Einstellungen, E-Mail eine Testmail, und beheben Sie, was sie bemängelt; ein Administrator kann inzwischen einen Link erstellen.",
    ],
  }),
  live_events_failed: explained("unaffected", "nobody", {
    en: [
      "Live views are late",
      "LeadLedger could not read what is new for those who are watching. The lists show everything all the same.",
      "Nothing. If it lasts, look after the database.",
    ],
    de: [
      "Live-Ansichten sind verspätet",
      "LeadLedger konnte für die Zuschauer nicht lesen, was neu ist. Die Listen zeigen trotzdem alles.",
      "Nichts. Bleibt es so, sehen Sie nach der Datenbank.",
    ],
  }),
  migration_waits: explained("not_running", "operator", {
    en: [
      "An upgrade waits for somebody who uses the database",
      "LeadLedger wants to change its tables, and somebody holds them or the lock under which that is done: another LeadLedger that is doing it at this moment, or a transaction that nobody has ended. It waits a minute.",
      "Nothing, if another LeadLedger is at it. Otherwise `held_by` names the session: end its transaction, or let an administrator end it.",
    ],
    de: [
      "Eine Umstellung wartet auf jemanden, der die Datenbank benutzt",
      "LeadLedger will seine Tabellen ändern, und jemand hält sie oder die Sperre dafür: ein anderes LeadLedger, das es gerade tut, oder eine Transaktion, die niemand beendet hat. Es wartet eine Minute.",
      "Nichts, wenn ein anderes LeadLedger daran arbeitet. Sonst nennt `held_by` die Sitzung: Beenden Sie ihre Transaktion, oder lassen Sie das einen Administrator tun.",
    ],
  }),
  operation_failed: explained("unchanged", "operator", {
    en: [
      "A job for many leads or entries ended early",
      "The database refused to go on with it. What was done before stays done; the rest is as it was.",
      "`error` says what the database said. When that is mended, order the rest anew.",
    ],
    de: [
      "Eine Sammelaktion endete vorzeitig",
      "Die Datenbank ließ sie nicht weitergehen. Was vorher getan wurde, bleibt getan; der Rest ist, wie er war.",
      "`error` gibt wieder, was die Datenbank gesagt hat. Ist das behoben, geben Sie den Rest neu in Auftrag.",
    ],
  }),
  postgres_exited: explained("on_disk", "operator", {
    en: [
      "The database that comes with LeadLedger ended unexpectedly",
      "The database's process died or was killed. LeadLedger starts it again by itself.",
      "Once means little. If it happens again, look whether the machine has too little memory or a full disk.",
    ],
    de: [
      "Die mitgelieferte Datenbank endete unerwartet",
      "Der Prozess der Datenbank ist abgestürzt oder wurde beendet. LeadLedger startet ihn von selbst wieder.",
      "Einmal bedeutet wenig. Geschieht es wieder, prüfen Sie, ob dem Rechner Arbeitsspeicher fehlt oder die Platte voll ist.",
    ],
  }),
  postgres_restart_failed: explained("on_disk", "operator", {
    en: [
      "The database that comes with LeadLedger cannot be started again",
      "It ended, and starting it did not succeed. LeadLedger tries again at growing intervals.",
      "`error` says why: mostly the disk is full. Make room.",
    ],
    de: [
      "Die mitgelieferte Datenbank lässt sich nicht wieder starten",
      "Sie endete, und der Neustart ist misslungen. LeadLedger versucht es in wachsenden Abständen wieder.",
      "`error` sagt, warum: Meist ist die Platte voll. Schaffen Sie Platz.",
    ],
  }),
  stop_failed: explained("retried_perhaps_arrived", "operator", {
    en: [
      "LeadLedger did not stop cleanly",
      "Something went wrong while it was finishing its work. It ended all the same.",
      "Start it again: what was on its way is taken up. If it happens each time, pass `error` on to whoever looks after LeadLedger.",
    ],
    de: [
      "LeadLedger hat nicht sauber angehalten",
      "Als es seine Arbeit beenden wollte, ging etwas schief. Es ist trotzdem zu Ende.",
      "Starten Sie es wieder: Was unterwegs war, wird aufgenommen. Geschieht es jedes Mal, geben Sie `error` an den Betreuer von LeadLedger weiter.",
    ],
  }),
  names_not_recorded: explained("unaffected", "operator", {
    en: [
      "A list of leads was shown without names",
      "The installation wants names in lists, and every look at them recorded. This record could not be written in time (`error` says why), so the list was shown masked, and says so to whoever looks at it.",
      "Once means nothing. If it lasts, look after the database: it is slow, or refuses the record.",
    ],
    de: [
      "Eine Liste von Leads erschien ohne Namen",
      "Die Installation möchte Namen in Listen, und jeder Blick darauf wird vermerkt. Dieser Vermerk ließ sich nicht rechtzeitig schreiben (`error` sagt, warum), deshalb erschien die Liste verdeckt; wer sie ansieht, erfährt es.",
      "Einmal bedeutet nichts. Bleibt es so, sehen Sie nach der Datenbank: Sie ist langsam oder verweigert den Vermerk.",
    ],
  }),
  task_failed: explained("unaffected", "operator", {
    en: [
      "A task in the background did not succeed",
      "LeadLedger does some things again and again, counting for example. `task` says which one failed this time. It is tried again by itself.",
      "Once means nothing. If it lasts, look the task up: `leadledger explain <task>`. Mostly the database is the cause.",
    ],
    de: [
      "Eine Aufgabe im Hintergrund ist misslungen",
      "Manches tut LeadLedger immer wieder, zum Beispiel zählen. `task` sagt, was diesmal misslang. Es wird von selbst wieder versucht.",
      "Einmal bedeutet nichts. Bleibt es so, schlagen Sie die Aufgabe nach: `leadledger explain <Aufgabe>`. Meist liegt es an der Datenbank.",
    ],
  }),
  timezone_unfit: explained("unaffected", "operator", {
    en: [
      "The time zone in the file cannot be the reporting time zone",
      "PostgreSQL does not know it, or reads it differently from LeadLedger, so that leads would lie on other days in lists than in the daily figures. Everything else in the file holds; the reporting time zone stays what it was.",
      "Write the name that `suggestion` gives as `timezone` into leadledger.yaml, and run `leadledger apply`.",
    ],
    de: [
      "Die Zeitzone in der Datei kann nicht die Zeitzone der Auswertungen sein",
      "PostgreSQL kennt sie nicht oder versteht sie anders als LeadLedger, sodass Leads in Listen an anderen Tagen lägen als in den Tageszahlen. Alles andere aus der Datei gilt; die Zeitzone der Auswertungen bleibt, wie sie war.",
      "Schreiben Sie den Namen, den `suggestion` nennt, als `timezone` in leadledger.yaml, und führen Sie `leadledger apply` aus.",
    ],
  }),
  uncaught_error: explained("perhaps_stored", "operator", {
    en: [
      "LeadLedger ended because of a mistake of the program",
      "It met something that it was not prepared for, and ended rather than go on with half-done work.",
      "Start it again, or let the system do so. Pass `error` and `stack` on to whoever looks after LeadLedger.",
    ],
    de: [
      "LeadLedger endete wegen eines Programmfehlers",
      "Es stieß auf etwas, auf das es nicht vorbereitet war, und endete lieber, als mit halber Arbeit weiterzumachen.",
      "Starten Sie es wieder, oder lassen Sie das System es tun. Geben Sie `error` und `stack` an den Betreuer von LeadLedger weiter.",
    ],
  }),
} as const satisfies Record<Exclude<TroubleEvent, IntakeEvent | DeliveryEvent>, Explained>;
