// Errors of working on DLQ entries and operations, and of delivering leads once more.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";
import type { Answers, Responsible } from "./explained.ts";

function conflict(en: Answers, de: Answers, who: Responsible = "caller"): CatalogueEntry {
  return entry(409, "unchanged", who, { en, de });
}

export const dlqErrors = {
  entry_locked: conflict(
    [
      "Somebody is changing this at the moment",
      "Somebody else, or LeadLedger itself, is working on it in this very moment.",
      "Look at it again, and repeat what you wanted to do.",
    ],
    [
      "Daran ändert gerade jemand etwas",
      "Jemand anderes oder LeadLedger selbst arbeitet in diesem Augenblick daran.",
      "Sehen Sie es sich noch einmal an und wiederholen Sie, was Sie tun wollten.",
    ],
  ),
  lead_not_incomplete: conflict(
    [
      "This lead lacks no data",
      "It came whole, its data have been fetched meanwhile, or somebody had it delivered as it is.",
      "Look at the lead again: its story says what became of it.",
    ],
    [
      "Diesem Lead fehlen keine Daten",
      "Er kam vollständig, seine Daten sind inzwischen abgeholt, oder jemand hat ihn zustellen lassen, wie er ist.",
      "Sehen Sie sich den Lead noch einmal an: Sein Verlauf sagt, was aus ihm wurde.",
    ],
  ),
  entry_closed: conflict(
    [
      "This entry is closed",
      "It was settled or given up already. Resolved and dead are final.",
      "If it should be sent after all, deliver it again: that makes a new entry that names this one.",
    ],
    [
      "Dieser Klärfall ist abgeschlossen",
      "Er wurde schon erledigt oder aufgegeben, und das ist endgültig.",
      "Soll er doch gesendet werden, stellen Sie ihn erneut zu: Das legt einen neuen Klärfall an, der diesen nennt.",
    ],
  ),
  condition_not_met: conflict(
    [
      "The destination would not get this lead: its condition is not met",
      "The destination has a condition (`when`), and what is named here of it is not met by this lead. Nothing would be sent.",
      "If it should get the lead, change the condition of the destination, or the lead's data.",
    ],
    [
      "Das Ziel bekäme diesen Lead nicht: Seine Bedingung ist nicht erfüllt",
      "Das Ziel hat eine Bedingung (`when`), und der hier genannte Teil ist bei diesem Lead nicht erfüllt. Gesendet würde nichts.",
      "Soll es den Lead bekommen, ändern Sie die Bedingung des Ziels oder die Daten des Leads.",
    ],
  ),
  field_missing: conflict(
    [
      "The lead lacks a field that the destination must get",
      "The destination's `map` marks the field named here as required, and this lead gives nothing for it. Nothing would be sent.",
      "Add what is missing to the lead's data, or change the `map` of the destination.",
    ],
    [
      "Dem Lead fehlt ein Feld, das das Ziel bekommen muss",
      "Im `map` des Ziels ist das hier genannte Feld Pflicht, und dieser Lead gibt dafür nichts her. Gesendet würde nichts.",
      "Ergänzen Sie die Daten des Leads oder ändern Sie das `map` des Ziels.",
    ],
  ),
  expression_failed: conflict(
    [
      "The destination's expression gives nothing to send of this lead",
      "What this destination gets is said by an expression, and for this lead it ends as named here. Nothing would be sent.",
      "Correct the lead's data, or let an administrator change the expression of the destination.",
    ],
    [
      "Der Ausdruck des Ziels ergibt bei diesem Lead nichts zu senden",
      "Was dieses Ziel bekommt, sagt ein Ausdruck, und bei diesem Lead endet er so, wie hier steht. Gesendet würde nichts.",
      "Berichtigen Sie die Daten des Leads, oder lassen Sie einen Administrator den Ausdruck des Ziels ändern.",
    ],
  ),
  entry_being_tried: conflict(
    [
      "This entry is being tried at this moment",
      "LeadLedger is sending it just now.",
      "Wait for the outcome, it takes seconds.",
    ],
    [
      "Dieser Klärfall wird in diesem Augenblick versucht",
      "LeadLedger sendet ihn gerade.",
      "Warten Sie das Ergebnis ab, es dauert Sekunden.",
    ],
  ),
  entry_refused: conflict(
    [
      "Its payload was refused, so there is nothing to deliver",
      "The data could not be read or lack something, so they are no lead yet.",
      "Edit it, or let the sender send a corrected one under the same key: either makes it a lead and resolves this entry. Or discard it by resolving it.",
    ],
    [
      "Seine Daten wurden abgelehnt, es gibt nichts zuzustellen",
      "Die Daten waren unlesbar, oder es fehlt ihnen etwas; sie sind deshalb noch kein Lead.",
      "Bearbeiten Sie ihn, oder lassen Sie den Absender berichtigte Daten unter derselben Kennung schicken: Beides macht daraus einen Lead und erledigt diesen Klärfall. Oder verwerfen Sie ihn, indem Sie ihn erledigen.",
    ],
  ),
  entry_conflicting: conflict(
    [
      "It is a second payload under a key that was used already",
      "The first lead stands, so this one can neither be edited nor delivered again.",
      "If it is a lead of its own, take it in as one; if it is the lead's newest state, deliver it as a change.",
    ],
    [
      "Er ist ein zweiter Inhalt unter einer schon benutzten Kennung",
      "Der erste Lead gilt, deshalb lässt sich dieser weder bearbeiten noch erneut zustellen.",
      "Ist es ein eigener Lead, nehmen Sie ihn als solchen an; ist es der neuere Stand des Leads, stellen Sie ihn als Änderung zu.",
    ],
  ),
  entry_not_conflicting: conflict(
    [
      "It holds no second payload under a used key",
      "Only data that came under the key of another lead can be taken in as a lead of their own or delivered as a change.",
      "Deliver the entry again, edit it or settle it, whichever is meant.",
    ],
    [
      "Er enthält keinen zweiten Inhalt unter einer schon benutzten Kennung",
      "Nur Daten, die unter der Kennung eines anderen Leads kamen, lassen sich als eigener Lead annehmen oder als Änderung zustellen.",
      "Stellen Sie den Klärfall erneut zu, bearbeiten oder erledigen Sie ihn, je nachdem, was gemeint ist.",
    ],
  ),
  conflict_unreadable: conflict(
    [
      "What came cannot become a lead",
      "It could not be read, or it does not fit the rules of its source. It is kept as it came.",
      "Let the sender send it again in a readable form under a new key, or settle this entry.",
    ],
    [
      "Was kam, kann kein Lead werden",
      "Es war nicht lesbar oder passt nicht zu den Regeln seiner Quelle. Aufbewahrt ist es, wie es kam.",
      "Lassen Sie es lesbar und unter einer neuen Kennung noch einmal schicken, oder erledigen Sie diesen Klärfall.",
    ],
  ),
  entry_without_destination: conflict(
    [
      "It was entered without a lead or a destination, so there is nothing to send",
      "Somebody made this entry by hand, as a reminder for example.",
      "Settle it by resolving it.",
    ],
    [
      "Er wurde ohne Lead oder Ziel eingetragen, es gibt also nichts zu senden",
      "Jemand hat diesen Klärfall von Hand angelegt, zum Beispiel als Merkzettel.",
      "Erledigen Sie ihn von Hand.",
    ],
  ),
  entry_without_body: conflict(
    [
      "The lead of this entry has no data that could be sent",
      "The lead was made by hand, with SQL, and consists of a number only.",
      "Settle the entry by resolving it.",
    ],
    [
      "Der Lead dieses Klärfalls hat keine Daten, die man senden könnte",
      "Der Lead wurde von Hand angelegt, mit SQL, und besteht nur aus einer Nummer.",
      "Erledigen Sie den Klärfall von Hand.",
    ],
  ),
  entry_reopened_already: conflict(
    [
      "This entry was tried again already",
      "Somebody has had it delivered again before. Twice would be once too often.",
      "`dlq_id` names the entry that tries it again: work on that one.",
    ],
    [
      "Dieser Klärfall wurde schon erneut versucht",
      "Jemand hat ihn schon erneut zustellen lassen. Zweimal wäre einmal zu viel.",
      "`dlq_id` nennt den Klärfall, der ihn erneut versucht: Arbeiten Sie an diesem.",
    ],
  ),
  another_entry_open: conflict(
    [
      "Another entry of this lead and destination is open already",
      "The same lead waits for the same destination a second time. If both were sent, the destination would have it twice.",
      "That other entry is tried: work on it instead.",
    ],
    [
      "Zu diesem Lead und Ziel ist schon ein anderer Klärfall offen",
      "Derselbe Lead wartet ein zweites Mal auf dasselbe Ziel. Würde beides gesendet, hätte das Ziel ihn doppelt.",
      "Der andere Klärfall wird versucht: Arbeiten Sie an diesem.",
    ],
  ),
  delivery_under_way: conflict(
    [
      "This lead is on its way to this destination already",
      "LeadLedger is delivering it at this moment.",
      "Wait for the outcome; if it fails, it becomes an entry by itself.",
    ],
    [
      "Dieser Lead ist schon auf dem Weg zu diesem Ziel",
      "LeadLedger stellt ihn gerade zu.",
      "Warten Sie das Ergebnis ab; scheitert es, wird von selbst ein Klärfall daraus.",
    ],
    "nobody",
  ),
  entry_given_up: conflict(
    [
      "An entry of this lead for this destination was given up, and keeps it failed",
      "Sending the lead once more would not change that: the entry that was given up counts.",
      "Deliver that entry again: when it arrives, the lead is processed.",
    ],
    [
      "Ein Klärfall dieses Leads zu diesem Ziel wurde aufgegeben und hält ihn auf „gescheitert“",
      "Den Lead noch einmal zu senden, würde daran nichts ändern: Es zählt der aufgegebene Klärfall.",
      "Stellen Sie diesen Klärfall erneut zu: Kommt er an, ist der Lead zugestellt.",
    ],
  ),
  nothing_held: conflict(
    [
      "Nothing of this lead waits for a decision",
      "None of its deliveries is held because of an earlier lead of the same person. Perhaps somebody released or withdrew them already.",
      "Look at the lead: its history says what became of it.",
    ],
    [
      "Von diesem Lead wartet nichts auf eine Entscheidung",
      "Keine seiner Zustellungen wird wegen eines früheren Leads derselben Person zurückgehalten. Vielleicht hat sie schon jemand freigegeben oder zurückgezogen.",
      "Sehen Sie sich den Lead an: In seinem Verlauf steht, was daraus wurde.",
    ],
  ),
  delivery_withdrawn: conflict(
    [
      "Somebody withdrew this delivery",
      "It was held, because an earlier lead is of the same person, and somebody decided that it is not wanted.",
      "If it should be sent after all, deliver the entry again.",
    ],
    [
      "Diese Zustellung wurde zurückgezogen",
      "Sie wurde zurückgehalten, weil ein früherer Lead von derselben Person ist, und jemand entschied, dass sie nicht gewünscht ist.",
      "Soll sie doch gesendet werden, stellen Sie den Klärfall erneut zu.",
    ],
  ),
  lead_of_other_client: conflict(
    [
      "The lead and the destination are different clients'",
      "A lead goes to destinations of its own client alone; nothing was sent.",
      "Choose a destination of the client whose source the lead came through.",
    ],
    [
      "Dieser Lead gehört einem anderen Kunden als das Ziel",
      "Ein Lead geht nur an Ziele seines eigenen Kunden; gesendet wurde nichts.",
      "Wählen Sie ein Ziel des Kunden, über dessen Quelle der Lead kam.",
    ],
  ),
  destination_removed: entry(409, "unchanged_and_waits", "operator", {
    en: [
      "There is no such destination (any more)",
      "The destination was taken out of the configuration, so LeadLedger does not know where to send the lead. What was waiting for it needs attention.",
      "Put it back into the configuration, or settle what waits for it by hand.",
    ],
    de: [
      "Dieses Ziel gibt es nicht (mehr)",
      "Das Ziel wurde aus der Konfiguration genommen; LeadLedger weiß deshalb nicht, wohin es den Lead senden soll. Was darauf wartete, liegt bei den Klärfällen.",
      "Nehmen Sie es wieder in die Konfiguration auf, oder erledigen Sie von Hand, was darauf wartet.",
    ],
  }),
  destination_is_external: conflict(
    [
      "This destination is external: LeadLedger sends nothing there",
      "A program of your own fetches what is meant for this destination.",
      "Your own program takes entries up, with SQL. Look whether it runs.",
    ],
    [
      "Dieses Ziel ist extern: LeadLedger sendet dorthin nichts",
      "Ein eigenes Programm holt ab, was für dieses Ziel bestimmt ist.",
      "Ihr eigenes Programm nimmt Klärfälle auf, mit SQL. Sehen Sie nach, ob es läuft.",
    ],
    "operator",
  ),
  source_removed: conflict(
    [
      "The source of this payload is not configured any more",
      "Nobody knows where the lead should go, because that is set for its source.",
      "Put the source back, or resolve the entry.",
    ],
    [
      "Die Quelle dieser Daten ist nicht mehr eingerichtet",
      "Niemand weiß, wohin der Lead gehen soll, denn das ist bei seiner Quelle festgelegt.",
      "Richten Sie die Quelle wieder ein, oder erledigen Sie den Klärfall.",
    ],
    "operator",
  ),
  run_refused: conflict(
    [
      "The payload of this lead was refused and has not been corrected",
      "There is nothing to deliver: the data could not be read or lack something.",
      "Edit its entry, or let the sender send a corrected one.",
    ],
    [
      "Die Daten dieses Leads wurden abgelehnt und nicht berichtigt",
      "Es gibt nichts zuzustellen: Die Daten waren unlesbar, oder es fehlt ihnen etwas.",
      "Bearbeiten Sie seinen Klärfall, oder lassen Sie den Absender berichtigte Daten schicken.",
    ],
  ),
  entry_changed: entry(412, "unchanged", "caller", {
    en: [
      "Somebody has changed this entry since you looked at it",
      "What you decided might not fit any more, so LeadLedger did not do it.",
      "Look at it again; its ETag is the new one.",
    ],
    de: [
      "Jemand hat diesen Klärfall geändert, seit Sie ihn angesehen haben",
      "Was Sie entschieden haben, passt vielleicht nicht mehr; LeadLedger hat es deshalb nicht getan.",
      "Sehen Sie ihn noch einmal an; sein ETag ist der neue.",
    ],
  }),
  edit_invalid: entry(422, "unchanged", "caller", {
    en: [
      "This body cannot be a lead of its source",
      "The corrected data still lack something, or cannot be read.",
      "`reason` names the place and the rule: the body must be a JSON object, and satisfy the source's schema.",
    ],
    de: [
      "Diese Daten können kein Lead ihrer Quelle sein",
      "Den berichtigten Daten fehlt noch etwas, oder sie sind unlesbar.",
      "`reason` nennt Stelle und Regel: Es muss ein JSON-Objekt sein und das Schema der Quelle erfüllen.",
    ],
  }),
  not_allowed: conflict(
    [
      "The ledger does not allow this change in this state",
      "The database guards the rules of the book: a lead that was delivered stays delivered, for example.",
      "`reason` names the rule.",
    ],
    [
      "Das Buch lässt diese Änderung in diesem Zustand nicht zu",
      "Die Datenbank wacht über die Regeln des Buchs: Ein zugestellter Lead bleibt zum Beispiel zugestellt.",
      "`reason` nennt die Regel.",
    ],
  ),
  operation_unknown: entry(404, "unaffected", "caller", {
    en: [
      "There is no such operation",
      "No job for many leads or entries has this number.",
      "GET /api/v1/operations lists them.",
    ],
    de: [
      "Diese Sammelaktion gibt es nicht",
      "Keine Sammelaktion hat diese Nummer.",
      "GET /api/v1/operations zeigt sie.",
    ],
  }),
  operation_not_possible: conflict(
    [
      "This operation cannot be paused, resumed or cancelled in its state",
      "It has ended already, or is just in the state that you wanted. Done, cancelled and failed are final.",
      "`reason` names the state. If you need it once more, order a new one.",
    ],
    [
      "Diese Sammelaktion lässt sich in ihrem Zustand nicht anhalten, fortsetzen oder abbrechen",
      "Sie ist schon zu Ende oder bereits in dem Zustand, den Sie wollten. Fertig, abgebrochen und gescheitert sind endgültig.",
      "`reason` nennt den Zustand. Brauchen Sie sie noch einmal, geben Sie eine neue in Auftrag.",
    ],
  ),
} as const satisfies Record<string, CatalogueEntry>;
