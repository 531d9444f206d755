// What `troubles` of /health, and `task` of the log's task_failed, mean.
import { explained } from "../domain/errors/explained.ts";
import type { Explained, Safety, Texts } from "../domain/errors/explained.ts";
import type { TroubleEvent } from "../domain/node/log.ts";
import type { HealthTrouble, TaskName } from "../domain/figures/health-trouble.ts";

/** `done`: what the task does, as a part of a sentence; `meanwhile`: what is so as long as it fails. */
function task(title: Texts, done: Texts, meanwhile: Texts, safe: Safety = "unaffected"): Explained {
  return explained(safe, "operator", {
    en: [
      title.en,
      `LeadLedger ${done.en} again and again. The last time that failed; it is tried again by itself. ${meanwhile.en}`,
      "Mostly the database is the cause, and it settles itself. If it lasts, the log says why: look for `task_failed`.",
    ],
    de: [
      title.de,
      `LeadLedger ${done.de} in kurzen Abständen. Beim letzten Mal ist das misslungen; es wird von selbst wieder versucht. ${meanwhile.de}`,
      "Meist liegt es an der Datenbank und gibt sich von selbst. Bleibt es so, steht die Ursache im Log: Suchen Sie nach `task_failed`.",
    ],
  });
}

const tasks = {
  dead_mans_switch: task(
    { en: "The dead man's switch cannot look", de: "Der Totmannschalter kann nicht nachsehen" },
    {
      en: "looks whether all works, and then calls the address of the dead man's switch",
      de: "sieht nach, ob alles geht, und ruft dann die Adresse des Totmannschalters auf",
    },
    {
      en: "Until then it is not called, and whoever waits for the call raises the alarm.",
      de: "Bis dahin bleibt der Aufruf aus, und wer auf ihn wartet, gibt Alarm.",
    },
  ),
  node_report: task(
    { en: "This node cannot say how it is", de: "Dieser Server kann nicht sagen, wie es ihm geht" },
    {
      en: "writes down how its disk, clock and configuration are",
      de: "schreibt auf, wie es um Platte, Uhr und Konfiguration steht",
    },
    {
      en: "Until then the others may take it for gone.",
      de: "Bis dahin halten die anderen ihn vielleicht für ausgefallen.",
    },
  ),
  outage: task(
    {
      en: "An outage of the database cannot be noted",
      de: "Ein Ausfall der Datenbank lässt sich nicht vermerken",
    },
    {
      en: "notes in the data folder since when the database has been away",
      de: "vermerkt im Datenordner, seit wann die Datenbank weg ist",
    },
    {
      en: "Nobody may be told afterwards that it was away.",
      de: "Vielleicht erfährt danach niemand, dass sie weg war.",
    },
  ),
  history: task(
    {
      en: "Whether the database still has everything is not looked at",
      de: "Ob die Datenbank noch alles hat, wird nicht geprüft",
    },
    {
      en: "compares what it remembers of the database with what is there",
      de: "vergleicht, was es von der Datenbank weiß, mit dem, was da ist",
    },
    {
      en: "Until then it would go unnoticed that a backup was restored.",
      de: "Bis dahin fiele nicht auf, wenn eine ältere Sicherung eingespielt würde.",
    },
  ),
  certificate: task(
    { en: "The certificate cannot be read again", de: "Das Zertifikat lässt sich nicht neu einlesen" },
    { en: "looks for a renewed TLS certificate", de: "sieht nach einem erneuerten TLS-Zertifikat" },
    { en: "Until then the one read before goes on.", de: "Bis dahin gilt das bisherige." },
  ),
  alerts: task(
    { en: "Alarms are noticed late", de: "Alarme werden verspätet bemerkt" },
    {
      en: "looks whether something is wrong that somebody is to be told",
      de: "sieht nach, ob etwas nicht stimmt, das jemand erfahren soll",
    },
    { en: "Until then nobody is told of new alarms.", de: "Bis dahin erfährt niemand von neuen Alarmen." },
    "unchanged",
  ),
  notifications: task(
    { en: "Messages about alarms are sent late", de: "Nachrichten über Alarme werden verspätet gesendet" },
    { en: "tells recipients of alarms", de: "benachrichtigt Empfänger über Alarme" },
    { en: "Until then nobody is told of alarms.", de: "Bis dahin erfährt niemand von Alarmen." },
    "unchanged",
  ),
  circuits: task(
    {
      en: "Leads that wait for a destination are looked after late",
      de: "Nach Leads, die auf ein Ziel warten, wird verspätet gesehen",
    },
    {
      en: "makes due what waited for a destination that is there again",
      de: "setzt fällig, was auf ein Ziel wartete, das wieder da ist",
    },
    { en: "Until then these leads wait.", de: "Bis dahin warten diese Leads." },
    "retried",
  ),
  claim: task(
    { en: "Due deliveries are fetched late", de: "Fällige Zustellungen werden verspätet geholt" },
    { en: "takes what has to be delivered now", de: "holt, was jetzt zuzustellen ist" },
    { en: "Until then deliveries wait.", de: "Bis dahin warten Zustellungen." },
    "retried",
  ),
  clock: task(
    {
      en: "The time of the database is not known exactly",
      de: "Die Zeit der Datenbank ist nicht genau bekannt",
    },
    { en: "compares its clock with that of the database", de: "vergleicht seine Uhr mit der der Datenbank" },
    {
      en: "Until then it reckons with the difference measured last.",
      de: "Bis dahin rechnet es mit der zuletzt gemessenen Abweichung.",
    },
  ),
  configuration: task(
    { en: "Changed settings are not seen", de: "Geänderte Einstellungen kommen nicht an" },
    {
      en: "looks whether sources and destinations were changed",
      de: "sieht nach, ob Quellen und Ziele geändert wurden",
    },
    {
      en: "Until then the settings known last hold.",
      de: "Bis dahin gelten die zuletzt bekannten Einstellungen.",
    },
  ),
  configuration_copy: task(
    {
      en: "The copy of the settings for an outage is out of date",
      de: "Die Kopie der Einstellungen für einen Ausfall ist veraltet",
    },
    {
      en: "keeps a copy of the settings on disk, for a start without the database",
      de: "legt eine Kopie der Einstellungen auf die Platte, für einen Start ohne Datenbank",
    },
    { en: "Only such a start would notice.", de: "Bemerkbar wäre das nur bei einem solchen Start." },
  ),
  denied_requests: task(
    {
      en: "Refused requests are not written into the audit log",
      de: "Abgewiesene Anfragen stehen noch nicht im Protokoll",
    },
    {
      en: "writes down how many requests it turned away",
      de: "schreibt auf, wie viele Anfragen es abgewiesen hat",
    },
    { en: "Until then the numbers wait in memory.", de: "Bis dahin warten die Zahlen im Arbeitsspeicher." },
  ),
  quarantine: task(
    {
      en: "Refused requests that are to be kept aside wait in memory",
      de: "Abgewiesene Anfragen, die aufbewahrt werden sollen, warten im Arbeitsspeicher",
    },
    {
      en: "keeps aside what it turned away and what may hold a lead",
      de: "bewahrt auf, was es abgewiesen hat und was einen Lead enthalten kann",
    },
    {
      en: "Until then they wait in memory, a limited number of them.",
      de: "Bis dahin warten sie im Arbeitsspeicher, in begrenzter Zahl.",
    },
  ),
  reports: task(
    { en: "Reports are not sent", de: "Berichte werden nicht gesendet" },
    {
      en: "looks which reports are due, and sends them",
      de: "sieht nach, welche Berichte fällig sind, und sendet sie",
    },
    {
      en: "Until then reports come late; what is older than a day is not sent any more.",
      de: "Bis dahin kommen Berichte später; was älter als ein Tag ist, wird nicht mehr gesendet.",
    },
  ),
  names_shown: task(
    {
      en: "The log does not say who saw names in lists",
      de: "Im Protokoll fehlt, wer Namen in Listen gesehen hat",
    },
    {
      en: "writes into the log who saw names in lists, and how many",
      de: "schreibt ins Protokoll, wer wie viele Namen in Listen gesehen hat",
    },
    {
      en: "Until then `internal.person_shown` has it, and nothing of it is lost.",
      de: "Bis dahin steht es in `internal.person_shown`; verloren geht davon nichts.",
    },
  ),
  person_names: task(
    {
      en: "New leads are not found by name",
      de: "Neue Leads werden über den Namen nicht gefunden",
    },
    {
      en: "makes the names of new leads findable",
      de: "macht die Namen neuer Leads auffindbar",
    },
    {
      en: "Until then they are found by e-mail address and telephone number as always.",
      de: "Bis dahin werden sie wie immer über E-Mail-Adresse und Telefonnummer gefunden.",
    },
  ),
  heartbeats: task(
    {
      en: "Regular test leads of sources are not sent",
      de: "Regelmäßige Testleads von Quellen werden nicht gesendet",
    },
    {
      en: "sends the regular test leads of sources, and sees whether they were processed",
      de: "sendet die regelmäßigen Testleads von Quellen und sieht nach, ob sie verarbeitet wurden",
    },
    {
      en: "Leads of people are not concerned.",
      de: "Leads von Menschen betrifft das nicht.",
    },
  ),
  silences: task(
    {
      en: "Nobody looks whether sources are silent",
      de: "Niemand sieht nach, ob Quellen verstummt sind",
    },
    {
      en: "looks whether sources are quieter than they usually are",
      de: "sieht nach, ob Quellen stiller sind als sonst",
    },
    {
      en: "Until then no alarm tells that a source brings nothing any more.",
      de: "Bis dahin meldet kein Alarm, dass eine Quelle nichts mehr bringt.",
    },
  ),
  quarantine_expiry: task(
    {
      en: "Refused requests are kept for longer than seven days",
      de: "Abgewiesene Anfragen werden länger als sieben Tage aufbewahrt",
    },
    {
      en: "drops refused requests that were kept for seven days",
      de: "löscht abgewiesene Anfragen, die sieben Tage aufbewahrt wurden",
    },
    { en: "Until then they stay.", de: "Bis dahin bleiben sie." },
  ),
  dlq_causes: task(
    {
      en: "The causes of what needs attention are counted late",
      de: "Die Ursachen der Klärfälle werden verspätet gezählt",
    },
    { en: "counts what needs attention by its cause", de: "zählt die Klärfälle nach ihrer Ursache" },
    { en: "Until then the list counts more slowly.", de: "Bis dahin zählt die Liste langsamer." },
  ),
  first_contact: task(
    {
      en: "LeadLedger was started without the database",
      de: "LeadLedger wurde ohne die Datenbank gestartet",
    },
    { en: "looks for the database", de: "sucht die Datenbank" },
    {
      en: "Until it is there, leads are taken and kept on disk, and nothing is delivered.",
      de: "Bis sie da ist, werden Leads angenommen und auf der Platte aufbewahrt; zugestellt wird nichts.",
    },
    "on_disk",
  ),
  completions: task(
    {
      en: "Data of leads that came as ids are not being fetched",
      de: "Daten von Leads, die nur als Kennung kamen, werden nicht abgeholt",
    },
    {
      en: "fetches from Meta or LinkedIn what a lead says that came as an id",
      de: "holt bei Meta oder LinkedIn ab, was ein Lead sagt, der nur als Kennung kam",
    },
    { en: "Until then these leads wait.", de: "Bis dahin warten diese Leads." },
  ),
  held_deliveries: task(
    {
      en: "Leads of sources that were resumed are still held",
      de: "Leads fortgesetzter Quellen werden noch zurückgehalten",
    },
    {
      en: "releases what was held for a paused source once it goes on",
      de: "gibt frei, was für eine angehaltene Quelle zurückgehalten wurde, sobald sie fortgesetzt ist",
    },
    { en: "Until then they wait.", de: "Bis dahin warten sie." },
  ),
  kpi_roll_up: task(
    { en: "The daily figures lag behind", de: "Die Tageszahlen hinken hinterher" },
    {
      en: "adds what happened to the figures of the days",
      de: "rechnet, was geschah, in die Tageszahlen ein",
    },
    {
      en: "They lack nothing in the end: it is made up for.",
      de: "Am Ende fehlt darin nichts: Es wird nachgeholt.",
    },
  ),
  leadership: task(
    {
      en: "It is not settled which node does the common tasks",
      de: "Es ist offen, welcher Knoten die gemeinsamen Aufgaben erledigt",
    },
    {
      en: "settles with the other nodes which of them counts and tidies up",
      de: "macht mit den anderen Knoten aus, wer von ihnen zählt und aufräumt",
    },
    {
      en: "Until then figures and jobs for many leads wait.",
      de: "Bis dahin warten Tageszahlen und Sammelaktionen.",
    },
  ),
  leases: task(
    {
      en: "What is being delivered cannot be marked as taken",
      de: "Was gerade zugestellt wird, lässt sich nicht als belegt kennzeichnen",
    },
    { en: "marks the leads that it is delivering", de: "kennzeichnet die Leads, die es gerade zustellt" },
    {
      en: "If it lasts, another node takes them over; a destination may then get one twice.",
      de: "Dauert es an, übernimmt sie ein anderer Knoten; ein Ziel kann dann einen Lead doppelt bekommen.",
    },
    "retried_perhaps_arrived",
  ),
  operations: task(
    { en: "Jobs for many leads stand still", de: "Sammelaktionen stehen still" },
    { en: "goes on with jobs for many leads or entries", de: "führt Sammelaktionen fort" },
    {
      en: "They go on where they were, and treat nothing twice.",
      de: "Die Sammelaktionen gehen dort weiter, wo sie waren; doppelt geschieht nichts.",
    },
    "unchanged",
  ),
  poll: task(
    { en: "New work is noticed late", de: "Neue Arbeit wird verspätet bemerkt" },
    {
      en: "looks what is due, and what was ordered or changed elsewhere",
      de: "sieht nach, was fällig ist und was anderswo beauftragt oder geändert wurde",
    },
    {
      en: "Until then deliveries wait; orders and changed settings are noticed within ten seconds.",
      de: "Bis dahin warten Zustellungen; Aufträge und geänderte Einstellungen kommen binnen zehn Sekunden an.",
    },
    "retried",
  ),
  recover: task(
    {
      en: "Deliveries of a node that died are taken over late",
      de: "Zustellungen eines ausgefallenen Knotens werden verspätet übernommen",
    },
    {
      en: "looks whether another node left deliveries behind",
      de: "sieht nach, ob ein anderer Knoten Zustellungen liegen ließ",
    },
    { en: "Until then those deliveries wait.", de: "Bis dahin warten diese Zustellungen." },
    "retried",
  ),
  refused_sign_ins: task(
    {
      en: "Refused sign-ins are not written into the audit log",
      de: "Abgewiesene Anmeldungen stehen noch nicht im Protokoll",
    },
    {
      en: "writes down how many sign-ins it refused",
      de: "schreibt auf, wie viele Anmeldungen es abgewiesen hat",
    },
    { en: "Until then the numbers wait in memory.", de: "Bis dahin warten die Zahlen im Arbeitsspeicher." },
  ),
  sender_notices: task(
    {
      en: "What senders should correct is not noted yet",
      de: "Was bei Absendern zu berichtigen ist, ist noch nicht vermerkt",
    },
    {
      en: "notes for the pages of the sources what should be corrected at their senders",
      de: "vermerkt für die Seiten der Quellen, was bei deren Absendern zu berichtigen ist",
    },
    { en: "Until then the notes wait in memory.", de: "Bis dahin warten die Vermerke im Arbeitsspeicher." },
  ),
  waiting_revisions: task(
    {
      en: "Changes of leads wait longer than they should",
      de: "Änderungen von Leads warten länger als nötig",
    },
    {
      en: "delivers changes of leads that had to wait for an attempt to end",
      de: "stellt Änderungen von Leads zu, die das Ende eines Versuchs abwarten mussten",
    },
    { en: "Until then those changes wait.", de: "Bis dahin warten diese Änderungen." },
    "waits",
  ),
  service_levels: task(
    {
      en: "Service levels are not counted",
      de: "Servicelevel werden nicht gezählt",
    },
    {
      en: "counts how each day keeps the service levels, and whether one of them is at risk",
      de: "zählt, wie jeder Tag die Servicelevel einhält und ob eines gefährdet ist",
    },
    {
      en: "Until then their figures stand still, and no alarm tells that one is at risk.",
      de: "Bis dahin stehen deren Zahlen still, und kein Alarm meldet, dass eines gefährdet ist.",
    },
  ),
  removed_destinations: task(
    {
      en: "Leads for a removed destination still lie among the deliveries",
      de: "Leads für ein entferntes Ziel liegen noch bei den Zustellungen",
    },
    {
      en: "puts what waits for a removed destination where people decide about it",
      de: "legt zu den Klärfällen, was noch auf ein entferntes Ziel wartet",
    },
    { en: "Until then it waits unseen.", de: "Bis dahin wartet es unbemerkt." },
    "waits",
  ),
  spool: task(
    {
      en: "Leads wait on disk, or could not wait there",
      de: "Leads warten auf der Platte oder könnten dort nicht warten",
    },
    {
      en: "moves leads that wait on disk into the database",
      de: "bringt Leads, die auf der Platte warten, in die Datenbank",
    },
    {
      en: "`spool` in the answer says how many wait. If it names none, the folder on disk is unusable.",
      de: "`spool` in der Antwort sagt, wie viele warten. Steht es nicht da, ist der Ordner auf der Platte unbrauchbar.",
    },
    "on_disk",
  ),
  spool_take_over: task(
    {
      en: "What a process that died left on disk is taken over late",
      de: "Was ein ausgefallener Prozess auf der Platte ließ, wird verspätet übernommen",
    },
    {
      en: "looks whether a process that died left leads on disk",
      de: "sieht nach, ob ein ausgefallener Prozess Leads auf der Platte ließ",
    },
    { en: "Until then they wait there.", de: "Bis dahin warten sie dort." },
    "on_disk",
  ),
} as const satisfies Record<TaskName, Explained>;

export const healthTroubles = {
  database: explained("on_disk", "operator", {
    en: [
      "The database cannot be reached",
      "The database does not answer, takes nothing, or is too slow. Leads are taken all the same and kept on disk; nothing is delivered meanwhile.",
      "Look whether the database runs, has room on its disk and free connections. When it is back, everything moves into it by itself.",
    ],
    de: [
      "Die Datenbank ist nicht erreichbar",
      "Die Datenbank antwortet nicht, nimmt nichts an oder ist zu langsam. Leads werden trotzdem angenommen und auf der Platte aufbewahrt; zugestellt wird so lange nichts.",
      "Sehen Sie nach, ob die Datenbank läuft, Platz auf ihrer Platte und freie Verbindungen hat. Ist sie wieder da, wandert alles von selbst hinein.",
    ],
  }),
  ...tasks,
} as const satisfies Record<Exclude<HealthTrouble, TroubleEvent>, Explained>;
