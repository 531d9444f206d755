// What the overview points out, where it is not an error that has its text elsewhere.
import type { Alarm } from "../domain/figures/alarm.ts";
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";
import type { ErrorCode } from "../domain/errors/error-catalogue.ts";
import type { TroubleEvent } from "../domain/node/log.ts";

export const alarmTexts = {
  no_node_runs: explained("unchanged", "operator", {
    en: [
      "No LeadLedger does the common tasks",
      "Daily figures, jobs for many leads and tidying up stand still. Perhaps LeadLedger does not run at all.",
      "Look whether LeadLedger runs, and whether at least one has the role `leader`. Its log says why it does not.",
    ],
    de: [
      "Kein LeadLedger erledigt die gemeinsamen Aufgaben",
      "Tageszahlen, Sammelaktionen und Aufräumen stehen still. Vielleicht läuft LeadLedger gar nicht.",
      "Sehen Sie nach, ob LeadLedger läuft und ob mindestens eines die Rolle `leader` hat. Warum nicht, steht in seinem Log.",
    ],
  }),
  source_secrets_expired: explained("not_stored", "operator", {
    en: [
      "All secrets of a source have expired",
      "Nobody can send leads to this source any more: every request is turned away with 401, although the sender does what was agreed.",
      "Give the source a new secret: where it stands in leadledger.yaml, there, else in the dashboard or with `leadledger source rotate-secret`. Then give it to the sender, who sends the leads once more that were turned away.",
    ],
    de: [
      "Alle Geheimnisse einer Quelle sind abgelaufen",
      "An diese Quelle kann niemand mehr Leads senden: Jede Anfrage wird mit 401 abgewiesen, obwohl der Absender alles so macht wie vereinbart.",
      "Geben Sie der Quelle ein neues Geheimnis: Steht sie in leadledger.yaml, dort, sonst in der Oberfläche oder mit `leadledger source rotate-secret`. Geben Sie es dann dem Absender; er sendet die abgewiesenen Leads noch einmal.",
    ],
  }),
  delivered_to_nobody: explained("reached_nobody", "operator", {
    en: [
      "Leads without destination: nobody got them",
      "For this source no destination is set, so its leads are stored and go nowhere.",
      "Name a destination for the source. Then have the leads that came meanwhile delivered to it (deliver again), and tell sales about them.",
    ],
    de: [
      "Leads ohne Ziel: Niemand hat sie bekommen",
      "Für diese Quelle ist kein Ziel eingerichtet; ihre Leads werden gespeichert und gehen nirgendwohin.",
      "Nennen Sie bei der Quelle ein Ziel. Lassen Sie dann die inzwischen eingegangenen Leads dorthin zustellen, und sagen Sie dem Vertrieb Bescheid.",
    ],
  }),
  deliveries_overdue: explained("retried", "operator", {
    en: [
      "Leads should have been sent long ago",
      "Leads have been due for more than five minutes, and nobody sends them. Perhaps no LeadLedger with the role `delivery` runs, or the destination takes very long for each one.",
      "Look whether LeadLedger runs, and into its log. If the destination is slow, raise its `concurrency`.",
    ],
    de: [
      "Leads hätten längst gesendet sein müssen",
      "Leads sind seit mehr als fünf Minuten fällig, und niemand sendet sie. Vielleicht läuft kein LeadLedger mit der Rolle `delivery`, oder das Ziel braucht für jeden sehr lange.",
      "Sehen Sie nach, ob LeadLedger läuft, und in sein Log. Ist das Ziel langsam, erhöhen Sie dessen `concurrency`.",
    ],
  }),
  entries_need_decision: explained("waits", "sales", {
    en: [
      "Something waits for a decision",
      "Leads could not be delivered or read, and trying again by itself does not help. They wait until somebody decides.",
      "Look at what needs attention, the most frequent cause first. Mend the cause, then deliver again; settle or give up what should not go on.",
    ],
    de: [
      "Klärfälle warten auf eine Entscheidung",
      "Leads ließen sich nicht zustellen oder lesen, und von selbst hilft kein neuer Versuch. Diese Leads warten, bis jemand entscheidet.",
      "Sehen Sie die Klärfälle an, die häufigste Ursache zuerst. Beheben Sie die Ursache, dann stellen Sie erneut zu; was nicht weitergehen soll, schließen Sie ab.",
    ],
  }),
  destination_failing: explained("retried", "destination", {
    en: [
      "A destination does not take leads at the moment",
      "Several leads for this destination failed and are tried again. Its code says what is wrong.",
      "Look the code up that stands with it. Most of it settles itself within minutes or hours.",
    ],
    de: [
      "Ein Ziel nimmt zurzeit keine Leads an",
      "Mehrere Leads für dieses Ziel sind gescheitert und werden erneut versucht. Der Code dabei sagt, woran es liegt.",
      "Schlagen Sie den Code nach, der dabeisteht. Das meiste gibt sich binnen Minuten oder Stunden von selbst.",
    ],
  }),
  deliveries_stopped: explained("waits", "operator", {
    en: [
      "All deliveries are stopped",
      "Somebody stopped them for all destinations. Leads are taken as always and wait; no attempt is counted.",
      "Let them go on when whatever was wrong is right again: on the page of the destinations, or with `leadledger deliveries resume`.",
    ],
    de: [
      "Alle Zustellungen sind angehalten",
      "Jemand hat sie für alle Ziele angehalten. Leads werden weiter angenommen und warten; kein Versuch wird gezählt.",
      "Setzen Sie sie fort, wenn wieder in Ordnung ist, was nicht stimmte: auf der Seite der Ziele oder mit `leadledger deliveries resume`.",
    ],
  }),
  destination_left_alone: explained("waits", "destination", {
    en: [
      "A destination is left alone for now",
      "It asked to wait, or refuses the credentials. Nothing is sent to it meanwhile; its leads wait and use up no attempt. Then one lead tries, and when it arrives the others follow.",
      "Nothing, if it asked to wait. If the credentials are refused, mend them at the destination; it is tried at once then.",
    ],
    de: [
      "Ein Ziel wird vorerst in Ruhe gelassen",
      "Es bat um eine Pause oder lehnt die Zugangsdaten ab. Bis dahin wird nichts dorthin gesendet; seine Leads warten, ohne dass ein Versuch gezählt wird. Dann probiert es ein einzelner Lead, und kommt er an, folgen die anderen.",
      "Bat es um eine Pause, ist nichts zu tun. Lehnt es die Zugangsdaten ab, berichtigen Sie sie beim Ziel; danach wird es sofort versucht.",
    ],
  }),
  destination_paused: explained("waits", "operator", {
    en: [
      "A destination is paused",
      "Somebody has paused the destination. Its leads gather and are sent when it goes on.",
      "Resume the destination when it may take leads again.",
    ],
    de: [
      "Ein Ziel ist angehalten",
      "Jemand hat das Ziel angehalten. Seine Leads sammeln sich und werden gesendet, wenn es fortgesetzt wird.",
      "Setzen Sie das Ziel fort, wenn es wieder Leads annehmen darf.",
    ],
  }),
  leads_incomplete: explained("incomplete", "operator", {
    en: [
      "Leads wait for their data",
      "Meta and LinkedIn tell of leads by an id; what the person filled in is fetched afterwards, and that does not work. The code beside it says why.",
      "Look the code up. Nothing is lost: as soon as the data can be fetched, the leads are delivered. Single leads can be delivered as they are, with their ids only.",
    ],
    de: [
      "Leads warten auf ihre Daten",
      "Meta und LinkedIn melden Leads nur mit einer Kennung; was jemand eingetragen hat, wird danach abgeholt, und das gelingt nicht. Der Code dabei sagt, woran es liegt.",
      "Schlagen Sie den Code nach. Verloren ist nichts: Sobald sich die Daten abholen lassen, werden die Leads zugestellt. Einzelne lassen sich zustellen, wie sie sind, nur mit ihren Kennungen.",
    ],
  }),
  leads_held_for_decision: explained("waits", "operator", {
    en: [
      "Leads of people who sent one before wait for a decision",
      "Their source holds such leads until somebody releases or withdraws them. They are kept, their senders see success, and nothing of them is delivered.",
      "Open these leads, and release or withdraw each. If none of them is to wait, change what the source does with somebody who sent a lead before.",
    ],
    de: [
      "Leads von Personen, von denen schon einer kam, warten auf eine Entscheidung",
      "Ihre Quelle hält solche Leads zurück, bis jemand sie freigibt oder zurückzieht. Sie sind aufbewahrt, ihre Absender sehen einen Erfolg, und zugestellt wird nichts davon.",
      "Öffnen Sie diese Leads und geben Sie jeden frei oder ziehen Sie ihn zurück. Soll keiner warten, dann ändern Sie bei der Quelle, was mit solchen Leads geschieht.",
    ],
  }),
  sla_at_risk: explained("unaffected", "operator", {
    en: [
      "A service level is at risk",
      "What was agreed about leads is not kept, or soon will not be: too many leads missed it, its budget of the month is spent too fast, or something has been waiting for too long.",
      "Look at the service level, and at what its leads failed by. Where leads wait for a person, settle them; where a destination is slow or does not answer, its page says more.",
    ],
    de: [
      "Ein Servicelevel ist gefährdet",
      "Was für Leads vereinbart ist, wird nicht eingehalten oder bald nicht mehr: Zu viele haben es verfehlt, das Budget des Monats ist zu schnell verbraucht, oder etwas wartet schon zu lange.",
      "Sehen Sie sich das Servicelevel an und woran seine Leads gescheitert sind. Wo Leads auf jemanden warten, erledigen Sie sie; ist ein Ziel langsam oder antwortet nicht, steht auf seiner Seite mehr dazu.",
    ],
  }),
  source_silent: explained("never_came", "operator", {
    en: [
      "No leads come from a source any more",
      "By what it usually brings, leads should have come long since. Perhaps its form is broken, its sender stands still, or somebody changed its address or its credentials.",
      "Send a lead through the form yourself, and ask whoever runs it. If it rests on purpose, pause the source; if it is simply quiet, ask for fewer false alarms in its settings.",
    ],
    de: [
      "Von einer Quelle kommen keine Leads mehr",
      "Nach dem, was sie sonst bringt, hätten längst Leads kommen müssen. Vielleicht ist ihr Formular kaputt, ihr Absender steht still, oder jemand hat Adresse oder Zugangsdaten geändert.",
      "Senden Sie selbst einen Lead über das Formular, und fragen Sie, wer es betreibt. Ruht die Quelle mit Absicht, halten Sie sie an; ist es einfach ruhig, verlangen Sie in ihren Einstellungen weniger Fehlalarme.",
    ],
  }),
  all_sources_silent: explained("never_came", "operator", {
    en: [
      "No leads come from any source",
      "All sources are silent at once, although leads should have come. That is hardly by chance: perhaps LeadLedger cannot be reached from outside.",
      "Call the address from outside, with `/livez` behind it. Look at name, certificate, firewall and reverse proxy.",
    ],
    de: [
      "Von keiner Quelle kommen mehr Leads",
      "Alle Quellen schweigen zugleich, obwohl Leads hätten kommen müssen. Zufall ist das kaum: Vielleicht ist LeadLedger von außen nicht erreichbar.",
      "Rufen Sie die Adresse von außen auf, mit `/livez` dahinter. Sehen Sie nach Namen, Zertifikat, Firewall und Reverse Proxy.",
    ],
  }),
  heartbeat_missing: explained("never_came", "operator", {
    en: [
      "The regular test lead of a source is missing",
      "A test lead should have come and been processed; none was. Leads of people may be stuck in the same place.",
      "Send a test lead yourself and see how far it comes: through the form, or with `leadledger source test`. Where one came and was not processed, its history says why.",
    ],
    de: [
      "Der regelmäßige Testlead einer Quelle fehlt",
      "Ein Testlead hätte kommen und verarbeitet sein müssen; keiner war es. Leads von Menschen bleiben vielleicht an derselben Stelle stecken.",
      "Senden Sie selbst einen Testlead und sehen Sie, wie weit er kommt: über das Formular oder mit `leadledger source test`. Kam einer an und wurde nicht verarbeitet, steht in seinem Verlauf, warum.",
    ],
  }),
  source_held: explained("waits", "operator", {
    en: [
      "A source is paused, and its leads are held",
      "Somebody has paused the source. Its leads are taken and kept, its senders see success, and nothing is delivered before it goes on.",
      "Resume the source when its leads may be delivered again: they go out at once.",
    ],
    de: [
      "Eine Quelle ist angehalten, ihre Leads werden zurückgehalten",
      "Jemand hat die Quelle angehalten. Ihre Leads werden angenommen und aufbewahrt, ihre Absender sehen einen Erfolg, und zugestellt wird nichts, bis sie fortgesetzt wird.",
      "Setzen Sie die Quelle fort, wenn ihre Leads wieder zugestellt werden dürfen: Sie gehen dann sofort hinaus.",
    ],
  }),
  node_gone: explained("waits", "operator", {
    en: [
      "A node is gone",
      "A LeadLedger that ran has not been heard of for a minute, and did not say that it stops: it crashed, hangs, or cannot reach the database. The others do its work. What waited on its disk comes when it runs again.",
      "Look at that machine, and start LeadLedger there again with the same data folder. If it was taken away for good, the notice ends by itself after a week.",
    ],
    de: [
      "Ein Server ist weg",
      "Ein LeadLedger, das lief, meldet sich seit einer Minute nicht mehr und hat sich nicht abgemeldet: Es ist abgestürzt, hängt oder erreicht die Datenbank nicht. Die anderen erledigen seine Arbeit. Was auf seiner Platte wartet, kommt, sobald es wieder läuft.",
      "Sehen Sie auf diesem Rechner nach, und starten Sie LeadLedger dort wieder mit demselben Datenordner. Wurde er für immer abgeschaltet, endet die Meldung nach einer Woche von selbst.",
    ],
  }),
  spool_in_use: explained("waits", "operator", {
    en: [
      "Leads wait on a node's disk",
      "Leads that came while the database did not take them are still on the disk of a node, although the database is there. Their senders have their confirmation.",
      "Look into the log of that node for `task_failed` and `spool_record_refused`: it says what keeps it from bringing them home.",
    ],
    de: [
      "Leads warten auf der Platte eines Servers",
      "Leads, die die Datenbank nicht annahm, liegen noch auf der Platte eines Servers, obwohl die Datenbank da ist. Ihre Absender haben die Bestätigung schon.",
      "Sehen Sie im Log dieses Servers nach `task_failed` und `spool_record_refused`: Dort steht, was ihn hindert, sie einzutragen.",
    ],
  }),
  disk_nearly_full: explained("unaffected", "operator", {
    en: [
      "A disk is nearly full",
      "When it is full, the embedded database stops, and while the database is away no lead can be kept on disk.",
      "Make room, or give the disk more. What LeadLedger itself takes is shown by `leadledger doctor`.",
    ],
    de: [
      "Eine Platte ist fast voll",
      "Ist sie voll, bleibt die eingebaute Datenbank stehen, und fällt die Datenbank aus, lässt sich kein Lead mehr auf der Platte aufbewahren.",
      "Schaffen Sie Platz, oder vergrößern Sie die Platte. Was LeadLedger selbst belegt, zeigt `leadledger doctor`.",
    ],
  }),
  clock_off: explained("unaffected", "operator", {
    en: [
      "A clock is wrong",
      "The clock of a node's machine and that of the database differ. Leads are stamped with the database's time, so they are right; certificates, logs and backups go by the machine's.",
      "Switch on time synchronisation (chrony, systemd-timesyncd) on both machines, and see which of the two is wrong.",
    ],
    de: [
      "Eine Uhr geht falsch",
      "Die Uhr eines Servers und die der Datenbank gehen auseinander. Leads tragen die Zeit der Datenbank und stimmen daher; Zertifikate, Logs und Sicherungen richten sich nach der des Rechners.",
      "Schalten Sie auf beiden Rechnern den Zeitabgleich ein (chrony, systemd-timesyncd), und sehen Sie nach, welcher falsch geht.",
    ],
  }),
  configuration_broken: explained("unaffected", "operator", {
    en: [
      "The configuration file is not in force",
      "The file leadledger.yaml was changed and does not load, or was refused at the start. The node goes on with what it had before. A file that does not load keeps it from starting again.",
      "`leadledger apply` says what is wrong, with file and line. Mend it and apply it; the notice then ends.",
    ],
    de: [
      "Die Konfigurationsdatei gilt nicht",
      "Die Datei leadledger.yaml wurde geändert und lässt sich nicht laden, oder sie wurde beim Start abgelehnt. Der Server arbeitet mit dem weiter, was vorher galt. Mit einer Datei, die sich nicht laden lässt, startet er nicht wieder.",
      "`leadledger apply` sagt mit Datei und Zeile, was nicht stimmt. Berichtigen Sie es und wenden Sie die Datei an; danach endet die Meldung.",
    ],
  }),
  database_was_away: explained("unaffected", "operator", {
    en: [
      "The database was away",
      "For a while nodes could not write to the database. Leads that came meanwhile were kept on disk and brought home since. It is told for an hour.",
      "See in the log of the database server why. If leads were turned away meanwhile, that stands beside it.",
    ],
    de: [
      "Die Datenbank war weg",
      "Eine Zeit lang ließ sich nichts in die Datenbank schreiben. Leads, die inzwischen kamen, wurden auf der Platte aufbewahrt und danach eingetragen. Die Meldung bleibt eine Stunde.",
      "Sehen Sie im Log des Datenbankservers nach der Ursache. Wurden inzwischen Leads abgewiesen, steht das daneben.",
    ],
  }),
  credentials_expire: explained("unaffected", "operator", {
    en: [
      "Credentials end soon",
      "A secret, key or certificate ends within two weeks, or has ended. Whoever goes on using it is turned away then.",
      "Make a new one and hand it over before: of a source with `leadledger source rotate-secret`, of a destination in its settings, an API key under Settings; a certificate is renewed in its file.",
    ],
    de: [
      "Zugangsdaten laufen bald ab",
      "Ein Geheimnis, ein Schlüssel oder ein Zertifikat endet binnen zwei Wochen oder ist schon abgelaufen. Wer es weiter benutzt, wird dann abgewiesen.",
      "Erzeugen Sie vorher ein neues und geben Sie es weiter: bei einer Quelle mit `leadledger source rotate-secret`, bei einem Ziel in dessen Einstellungen, einen API-Schlüssel unter Einstellungen; ein Zertifikat wird in seiner Datei erneuert.",
    ],
  }),
  postgresql_unsafe: explained("unaffected", "operator", {
    en: [
      "PostgreSQL has known security faults",
      "The database server is of a release whose security faults are published. The embedded one can be reached from this machine alone, with a password.",
      "Install the newest minor release of PostgreSQL: no data have to be converted. The embedded server comes with LeadLedger: update it as soon as there is a newer one, or use a server of your own.",
    ],
    de: [
      "PostgreSQL hat bekannte Sicherheitslücken",
      "Der Datenbankserver ist von einem Stand, dessen Sicherheitslücken veröffentlicht sind. Der eingebaute ist nur von diesem Rechner aus zu erreichen, mit Passwort.",
      "Spielen Sie die neueste Unterversion von PostgreSQL ein: Daten müssen dafür nicht umgewandelt werden. Der eingebaute Server kommt mit LeadLedger: Aktualisieren Sie es, sobald es eine neuere Version gibt, oder nehmen Sie einen eigenen Server.",
    ],
  }),
} as const satisfies Record<Exclude<Alarm["code"], ErrorCode | TroubleEvent>, Explained>;
