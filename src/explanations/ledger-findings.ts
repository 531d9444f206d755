// What `leadledger verify` can find wrong with the books: what is wrong, what that means, what to do.
import { explained } from "../domain/errors/explained.ts";
import type { Explained, Language } from "../domain/errors/explained.ts";
import type { FindingCode } from "../verify/finding.ts";

type Said = readonly [title: string, happened: string];

const askTexts = {
  en: "Keep the database as it is, and find out who changed it: somebody who owns it can get past its rules (triggers that were disabled, a restored table). `leadledger audit show` tells the lead's story. If nobody did, please report it.",
  de: "Lassen Sie die Datenbank, wie sie ist, und klären Sie, wer sie geändert hat: Wer sie besitzt, kommt an ihren Regeln vorbei (abgeschaltete Trigger, eine zurückgespielte Tabelle). `leadledger audit show` zeigt die Geschichte des Leads. War es niemand, melden Sie es bitte.",
};

/** Its story cannot be told: whatever was done to it, was done past the rules. */
const tampered = (texts: Readonly<Record<Language, Said>>): Explained => said(texts, askTexts);

const stuckTexts = {
  en: "Look at the lead in the dashboard, or with `leadledger runs show`, and ask its destinations whether they have it. Deliver it again where it is missing. Then find out who changed the tables.",
  de: "Sehen Sie sich den Lead in der Oberfläche oder mit `leadledger runs show` an, und fragen Sie bei seinen Zielen nach, ob sie ihn haben. Stellen Sie ihn erneut zu, wo er fehlt. Klären Sie dann, wer die Tabellen geändert hat.",
};

/** It may be that somebody does not get the lead. */
const stuck = (texts: Readonly<Record<Language, Said>>): Explained => said(texts, stuckTexts);

function said(
  { en, de }: Readonly<Record<Language, Said>>,
  todo: Readonly<Record<Language, string>>,
): Explained {
  return explained("doubtful", "operator", { en: [...en, todo.en], de: [...de, todo.de] });
}

const countAgain = {
  en: "`leadledger kpi rebuild` counts all days afresh and says which were wrong. If it happens again, please report it.",
  de: "`leadledger kpi rebuild` zählt alle Tage neu und nennt die falschen. Kommt es wieder vor, melden Sie es bitte.",
};

const figures = ({ en, de }: Readonly<Record<Language, Said>>): Explained =>
  explained("unaffected", "operator", { en: [...en, countAgain.en], de: [...de, countAgain.de] });

