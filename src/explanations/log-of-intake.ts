// Warnings and errors of the log about taking leads, and about leads that wait on disk.
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";
import type { TroubleEvent } from "../domain/node/log.ts";

export type IntakeEvent = Extract<
  TroubleEvent,
  | `spool_${string}`
  | "counts_lost"
  | "health_check_not_recorded"
  | "lead_not_recorded"
  | "quarantine_full"
  | "quarantine_lost"
  | "request_failed"
  | "requests_denied"
  | "schema_unusable"
  | "sign_ins_refused"
>;

export const intakeEventTexts = {
  counts_lost: explained("unaffected", "nobody", {
    en: [
      "Counts are lost, because LeadLedger was stopped without a database",
      "`refused_sign_ins` says how many refused sign-ins the audit log lacks, `sender_notices` how many requests with something for their sender to correct the figures lack. They were counted in memory and were to be written; but the database was away when LeadLedger stopped, and they are kept nowhere else.",
      "Nothing: what a sender has to correct shows again with its next request. If `refused_sign_ins` is large, look at the log of the proxy in front of LeadLedger to see who tried to sign in before this line.",
    ],
    de: [
      "Zählungen sind verloren, weil LeadLedger ohne Datenbank beendet wurde",
      "`refused_sign_ins` sagt, wie viele abgewiesene Anmeldungen im Protokoll fehlen, `sender_notices`, wie viele Anfragen, an denen der Absender etwas berichtigen soll, in den Zahlen fehlen. Sie waren im Arbeitsspeicher gezählt und sollten geschrieben werden; als LeadLedger endete, war die Datenbank aber nicht erreichbar, und sonst stehen sie nirgends.",
      "Nichts: Was ein Absender berichtigen soll, zeigt sich mit seiner nächsten Anfrage wieder. Ist `refused_sign_ins` groß, sehen Sie im Log des Proxys vor LeadLedger nach, wer sich vor dieser Zeile anmelden wollte.",
    ],
  }),
  health_check_not_recorded: explained("unaffected", "operator", {
    en: [
      "A health check was not written down",
      "Somebody asked whether LeadLedger works, and the database did not take the note of it.",
      "A single one means nothing. If they gather, look after the database.",
    ],
    de: [
      "Eine Prüfung wurde nicht vermerkt",
      "Jemand hat gefragt, ob LeadLedger arbeitet, und die Datenbank hat den Vermerk darüber nicht angenommen.",
      "Eine einzelne bedeutet nichts. Häufen sie sich, sehen Sie nach der Datenbank.",
    ],
  }),
  lead_not_recorded: explained("on_disk", "operator", {
    en: [
      "The database did not take a lead",
      "A lead could not be written into the database. LeadLedger then keeps it on disk, or as data that need attention; only if that fails too, the sender is told to send it again.",
      "Look after the database: `error` says what it said. Look at what needs attention, too.",
    ],
    de: [
      "Die Datenbank hat einen Lead nicht angenommen",
      "Ein Lead ließ sich nicht in die Datenbank schreiben. LeadLedger bewahrt ihn dann auf der Platte oder bei den Klärfällen auf; nur wenn auch das misslingt, erfährt der Absender, dass er ihn noch einmal senden muss.",
      "Sehen Sie nach der Datenbank: `error` gibt wieder, was sie gesagt hat. Sehen Sie auch bei den Klärfällen nach.",
    ],
  }),
  quarantine_full: explained("not_stored", "sender", {
    en: [
      "Requests that were turned away could not all be kept aside",
      "So many came at once, or the database was away for so long, that LeadLedger keeps no more of them. `count` says how many were let go since the last such line; the sender was told that they were not taken.",
      "Look at the source's refused requests: mostly one sender is set up wrongly. Correct it, and have the leads sent again.",
    ],
    de: [
      "Nicht alle abgewiesenen Anfragen ließen sich aufbewahren",
      "Es kamen so viele auf einmal, oder die Datenbank war so lange nicht erreichbar, dass LeadLedger keine weiteren aufbewahrt. `count` sagt, wie viele es seit der letzten solchen Zeile fallen ließ; der Absender hat erfahren, dass sie nicht angenommen wurden.",
      "Sehen Sie sich die abgewiesenen Anfragen der Quelle an: Meist ist ein Absender falsch eingerichtet. Berichtigen Sie ihn, und lassen Sie die Leads noch einmal senden.",
    ],
  }),
  quarantine_lost: explained("not_stored", "sender", {
    en: [
      "Requests that were turned away are lost, because LeadLedger was stopped without a database",
      "They had been turned away, and were to be kept aside; but the database was away when LeadLedger stopped, and they are kept nowhere else. `count` says how many there were, `sources` how many of each source. Leads that were taken are not among them.",
      "Their senders were told that they were not taken. If leads may be among them, have them sent again: the time of this line says from when on.",
    ],
    de: [
      "Abgewiesene Anfragen sind verloren, weil LeadLedger ohne Datenbank beendet wurde",
      "Sie waren abgewiesen und sollten aufbewahrt werden; als LeadLedger endete, war die Datenbank aber nicht erreichbar, und sonst liegen sie nirgends. `count` sagt, wie viele es waren, `sources`, wie viele je Quelle. Angenommene Leads sind nicht darunter.",
      "Die Absender haben erfahren, dass nichts angenommen wurde. Können Leads darunter sein, lassen Sie sie noch einmal senden: Die Uhrzeit dieser Zeile zeigt, um welchen Zeitraum es geht.",
    ],
  }),
  request_failed: explained("perhaps_stored", "operator", {
    en: [
      "A request could not be answered",
      "`code` says with which error it was answered: `internal_error` is a mistake of the program, `database_unavailable` means that the database was away.",
      "Look up the code: `leadledger explain <code>`. Of a mistake of the program, pass `error` on to whoever looks after LeadLedger.",
    ],
    de: [
      "Eine Anfrage ließ sich nicht beantworten",
      "`code` sagt, mit welchem Fehler geantwortet wurde: `internal_error` ist ein Programmfehler, bei `database_unavailable` war die Datenbank nicht erreichbar.",
      "Schlagen Sie den Code nach: `leadledger explain <Code>`. Geben Sie bei einem Programmfehler `error` an den weiter, der LeadLedger betreut.",
    ],
  }),
  schema_unusable: explained("kept", "operator", {
    en: [
      "A source's schema cannot be used any more",
      "The schema was stored by an earlier build and is not taken by this one, because a check could take without bound. `source` names the source, `code` the reason. Its leads are kept as needing attention, with `schema_check_stopped`.",
      "Look up the code: `leadledger explain <code>`. Give the source a schema that is taken; then let the sender repeat, or edit the entries.",
    ],
    de: [
      "Das Schema einer Quelle ist nicht mehr verwendbar",
      "Das Schema hat eine frühere Version gespeichert, und diese nimmt es nicht an, weil eine Prüfung unbegrenzt dauern könnte. `source` nennt die Quelle, `code` den Grund. Ihre Leads werden als Klärfälle aufbewahrt, mit `schema_check_stopped`.",
      "Schlagen Sie den Code nach: `leadledger explain <Code>`. Geben Sie der Quelle ein Schema, das angenommen wird; dann kann der Absender wiederholen, oder Sie bearbeiten die Klärfälle.",
    ],
  }),
  requests_denied: explained("not_stored", "sender", {
    en: [
      "Requests were turned away",
      "Requests came that LeadLedger did not take as leads. `code` says why, `count` how many there were since the last such line, `source` whose they were, if there is a source of that name.",
      "Look up the code: `leadledger explain <code>`. The audit log names the source, too. If real leads are among them, mend what the code says, and have them sent again.",
    ],
    de: [
      "Anfragen wurden abgewiesen",
      "Es kamen Anfragen, die LeadLedger nicht als Leads angenommen hat. `code` sagt, warum, `count`, wie viele es seit der letzten solchen Zeile waren, `source`, von welcher Quelle, sofern es sie gibt.",
      "Schlagen Sie den Code nach: `leadledger explain <Code>`. Auch das Protokoll nennt die Quelle. Sind echte Leads darunter, beheben Sie, was der Code nennt, und lassen Sie sie noch einmal senden.",
    ],
  }),
  sign_ins_refused: explained("unaffected", "operator", {
    en: [
      "Sign-ins were refused",
      "Somebody tried to sign in and did not succeed. `count` says how often.",
      "A few are mistyped passwords. If there are many, look into the audit log for the address they come from, and close it off.",
    ],
    de: [
      "Anmeldungen wurden abgewiesen",
      "Jemand wollte sich anmelden, und es gelang nicht. `count` sagt, wie oft.",
      "Einige wenige sind vertippte Passwörter. Sind es viele, steht im Protokoll, von welcher Adresse sie kommen; sperren Sie diese aus.",
    ],
  }),
  spool_not_taken_over: explained("on_disk", "operator", {
    en: [
      "What another process left on disk could not be taken over",
      "A LeadLedger that died left leads on disk, and this one cannot read or move them yet. It tries again by itself.",
      "Look at the rights of the folder `spool` in the data folder, and at the room on the disk.",
    ],
    de: [
      "Was ein anderer Prozess auf der Platte ließ, konnte nicht übernommen werden",
      "Ein ausgefallenes LeadLedger hat Leads auf der Platte gelassen, und dieses kann sie noch nicht lesen oder verschieben. Es versucht es von selbst wieder.",
      "Prüfen Sie die Rechte am Ordner `spool` im Datenordner und den Platz auf der Platte.",
    ],
  }),
  spool_not_truncated: explained("on_disk", "operator", {
    en: [
      "A half-written record stayed on disk",
      "Writing to the disk broke off, and the remains could not be cleared away. They were never acknowledged to a sender, and are passed over when read.",
      "Look whether the disk is full or defective.",
    ],
    de: [
      "Ein halb geschriebener Eintrag blieb auf der Platte",
      "Das Schreiben auf die Platte brach ab, und der Rest ließ sich nicht wegräumen. Er war keinem Absender bestätigt und wird beim Lesen übergangen.",
      "Prüfen Sie, ob die Platte voll oder defekt ist.",
    ],
  }),
  spool_of_another_key: explained("on_disk", "operator", {
    en: [
      "Leads on disk are encrypted under a different key",
      "On the disk lie leads that a LeadLedger with another `LEADLEDGER_KEY` kept there. This one cannot read them and leaves them alone.",
      "Start a LeadLedger with that key on this data folder, until they are in the database. `fingerprint` says which key it is.",
    ],
    de: [
      "Leads auf der Platte sind mit einem anderen Hauptschlüssel verschlüsselt",
      "Auf der Platte liegen Leads, die ein LeadLedger mit einem anderen `LEADLEDGER_KEY` dort aufbewahrt hat. Dieses kann sie nicht lesen und lässt sie in Ruhe.",
      "Starten Sie ein LeadLedger mit jenem Hauptschlüssel auf diesem Datenordner, bis sie in der Datenbank sind. `fingerprint` sagt, welcher es ist.",
    ],
  }),
  spool_record_not_set_aside: explained("on_disk", "operator", {
    en: [
      "A lead that the database refuses could not be put aside",
      "The database does not take a lead, and there is no room on disk for a file of its own. It stays where it waits.",
      "Make room on the disk. It is tried again by itself.",
    ],
    de: [
      "Ein Lead, den die Datenbank ablehnt, ließ sich nicht beiseitelegen",
      "Die Datenbank nimmt einen Lead nicht an, und auf der Platte ist kein Platz für eine eigene Datei. Er bleibt, wo er wartet.",
      "Schaffen Sie Platz auf der Platte. Es wird von selbst wieder versucht.",
    ],
  }),
  spool_record_refused: explained("kept", "operator", {
    en: [
      "The database refuses a lead that waited on disk",
      "A lead from the time of an outage cannot be stored as it is. LeadLedger puts it where people decide about it; if even that fails, into a file.",
      "Look at what needs attention. `error` says what the database said.",
    ],
    de: [
      "Die Datenbank lehnt einen Lead ab, der auf der Platte wartete",
      "Ein Lead aus der Zeit eines Ausfalls lässt sich nicht so speichern, wie er ist. LeadLedger legt ihn zu den Klärfällen; misslingt auch das, in eine Datei.",
      "Sehen Sie bei den Klärfällen nach. `error` gibt wieder, was die Datenbank gesagt hat.",
    ],
  }),
  spool_record_set_aside: explained("only_as_a_file", "operator", {
    en: [
      "Data on disk were put aside as a file",
      "Something that waited on disk can be read by nobody or taken by nobody: it was torn by a crash, or the database refuses it altogether. What a crash tears had not been acknowledged.",
      "`file` names the file. Keep it, and ask whoever looks after LeadLedger before you delete it.",
    ],
    de: [
      "Daten auf der Platte wurden als Datei beiseitegelegt",
      "Etwas, das auf der Platte wartete, kann niemand lesen oder annehmen: Ein Absturz hat es zerrissen, oder die Datenbank lehnt es ganz ab. Was ein Absturz zerreißt, war noch nicht bestätigt.",
      "`file` nennt die Datei. Bewahren Sie sie auf, und fragen Sie den Betreuer von LeadLedger, bevor Sie sie löschen.",
    ],
  }),
  spool_segment_gone: explained("on_disk", "operator", {
    en: [
      "A file with waiting leads is no longer where it was",
      "Mostly another LeadLedger on the same data folder has taken it over and goes on with it. Or somebody deleted it.",
      "Look into the log of the other one for `spool_taken_over`. If there is none, ask who deleted files in `spool`, and fetch them from the backup.",
    ],
    de: [
      "Eine Datei mit wartenden Leads ist nicht mehr da, wo sie war",
      "Meist hat ein anderes LeadLedger auf demselben Datenordner sie übernommen und macht damit weiter. Oder jemand hat sie gelöscht.",
      "Suchen Sie im Log des anderen nach `spool_taken_over`. Steht dort nichts, klären Sie, wer Dateien in `spool` gelöscht hat, und holen Sie sie aus der Sicherung.",
    ],
  }),
  spool_segment_unreadable: explained("on_disk", "operator", {
    en: [
      "A file with waiting leads cannot be read",
      "The disk does not give back what was written to it, or the rights of the file are wrong. The other files do not wait for it; it is tried again by itself.",
      "Look at the rights of the file that `file` names, and whether the disk is defective.",
    ],
    de: [
      "Eine Datei mit wartenden Leads lässt sich nicht lesen",
      "Die Platte gibt nicht zurück, was auf sie geschrieben wurde, oder die Rechte an der Datei stimmen nicht. Die anderen Dateien warten nicht darauf; es wird von selbst wieder versucht.",
      "Prüfen Sie die Rechte an der Datei, die `file` nennt, und ob die Platte defekt ist.",
    ],
  }),
  spool_taken_over: explained("on_disk", "nobody", {
    en: [
      "Leads that another process left on disk were taken over",
      "A LeadLedger ended while leads were waiting on disk. This one goes on with them.",
      "Nothing. Why the other one ended is in its log.",
    ],
    de: [
      "Leads, die ein anderer Prozess auf der Platte ließ, wurden übernommen",
      "Ein LeadLedger endete, während Leads auf der Platte warteten. Dieses macht mit ihnen weiter.",
      "Nichts. Warum das andere endete, steht in dessen Log.",
    ],
  }),
  spool_unusable: explained("one_store_less", "operator", {
    en: [
      "Leads cannot wait on disk",
      "LeadLedger cannot use the folder in which leads wait while the database is away.",
      "Give the user who runs LeadLedger the right to write in the folder that `folder` names, and look at the room on the disk. Then restart LeadLedger.",
    ],
    de: [
      "Leads können nicht auf der Platte warten",
      "LeadLedger kann den Ordner nicht benutzen, in dem Leads warten, während die Datenbank weg ist.",
      "Geben Sie dem Benutzer, unter dem LeadLedger läuft, Schreibrechte im Ordner, den `folder` nennt, und prüfen Sie den Platz auf der Platte. Starten Sie LeadLedger dann neu.",
    ],
  }),
  spool_waiting: explained("on_disk", "nobody", {
    en: [
      "Leads of an earlier outage still wait on disk",
      "When LeadLedger was started, it found leads that have not got into the database yet.",
      "Nothing: they move into the database by themselves. `records` says how many there are.",
    ],
    de: [
      "Leads aus einem früheren Ausfall warten noch auf der Platte",
      "Beim Start hat LeadLedger Leads vorgefunden, die noch nicht in der Datenbank sind.",
      "Nichts: Sie wandern von selbst in die Datenbank. `records` sagt, wie viele es sind.",
    ],
  }),
  spool_write_failed: explained("not_stored", "operator", {
    en: [
      "A lead could not be kept on disk",
      "The database did not take a lead, and the disk did not either. The sender was told to send it again later.",
      "Look at once whether the disk is full or defective: as long as the database is away, too, no lead is taken.",
    ],
    de: [
      "Ein Lead ließ sich nicht auf der Platte aufbewahren",
      "Die Datenbank hat einen Lead nicht angenommen und die Platte auch nicht. Der Absender hat erfahren, dass er ihn später noch einmal senden muss.",
      "Prüfen Sie sofort, ob die Platte voll oder defekt ist: Solange auch die Datenbank weg ist, wird kein Lead angenommen.",
    ],
  }),
} as const satisfies Record<IntakeEvent, Explained>;