export const ledgerFindingTexts = {
  story_without_beginning: tampered({
    en: [
      "A lead's story has no beginning",
      "Every story begins with the receipt of the lead, its refusal, or its being entered by hand. This one begins with something else, or nothing is told at all: log entries are missing.",
    ],
    de: [
      "Der Geschichte eines Leads fehlt der Anfang",
      "Jede Geschichte beginnt damit, dass der Lead einging, abgelehnt oder von Hand eingetragen wurde. Diese beginnt mit etwas anderem oder ist leer: Es fehlen Protokolleinträge.",
    ],
  }),
  story_begins_twice: tampered({
    en: [
      "A lead's story begins twice",
      "A lead is received once; what comes again is noted as a repeat. Here the log tells of a second beginning.",
    ],
    de: [
      "Die Geschichte eines Leads beginnt zweimal",
      "Ein Lead geht einmal ein; was noch einmal kommt, wird als Wiederholung vermerkt. Hier steht ein zweiter Anfang im Protokoll.",
    ],
  }),
  story_begins_too_early: tampered({
    en: [
      "A lead's story begins before the lead came",
      "The first log entry is older than the time at which the lead was received. One of the two was changed afterwards.",
    ],
    de: [
      "Die Geschichte eines Leads beginnt vor seinem Eingang",
      "Der erste Protokolleintrag ist älter als die Zeit, zu der der Lead einging. Eines von beiden wurde nachträglich geändert.",
    ],
  }),
  story_out_of_order: tampered({
    en: [
      "Two log entries of a lead have the same time",
      "Times within a story are unique and in true order. Where they are not, nobody can say what came first.",
    ],
    de: [
      "Zwei Protokolleinträge eines Leads haben dieselbe Zeit",
      "Innerhalb einer Geschichte ist jede Zeit einmalig und die Reihenfolge richtig. Sonst kann niemand sagen, was zuerst geschah.",
    ],
  }),
  story_impossible: tampered({
    en: [
      "A lead's story has a step that cannot have happened",
      "By the rules of the ledger the step that is named cannot follow on what is told before it. Log entries are missing, were added, or have changed places.",
    ],
    de: [
      "Die Geschichte eines Leads enthält einen unmöglichen Schritt",
      "Nach den Regeln des Eingangsbuchs kann der genannte Schritt nicht auf das folgen, was vorher steht. Es fehlen Protokolleinträge, es kamen welche hinzu, oder sie sind vertauscht.",
    ],
  }),
  entry_without_attempt: tampered({
    en: [
      "A lead needs attention, but no failed attempt is told",
      "A delivery comes to what needs attention after an attempt has failed. That attempt is missing from the log.",
    ],
    de: [
      "Ein Klärfall entstand, ohne dass ein Fehlversuch vermerkt ist",
      "Eine Zustellung wird zum Klärfall, nachdem ein Versuch fehlgeschlagen ist. Dieser Versuch fehlt im Protokoll.",
    ],
  }),
  delivered_without_attempt: stuck({
    en: [
      "A lead is called delivered, but no delivery is told",
      "The log says that the lead was delivered, and names no attempt that succeeded. Log entries are missing, or it was never sent.",
    ],
    de: [
      "Ein Lead gilt als zugestellt, aber keine Zustellung ist vermerkt",
      "Laut Protokoll ist der Lead zugestellt, doch kein gelungener Versuch steht darin. Es fehlen Protokolleinträge, oder er wurde nie gesendet.",
    ],
  }),
  failed_before_cause: tampered({
    en: [
      "A lead failed before anything made it fail",
      "In a story the cause comes before the effect: first the entry that needs attention, then the lead's failure. Here it is the other way round, or the cause is missing.",
    ],
    de: [
      "Ein Lead ist gescheitert, bevor es einen Grund dafür gab",
      "In einer Geschichte kommt die Ursache vor der Wirkung: erst der Klärfall, dann das Scheitern des Leads. Hier ist es umgekehrt, oder die Ursache fehlt.",
    ],
  }),
  story_ends_otherwise: stuck({
    en: [
      "A lead is not in the state that its story ends in",
      "The log and the table of leads contradict each other. The state was changed past the rules, or log entries are missing.",
    ],
    de: [
      "Ein Lead hat einen anderen Stand, als seine Geschichte ergibt",
      "Protokoll und Lead widersprechen sich. Der Stand wurde an den Regeln vorbei geändert, oder es fehlen Protokolleinträge.",
    ],
  }),
  entry_differs_from_story: tampered({
    en: [
      "What needs attention is not as the log tells it",
      "An entry has another state or another number of attempts than its story tells, or one of the two is missing.",
    ],
    de: [
      "Ein Klärfall ist nicht so, wie das Protokoll ihn erzählt",
      "Ein Klärfall hat einen anderen Stand oder eine andere Zahl von Versuchen, als seine Geschichte ergibt, oder eines von beiden fehlt.",
    ],
  }),
  receipt_differs_from_story: tampered({
    en: [
      "What a destination said of its record is not as the log tells it",
      "The number, the address or the marks that stand on the lead differ from what its deliveries tell, or one of the two is missing.",
    ],
    de: [
      "Was ein Ziel zu seinem Datensatz gesagt hat, steht anders im Protokoll",
      "Nummer, Adresse oder Kennzeichen am Lead stimmen nicht mit dem überein, was zu seinen Zustellungen vermerkt ist, oder eines von beiden fehlt.",
    ],
  }),
  run_missing: explained("accepted_perhaps_gone", "operator", {
    en: [
      "A lead is missing",
      "There are rows of a lead that is not there any more. Leads never leave the ledger by themselves: it was deleted past the rules.",
      "Take it from a backup. Until then keep the database as it is; the log entries of the lead may still hold what was sent.",
    ],
    de: [
      "Ein Lead fehlt",
      "Es gibt Zeilen zu einem Lead, der nicht mehr da ist. Von selbst verlässt kein Lead das Eingangsbuch: Er wurde an den Regeln vorbei gelöscht.",
      "Holen Sie ihn aus einer Sicherung. Lassen Sie die Datenbank bis dahin, wie sie ist; in den Protokolleinträgen steht vielleicht noch, was gesendet wurde.",
    ],
  }),
  run_without_work: stuck({
    en: [
      "A lead waits for a delivery that nobody will make",
      "The lead is being delivered, but no delivery is under way and nothing needs attention. It would wait for ever.",
    ],
    de: [
      "Ein Lead wartet auf eine Zustellung, die niemand vornimmt",
      "Der Lead ist in Zustellung, aber es gibt weder eine laufende Zustellung noch einen Klärfall. Er würde ewig warten.",
    ],
  }),
  run_not_failed: stuck({
    en: [
      "A lead needs attention, but counts as being delivered",
      "An entry holds the lead up, and the lead does not show it. The figures count it as under way.",
    ],
    de: [
      "Ein Lead braucht Klärung, gilt aber als in Zustellung",
      "Ein Klärfall hält den Lead auf, am Lead selbst ist das nicht zu sehen. In den Zahlen gilt er als unterwegs.",
    ],
  }),
  outcome_missing: tampered({
    en: [
      "A finished lead does not say how it ended",
      "Whether it was delivered, resolved by hand, or had no destination stands with every finished lead. Here it is missing.",
    ],
    de: [
      "Bei einem erledigten Lead fehlt, wie er endete",
      "Ob er zugestellt, von Hand erledigt oder ohne Ziel war, steht bei jedem erledigten Lead. Hier fehlt es.",
    ],
  }),
  outcome_wrong: stuck({
    en: [
      "A lead is called delivered, although a person resolved a part of it",
      "What a person resolved was not delivered, and must not count as delivered.",
    ],
    de: [
      "Ein Lead gilt als zugestellt, obwohl jemand einen Teil von Hand erledigt hat",
      "Was jemand von Hand erledigt hat, wurde nicht zugestellt und darf nicht als zugestellt zählen.",
    ],
  }),
  failed_without_cause: stuck({
    en: [
      "A lead has failed, and nothing says why",
      "A lead fails through an entry that needs attention or a refused payload. There is neither, so nobody is told to look after it.",
    ],
    de: [
      "Ein Lead ist gescheitert, und nichts sagt, warum",
      "Ein Lead scheitert durch einen Klärfall oder durch unlesbare Daten. Es gibt beides nicht, also kümmert sich auch niemand darum.",
    ],
  }),
  failed_for_another_reason: tampered({
    en: [
      "A failed lead names another reason than its entry",
      "The lead shows the reason of the oldest entry that holds it up. The two differ.",
    ],
    de: [
      "Ein gescheiterter Lead nennt einen anderen Grund als sein Klärfall",
      "Der Lead zeigt den Grund des ältesten Klärfalls, der ihn aufhält. Die beiden weichen voneinander ab.",
    ],
  }),
  refusal_not_kept: stuck({
    en: [
      "What was refused is not kept",
      "Data that could not be read are kept as an entry that needs attention, and the lead is failed until they are corrected. Here one of the two is missing.",
    ],
    de: [
      "Abgelehnte Daten sind nicht aufbewahrt",
      "Unlesbare Daten liegen bei den Klärfällen, und der Lead ist gescheitert, bis sie berichtigt sind. Hier fehlt eines von beiden.",
    ],
  }),
  delivery_left_over: tampered({
    en: [
      "A finished lead still has a delivery under way",
      "The lead is finished, but would be sent once more, which nobody has asked for.",
    ],
    de: [
      "Ein erledigter Lead hat noch eine laufende Zustellung",
      "Der Lead ist erledigt, würde aber noch einmal gesendet, ohne dass jemand das verlangt hat.",
    ],
  }),
  delivery_forgotten: tampered({
    en: [
      "A delivery waits for data that nobody fetches",
      "The lead came as an id, and its delivery is held until its data are there. That they are to be fetched is not noted anywhere, so it would wait for ever.",
    ],
    de: [
      "Eine Zustellung wartet auf Daten, die niemand abholt",
      "Der Lead kam nur als Kennung, und seine Zustellung wird zurückgehalten, bis seine Daten da sind. Dass sie abzuholen sind, steht aber nirgends; sie würde ewig warten.",
    ],
  }),
  delivery_in_two_places: tampered({
    en: [
      "A delivery is under way and needs attention at the same time",
      "A delivery is in one place only. In two it would be sent twice.",
    ],
    de: [
      "Eine Zustellung läuft und ist zugleich ein Klärfall",
      "Eine Zustellung steht nur an einer Stelle. An zweien würde sie doppelt gesendet.",
    ],
  }),
  delivery_lease_broken: stuck({
    en: [
      "A delivery is taken, but no attempt was begun",
      "A node that takes a delivery begins an attempt in the same moment. This one says that somebody has it, and nobody does.",
    ],
    de: [
      "Eine Zustellung ist vergeben, aber kein Versuch hat begonnen",
      "Ein Knoten, der eine Zustellung übernimmt, beginnt im selben Moment einen Versuch. Hier heißt es, jemand habe sie, und niemand hat sie.",
    ],
  }),
  entries_at_work_twice: tampered({
    en: [
      "A lead has two open entries for one destination",
      "There is at most one at work for a lead and a destination. With two, the lead would be sent twice.",
    ],
    de: [
      "Ein Lead hat zwei offene Klärfälle für dasselbe Ziel",
      "Für einen Lead und ein Ziel gibt es höchstens einen. Bei zweien würde der Lead doppelt gesendet.",
    ],
  }),
  entry_left_open: stuck({
    en: [
      "A finished lead still needs attention",
      "The lead is finished although an entry of its deliveries is not resolved: somebody may not have got it.",
    ],
    de: [
      "Ein erledigter Lead braucht noch Klärung",
      "Der Lead ist erledigt, obwohl ein Klärfall seiner Zustellungen offen oder aufgegeben ist: Vielleicht hat ihn jemand nicht bekommen.",
    ],
  }),
  entry_reopened_early: tampered({
    en: [
      "An entry was opened again although it is not closed",
      "Only what is closed is tried again by a new entry. Here both are at work.",
    ],
    de: [
      "Ein Klärfall wurde neu eröffnet, obwohl er nicht geschlossen ist",
      "Nur was geschlossen ist, wird durch einen neuen Klärfall noch einmal versucht. Hier sind beide offen.",
    ],
  }),
  entry_lease_broken: stuck({
    en: [
      "An entry does not say properly who is attempting it",
      "An entry under attempt names a node and until when it may work; one that waits names none. This one could be left lying, or be sent by two.",
    ],
    de: [
      "Bei einem Klärfall stimmt nicht, wer ihn gerade versucht",
      "Ein Klärfall in Zustellung nennt einen Knoten und bis wann dieser ihn hat; einer, der wartet, nennt keinen. Dieser könnte liegen bleiben oder doppelt gesendet werden.",
    ],
  }),
  test_mark_differs: tampered({
    en: [
      "A lead and its entry differ in whether this is a test",
      "Test leads are not counted. Here one of the two counts and the other does not.",
    ],
    de: [
      "Lead und Klärfall sind sich nicht einig, ob das ein Test ist",
      "Testleads zählen nicht. Hier zählt eines von beiden und das andere nicht.",
    ],
  }),
  payload_digest_wrong: tampered({
    en: [
      "The content of a log entry was changed",
      "Each log entry has a digest of its content. The content does not give that digest any more, so it is not what was written then.",
    ],
    de: [
      "Der Inhalt eines Protokolleintrags wurde geändert",
      "Jeder Protokolleintrag trägt einen Prüfwert seines Inhalts. Der Inhalt ergibt ihn nicht mehr, ist also nicht der, der damals geschrieben wurde.",
    ],
  }),
  event_digest_wrong: tampered({
    en: [
      "A log entry was changed",
      "Each log entry has a digest over number, lead, time, type, actor and the digest of its content. One of these is not what was written then.",
    ],
    de: [
      "Ein Protokolleintrag wurde geändert",
      "Jeder Protokolleintrag trägt einen Prüfwert über Nummer, Lead, Zeit, Art, Akteur und den Prüfwert seines Inhalts. Etwas davon ist nicht mehr, was damals geschrieben wurde.",
    ],
  }),
  day_missing: figures({
    en: [
      "The figures of a day are missing",
      "There is a row for every day from the first lead on. This day has none, and nothing waits to be counted for it.",
    ],
    de: [
      "Die Zahlen eines Tages fehlen",
      "Für jeden Tag seit dem ersten Lead gibt es eine Zeile. Dieser Tag hat keine, und nichts wartet darauf, für ihn gezählt zu werden.",
    ],
  }),
  day_figures_wrong: figures({
    en: [
      "The figures of a day are wrong",
      "Counted afresh, the day has other figures than are noted: received, processed, failed, microseconds of processing, open entries, average.",
    ],
    de: [
      "Die Zahlen eines Tages sind falsch",
      "Neu gezählt hat der Tag andere Zahlen, als vermerkt sind: eingegangen, erledigt, gescheitert, Mikrosekunden der Bearbeitung, offene Klärfälle, Durchschnitt.",
    ],
  }),
  source_figures_wrong: figures({
    en: [
      "The figures of a source are wrong",
      "Counted afresh, the source has other figures on this day than are noted: received, processed, failed, without destination, resolved by hand, microseconds of processing, last receipt.",
    ],
    de: [
      "Die Zahlen einer Quelle sind falsch",
      "Neu gezählt hat die Quelle an diesem Tag andere Zahlen, als vermerkt sind: eingegangen, erledigt, gescheitert, ohne Ziel, von Hand erledigt, Mikrosekunden der Bearbeitung, letzter Eingang.",
    ],
  }),
  hour_figures_wrong: figures({
    en: [
      "The figures of an hour are wrong",
      "Counted afresh, a source or a destination has other figures in an hour of this day than are noted, or other durations of its leads: the detail names the hour (UTC), what it is about, what is noted and what was counted.",
    ],
    de: [
      "Die Zahlen einer Stunde sind falsch",
      "Neu gezählt hat eine Quelle oder ein Ziel in einer Stunde dieses Tages andere Zahlen, als vermerkt sind, oder die Leads brauchten anders lange: Die Einzelheiten nennen Stunde (UTC), Gegenstand, vermerkte und gezählte Zahl.",
    ],
  }),
  cause_counts_wrong: explained("unaffected", "operator", {
    en: [
      "The number of entries with one cause is wrong",
      "Counted afresh, there are more or fewer entries with this cause than are noted: all, at work, needing a decision. The overview shows the noted ones.",
      "As the owner of the database run `SELECT internal.dlq_recount_causes()`. If it happens again, please report it.",
    ],
    de: [
      "Die Zahl der Klärfälle mit einer Ursache ist falsch",
      "Neu gezählt gibt es mehr oder weniger Klärfälle mit dieser Ursache, als vermerkt sind: alle, offene, zu entscheidende. Die Übersicht zeigt die vermerkten.",
      "Führen Sie als Eigentümer der Datenbank `SELECT internal.dlq_recount_causes()` aus. Kommt es wieder vor, melden Sie es bitte.",
    ],
  }),
} as const satisfies Record<FindingCode, Explained>;
